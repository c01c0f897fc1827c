#!/usr/bin/env bash
# Installs what building and testing need. First prints what is missing and how long it takes. Finished steps
# are skipped. After a failure, the same command continues where it stopped.
#   tools/setup.sh compiler  compilers for the server and the page, the first step of `make run`
#   tools/setup.sh run       everything for `make run`
#   tools/setup.sh build     also the tools that make the members' page small
#   tools/setup.sh test      also everything for `make test` (a browser, fonts, a test runner)
#   tools/setup.sh bench     also the peers of `make bench`
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

what=${1:-test}
trunk_version=0.21.14
nextest_version=0.9.143

say() { printf '\033[1m[setup]\033[0m %s\n' "$*"; }
fail() { printf '[setup] %s\n' "$*" >&2; exit 1; }
is_for() { # STAGE...: whether this run installs for one of these stages
  [[ " $* " == *" $what "* ]]
}
is_for compiler run build test bench || fail "'$what' is nothing to prepare for: name compiler, run, build, test or bench."

require() { # COMMAND, how to get it
  command -v "$1" >/dev/null 2>&1 || fail "'$1' is missing: $2"
}
require cargo "install stable Rust with rustup (rustup.rs), then run this again."
require node "install Node.js 20 or newer."
require npm "install npm (it comes with Node.js)."
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' \
  || fail "Node.js $(node --version) is too old: version 20 or newer is needed."

# All checkouts of a machine share the tools, so one installs at a time.
mkdir -p "$tools_dir"
exec 9>"$tools_dir/lock"
if ! flock --nonblock 9; then
  say "another checkout is installing tools: waiting for it"
  flock 9
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else fail "installing Debian packages needs root and there is no sudo. Run as root: $*"
  fi
}

# --- Debian packages -------------------------------------------------------------------------------------------------
apt_missing() { # PACKAGE...: prints those that are not installed
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true) == *'ok installed'* ]] || printf '%s ' "$package"
  done
}

apt_install() { # PACKAGE...: installs those that are missing
  local missing
  read -ra missing <<<"$(apt_missing "$@")"
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null 2>&1 \
    || fail "these Debian packages are missing and there is no apt-get: ${missing[*]}. Install their equivalents."
  # Complete an interrupted installation first. Wait for an installation that is running elsewhere.
  [ -z "$(dpkg --audit 2>/dev/null)" ] || as_root dpkg --configure -a
  as_root apt-get -o DPkg::Lock::Timeout=600 update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# A C compiler links Rust programs and builds the embedded SQLite.
packages=()
command -v cc >/dev/null 2>&1 || packages+=(build-essential)
# wasm-opt and wasm-split make the members' page small and split its wasm into two files.
is_for compiler run || { command -v wasm-split && command -v wasm-opt; } >/dev/null 2>&1 || packages+=(binaryen)
# Without the Noto CJK fonts, Chinese text renders as boxes and screenshots are wrong. Roboto is the font of most
# phones for English. faketime is for tests at other dates.
is_for compiler run build || packages+=(chromium chromium-driver fonts-noto-cjk fonts-roboto-unhinted faketime)
# schemathesis lives in a virtual environment.
is_for compiler run build || python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || packages+=(python3-venv)
packages_are_there() { [ -z "$(apt_missing "${packages[@]}")" ]; }
install_packages() { apt_install "${packages[@]}"; }

# --- the standard library for wasm32 -----------------------------------------------------------------------------------
wasm_std_is_there() { wasm_path >/dev/null 2>&1; }
install_wasm_std() {
  if command -v rustup >/dev/null 2>&1; then
    timeout 300 rustup target add wasm32-unknown-unknown >/dev/null 2>&1 \
      || say "rustup could not fetch the wasm32 target: Debian's compiler and its source are taken instead"
  fi
  wasm_std_is_there || install_wasm_std_from_debian
  wasm_std_is_there || fail "the wasm32 standard library is still missing after installing it."
}
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
  # A directory for this compiler alone: rlibs of another compiler would clash (E0464).
  target_dir=$tools_dir/build/std-$("$debian_rustc" --version | tr -c 'a-z0-9.\n' -)
  PATH="$(dirname "$debian_rustc"):$PATH" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$target_dir \
    RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
    cargo build --release --quiet --manifest-path "$source" --target wasm32-unknown-unknown
  as_root cp "$target_dir"/wasm32-unknown-unknown/release/deps/*.rlib "$libdir/"
  rm -rf "$target_dir"
}

# --- the source of the standard library, to build it for size ---------------------------------------------------
# Optional: without it the page is a tenth heavier, and in one file.
std_source_is_there() {
  [ "${MEMBER_PAGE_STD:-size}" = size ] || return 0
  # On a new machine the page's compiler is not known until its wasm32 library is installed.
  wasm_std_is_there || return 1
  ! is_tried || std_source >/dev/null || [ -e "$tools_dir/no-std-source" ]
}
install_std_source() {
  is_tried || return 0
  if command -v rustup >/dev/null 2>&1 && timeout 300 rustup component add rust-src >/dev/null 2>&1; then return; fi
  say "rustup could not fetch it: the wasm will be a tenth larger. To try again, remove $tools_dir/no-std-source"
  touch "$tools_dir/no-std-source"
}
# The page is built offline, so the library's dependencies must be fetched before.
fetch_std_dependencies() {
  local source
  if [ "${MEMBER_PAGE_STD:-size}" = size ] && source=$(std_source); then
    PATH=$(wasm_path) RUSTC_BOOTSTRAP=1 cargo fetch --quiet --locked --manifest-path "$(dirname "$source")/sysroot/Cargo.toml" \
      || fail "what the standard library's source depends on could not be fetched. MEMBER_PAGE_STD=plain builds without it."
  fi
}

# --- npm: esbuild, Playwright, QR decoders; opening_hours.js; the peers of the bench -----------------------------------------------
npm_is_there() { cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; }
npm_install() { # DIRECTORY
  # Playwright drives Debian's Chromium; it must not try to download a browser of its own.
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --loglevel=error --no-audit --no-fund --no-progress)
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}
page_npm_is_there() { npm_is_there "$npm_dir"; }
install_page_npm() { npm_install "$npm_dir"; }
hours_npm_is_there() { npm_is_there "$root/crates/opening-hours/tests/corpus"; }
install_hours_npm() { npm_install "$root/crates/opening-hours/tests/corpus"; }
bench_npm_is_there() { npm_is_there "$root/tests/bench"; }
install_bench_npm() { npm_install "$root/tests/bench"; }

# --- tools from crates.io ----------------------------------------------------------------------------------------------
# Tools are built without link-time optimisation, which is most of trunk's build time, and with as little
# optimisation as pays within a day. Each has its own build directory until it is installed, so that an
# interrupted build continues where it stopped.
cargo_install() { # CRATE, VERSION, OPTIMISATION, FLAGS...
  local crate=$1 version=$2 optimisation=$3 target_dir=$tools_dir/build/$1-$2
  shift 3
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=$optimisation \
    CARGO_PROFILE_RELEASE_DEBUG=false CARGO_TARGET_DIR=$target_dir \
    cargo install --quiet --force --root "$tools_dir" "$crate" --version "$version" "$@"
  rm -rf "$target_dir"
}

trunk_is_there() { [ "$(trunk --version 2>/dev/null)" = "trunk $trunk_version" ]; }
# Without TLS: it downloads nothing here. It copies and hashes files; only hashing is slow without
# optimisation.
install_trunk() {
  cargo_install trunk "$trunk_version" 0 --locked --no-default-features \
    --config 'profile.release.package.sha2.opt-level=3' --config 'profile.release.package.seahash.opt-level=3'
}

wasm_bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
[ -n "$wasm_bindgen_version" ] || fail "Cargo.lock names no wasm-bindgen: is the checkout complete?"
wasm_bindgen_is_there() { [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $wasm_bindgen_version" ]; }
# Without --locked: the published lock file can name withdrawn crates. Without TLS: it downloads nothing here.
# Most of its time goes into reading and writing wasm, so those crates are optimised.
install_wasm_bindgen() {
  cargo_install wasm-bindgen-cli "$wasm_bindgen_version" 0 --no-default-features \
    --config 'profile.release.package.walrus.opt-level=1' --config 'profile.release.package.wasmparser.opt-level=1' \
    --config 'profile.release.package.wasm-bindgen-cli-support.opt-level=1'
}

# In parallel: each has crates that keep one core busy for a minute and leave the other idle.
tools_are_there() { trunk_is_there && wasm_bindgen_is_there; }
install_tools() {
  local builds=() build
  trunk_is_there || { install_trunk & builds+=($!); }
  wasm_bindgen_is_there || { install_wasm_bindgen & builds+=($!); }
  for build in "${builds[@]}"; do wait "$build"; done
}

nextest_is_there() { cargo nextest --version >/dev/null 2>&1; }
install_nextest() { cargo_install cargo-nextest "$nextest_version" 0 --locked --no-default-features --features default-no-update; }

# With the versions of tests/contract/requirements.txt, of which a copy shows what is installed.
contract_requirements=$root/tests/contract/requirements.txt
contract_is_there() { cmp -s "$contract_requirements" "$tools_dir/schemathesis/requirements.txt"; }
install_contract() {
  rm -rf "$tools_dir/schemathesis"
  python3 -m venv "$tools_dir/schemathesis"
  "$tools_dir/schemathesis/bin/pip" install --quiet --disable-pip-version-check --requirement "$contract_requirements"
  cp "$contract_requirements" "$tools_dir/schemathesis/requirements.txt"
}

lints_are_there() { { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; }
install_lints() { rustup component add rustfmt clippy; }

# --- missing steps, and how long they take ------------------------------------------------------------------------------
# In the order of installing: minutes on two cores, the check, the installer, the description.
steps=()
step() { # STAGES, MINUTES, CHECK, INSTALLER, TEXT
  # shellcheck disable=SC2086
  is_for $1 || return 0
  "$3" || steps+=("$2|$4|$5")
}
step "compiler run build test bench" 1 packages_are_there install_packages "Debian packages: $(apt_missing "${packages[@]}")"
step "compiler run build test bench" 1 wasm_std_is_there install_wasm_std "the wasm32 standard library"
step "build test bench" 1 std_source_is_there install_std_source "the standard library's source, for a smaller page"
step "run build test bench" 1 page_npm_is_there install_page_npm "npm packages for the build and the end-to-end tests"
step "test" 1 hours_npm_is_there install_hours_npm "opening_hours.js, which opening hours are compared with"
step "bench" 1 bench_npm_is_there install_bench_npm "npm packages for what the page is measured against"
step "test" 1 contract_is_there install_contract "schemathesis, which tests the server against its document"
step "test bench" 1 lints_are_there install_lints "rustfmt and clippy"
step "run" 2 wasm_bindgen_is_there install_wasm_bindgen "wasm-bindgen-cli $wasm_bindgen_version, built from source"
step "build test bench" 5 tools_are_there install_tools "trunk and wasm-bindgen-cli, built from source"
step "test bench" 3 nextest_is_there install_nextest "cargo-nextest $nextest_version, built from source"

minutes=0
for each in "${steps[@]}"; do minutes=$((minutes + ${each%%|*})); done
[ ${#steps[@]} -eq 0 ] || say "once on this machine: ${#steps[@]} to install, about $minutes min on two cores"
number=0
text=
trap '[ $? = 0 ] || [ -z "$text" ] || printf "[setup] this step failed: %s. The same command goes on from here.\n" "$text" >&2' EXIT
for each in "${steps[@]}"; do
  number=$((number + 1))
  IFS='|' read -r cost how text <<<"$each"
  say "$number of ${#steps[@]}, after $((SECONDS / 60)) min: $text (about $cost min)"
  # Not part of a condition, so that its first failing command ends the script.
  "$how"
done
text="what the standard library's source depends on"
is_for compiler run || fetch_std_dependencies
text=
