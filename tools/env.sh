# Sourced by the Makefile's recipes and by the other scripts. Finds the tools, and the Rust compiler for
# wasm32. Keeps no state; it inspects the machine each time.

# cargo must not inherit make's jobs: under `make --jobs` it would look for a job server that recipes lack.
unset MAKEFLAGS MFLAGS

root=$(git rev-parse --show-toplevel 2>/dev/null || pwd)

may_write() { # DIRECTORY: creates it if possible; succeeds if it is writable
  mkdir -p "$1" 2>/dev/null && [ -w "$1" ]
}

# Tools are built once per machine, outside the checkout, so that a fresh clone finds them. If the home
# directory is not writable, missing tools are kept in the checkout.
shared_tools=${MEMBER_PAGE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/member-page}
tools_dir=$shared_tools
may_write "$tools_dir" || tools_dir=$root/target/tools
if ! may_write "${CARGO_HOME:-$HOME/.cargo}"; then
  export CARGO_HOME=$root/target/cargo-home
  mkdir -p "$CARGO_HOME"
fi
may_write "${npm_config_cache:-$HOME/.npm}" || export npm_config_cache=$tools_dir/npm-cache
npm_dir=$root/tests/e2e

# This project's tools come first, whatever other versions are on PATH, then rustup's Rust.
# `node_modules/.bin` provides esbuild.
export PATH="$tools_dir/bin:$shared_tools/bin:$npm_dir/node_modules/.bin:$HOME/.cargo/bin:$PATH"

has_wasm_std() { # RUSTC: does this compiler have a wasm32 standard library?
  local lib
  lib=$("$1" --print target-libdir --target wasm32-unknown-unknown 2>/dev/null) || return 1
  compgen -G "$lib/libstd[-.]*" >/dev/null
}

# The compiler for the page: the default one if it supports wasm32, otherwise Debian's, which is installed
# beside it.
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

# If the source of the standard library is installed, the page gets its own build of the library, for size. A
# panic then ends the page without a message; such messages are a tenth of the wasm. This needs unstable
# settings, hence RUSTC_BOOTSTRAP. They are used only with tested compilers, and only for the members' page.
# With any other compiler, or with MEMBER_PAGE_STD=plain, the page has the library as shipped, in one file:
# the split by function names (tools/page/split.mjs) needs a build in which identical functions are not
# merged.
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

# Runs COMMAND with the settings for the members' wasm.
for_release() {
  local settings
  std_source >/dev/null || printf '[build] %s: the page is built with the standard library as it comes, a tenth heavier and in one file\n' \
    "$(PATH=$(wasm_path) rustc --version)" >&2
  mapfile -t settings < <(release_env)
  env "${settings[@]}" "$@"
}
