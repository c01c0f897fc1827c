# Sourced by the Makefile's recipes and by the other scripts: where the tools live, and which Rust builds for wasm32.
# Keeps no state of its own; everything is read off the machine each time.

# make's jobs are not cargo's: of a make that runs two at once, cargo would look for a job server that recipes do not get.
unset MAKEFLAGS MFLAGS

root=$(git rev-parse --show-toplevel 2>/dev/null || pwd)

may_write() { # DIRECTORY: whether files can be made there; it is made if it can be
  mkdir -p "$1" 2>/dev/null && [ -w "$1" ]
}

# Tools are built once per machine, outside the checkout, so that a fresh clone finds them. Where the home cannot be written,
# what is missing there is kept in the checkout.
shared_tools=${MEMBER_PAGE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/member-page}
tools_dir=$shared_tools
may_write "$tools_dir" || tools_dir=$root/target/tools
if ! may_write "${CARGO_HOME:-$HOME/.cargo}"; then
  export CARGO_HOME=$root/target/cargo-home
  mkdir -p "$CARGO_HOME"
fi
may_write "${npm_config_cache:-$HOME/.npm}" || export npm_config_cache=$tools_dir/npm-cache
npm_dir=$root/tests/e2e

# This project's tools first, whatever versions else are on PATH; then Rust as installed by rustup. `node_modules/.bin` brings
# esbuild.
export PATH="$tools_dir/bin:$shared_tools/bin:$npm_dir/node_modules/.bin:$HOME/.cargo/bin:$PATH"

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

# Where the compiler's own library is there as source, the page gets one of its own, built for size, in which a panic ends the
# page without saying where: a tenth of the wasm is such sayings. These are unstable settings, hence RUSTC_BOOTSTRAP: they are
# used with the compilers that they were tried with, and only for what members load. Any other compiler builds the page with the
# library as it comes, and in one file: to split it by the names of its functions (tools/page/split.mjs), functions of the same code
# must not have been merged. MEMBER_PAGE_STD=plain does so with every compiler.
tried_compilers='1.95.0'
is_tried() {
  [[ " $tried_compilers " == *" $(PATH=$(wasm_path) rustc --version | cut -d ' ' -f 2) "* ]]
}
std_source() {
  [ "${MEMBER_PAGE_STD:-size}" = size ] && is_tried && compgen -G "$(PATH=$(wasm_path) rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock"
}

release_env() { # assignments for `env`, with PATH for wasm builds
  local flags=-Csymbol-mangling-version=v0
  printf 'PATH=%s\n' "$(wasm_path)"
  if std_source >/dev/null; then
    printf '%s\n' RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
    flags+=' -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none -Zmerge-functions=disabled'
  fi
  printf 'RUSTFLAGS=%s\n' "$flags"
}

# COMMAND: with which members' wasm is built.
for_release() {
  local settings
  std_source >/dev/null || printf '[build] %s: the page is built with the standard library as it comes, a tenth heavier and in one file\n' \
    "$(PATH=$(wasm_path) rustc --version)" >&2
  mapfile -t settings < <(release_env)
  env "${settings[@]}" "$@"
}
