# Sourced by the Makefile's recipes and by the other scripts: where the tools live, and which Rust builds for wasm32.
# Keeps no state of its own; everything is read off the machine each time.

root=$(git rev-parse --show-toplevel 2>/dev/null || pwd)

# Tools are built once per machine, outside the checkout, so that a fresh clone finds them.
tools_dir=${MEMBER_PAGE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/member-page}
npm_dir=$root/tests/e2e

# Rust as installed by rustup first; `node_modules/.bin` brings wasm-opt (npm's binaryen).
export PATH="$tools_dir/bin:$npm_dir/node_modules/.bin:$HOME/.cargo/bin:$PATH"

has_wasm_std() { # RUSTC: does this compiler have a wasm32 standard library?
  local lib
  lib=$("$1" --print target-libdir --target wasm32-unknown-unknown 2>/dev/null) || return 1
  compgen -G "$lib/libstd[-.]*" >/dev/null
}

# Which compiler builds the page: the usual one where it knows wasm32, else Debian's, which sits beside it.
debian_rustc=/usr/bin/rustc
wasm_path() {
  if has_wasm_std rustc; then
    printf '%s' "$PATH"
  elif [ -x "$debian_rustc" ] && has_wasm_std "$debian_rustc"; then
    printf '%s' "$(dirname "$debian_rustc"):$PATH"
  else
    echo "No Rust compiler with the wasm32-unknown-unknown standard library: run 'make setup'." >&2
    return 1
  fi
}
