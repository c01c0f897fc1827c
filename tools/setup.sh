#!/usr/bin/env bash
# Installs what building and testing need, by package name. Every step is skipped where its result is already there.
#   tools/setup.sh build   what `make build` and `make run` need
#   tools/setup.sh test    the same and what `make test` needs (a browser, fonts)
#   tools/setup.sh bench   the same and the peers that `make bench` measures the page against
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

what=${1:-test}
trunk_version=0.21.14

say() { printf '\033[1m[setup]\033[0m %s\n' "$*"; }
fail() { printf '[setup] %s\n' "$*" >&2; exit 1; }

require() { # COMMAND, how to get it
  command -v "$1" >/dev/null 2>&1 || fail "'$1' is missing: $2"
}

require cargo "install stable Rust with rustup (rustup.rs), then run this again."
require node "install Node.js 20 or newer."
require npm "install npm (it comes with Node.js)."
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' \
  || fail "Node.js $(node --version) is too old: version 20 or newer is needed."

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else fail "installing Debian packages needs root and there is no sudo. Run as root: $*"
  fi
}

apt_install() { # PACKAGE...: installs those that are not there yet
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true) == *'ok installed'* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null 2>&1 \
    || fail "these Debian packages are missing and there is no apt-get: ${missing[*]}. Install their equivalents."
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# A C compiler links Rust programs and builds the embedded SQLite.
command -v cc >/dev/null 2>&1 || apt_install build-essential

# --- wasm32 standard library -------------------------------------------------------------------------------------
install_wasm_std_from_debian() {
  apt_install rustc-web cargo-web rust-web-src libstd-rust-web-dev lld-22
  local source sysroot host target_dir libdir bindir linker
  source=$(dpkg -L rust-web-src | sed -n '\|^/usr/src/[^/]*/library/sysroot/Cargo.toml$|p')
  [ -n "$source" ] || fail "Debian's rust-web-src has no library/sysroot/Cargo.toml: its layout has changed, see tools/setup.sh."
  sysroot=$("$debian_rustc" --print sysroot)
  libdir=$("$debian_rustc" --print target-libdir --target wasm32-unknown-unknown)
  host=$("$debian_rustc" -vV | sed -n 's/^host: //p')
  bindir=$sysroot/lib/rustlib/$host/bin
  linker=$(command -v lld-22 || echo /usr/lib/llvm-22/bin/lld)
  as_root mkdir -p "$bindir" "$libdir"
  as_root ln -sf "$linker" "$bindir/rust-lld"
  say "building the wasm32 standard library from Debian's Rust source (about a minute)"
  # The directory must be fresh: rlibs of an earlier build in it would clash (E0464).
  target_dir=$(mktemp -d)
  PATH="$(dirname "$debian_rustc"):$PATH" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$target_dir \
    RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
    cargo build --release --quiet --manifest-path "$source" --target wasm32-unknown-unknown
  as_root sh -c "cp '$target_dir'/wasm32-unknown-unknown/release/deps/*.rlib '$libdir'/"
  rm -rf "$target_dir"
}

if ! wasm_path >/dev/null 2>&1; then
  if command -v rustup >/dev/null 2>&1; then
    say "adding the wasm32-unknown-unknown target with rustup"
    timeout 300 rustup target add wasm32-unknown-unknown >/dev/null 2>&1 \
      || say "rustup could not fetch it; falling back to Debian's packages"
  fi
  wasm_path >/dev/null 2>&1 || install_wasm_std_from_debian
  wasm_path >/dev/null || fail "the wasm32 standard library is still missing after installing it."
fi

# --- the standard library as source, for one that is built for size ---------------------------------------------------
# Optional: without it the page is a tenth heavier and otherwise the same.
if [ "${MEMBER_PAGE_STD:-size}" = size ]; then
  if ! std_source >/dev/null && command -v rustup >/dev/null 2>&1; then
    say "adding the standard library's source with rustup"
    timeout 300 rustup component add rust-src >/dev/null 2>&1 || say "rustup could not fetch it: the wasm will be a tenth larger"
  fi
  if source=$(std_source); then
    # The page is built offline; what the library depends on has to be here by then.
    PATH=$(wasm_path) RUSTC_BOOTSTRAP=1 cargo fetch --quiet --locked --manifest-path "$(dirname "$source")/sysroot/Cargo.toml" \
      || fail "what the standard library's source depends on could not be fetched. MEMBER_PAGE_STD=plain builds without it."
  fi
fi

# --- wasm-split: the page's wasm comes in two parts --------------------------------------------------------------------
command -v wasm-split >/dev/null 2>&1 || apt_install binaryen

# --- npm: wasm-opt, Playwright, QR decoders; the peers of the bench -----------------------------------------------
npm_install() { # DIRECTORY, what for
  cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json" && return
  say "installing npm packages for $2"
  # Playwright drives Debian's Chromium; it must not try to download a browser of its own.
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --loglevel=error --no-audit --no-fund)
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}
npm_install "$npm_dir" "the build and the end-to-end tests"
[ "$what" != bench ] || npm_install "$root/tests/bench" "what the page is measured against"

# --- trunk and wasm-bindgen ------------------------------------------------------------------------------------------
# A build tool needs no link-time optimisation: these overrides cut trunk's build from a quarter of an hour to minutes.
cargo_install() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --quiet --root "$tools_dir" "$@"
}

if [ "$(trunk --version 2>/dev/null)" != "trunk $trunk_version" ]; then
  say "building trunk $trunk_version (once per machine, about 6 minutes on 2 cores)"
  cargo_install trunk --version "$trunk_version" --locked --no-default-features --features rustls
fi

wasm_bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
[ -n "$wasm_bindgen_version" ] || fail "Cargo.lock names no wasm-bindgen: is the checkout complete?"
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $wasm_bindgen_version" ]; then
  say "building wasm-bindgen-cli $wasm_bindgen_version (once per version, about 3 minutes on 2 cores)"
  # Without --locked: the lock file of the published CLI can name crates that were withdrawn.
  cargo_install wasm-bindgen-cli --version "$wasm_bindgen_version" --force
fi

# --- browser -----------------------------------------------------------------------------------------------------------
if [ "$what" != build ]; then
  # A minimal rustup profile has neither.
  if ! { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; then
    say "adding rustfmt and clippy with rustup"
    rustup component add rustfmt clippy
  fi
  # Without the Noto CJK fonts Chinese text renders as boxes and screenshots lie.
  apt_install chromium chromium-driver fonts-noto-cjk
fi
say "ready"
