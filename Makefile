# Two commands do everything on a fresh machine: `make run` and `make test`.
#   make run     build and serve page and API with demo data on http://127.0.0.1:$(PORT)
#   make test    everything: format, lints, native tests, browser tests, end-to-end tests
#   make test-quick  lints, native and component tests, in under five minutes once everything is built
#   make test-dates  the tests at other dates and in other time zones; about two hours
#   make preview serve the page to designers with sample data, on port 8081
#   make build   build dist/ and target/release/member-server
#   make size    print the page's size, the size of its code by owner, and its size on stock leptos
#   make module  build dist/module/: the page as a package for host apps
#   make host    serve a sample host app that embeds it from another origin, on port 8082 (PORT must be free)
#   make reference  write docs/embedding-reference.md from the module's types
#   make openapi write docs/openapi.yaml from the server's code
#   make fuzz    run a coverage-guided fuzzer on the parsers, FUZZ_SECONDS each
#   make bench   measure the page and its peers, and write docs/performance.md; about an hour and a half
#   make bench-quick  like bench with fewer runs, in three minutes; writes nothing
#   make setup   install everything that these targets need; they also do it themselves

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run run-tools run-wasm run-server build site size server module host reference openapi test test-format test-docs test-reference test-lints test-native test-contract test-far-date test-quick test-dates test-web test-engines gallery test-gallery test-bench test-e2e fuzz bench bench-quick bench-shops bench-refunds bench-backend bench-soak screenshots scanning-report preview clean

PORT ?= 8080
# Recreated by every `make run`: its dates are relative to the day.
DEMO_DATABASE ?= var/demo.sqlite
tools := . tools/env.sh;
say = @printf '\033[1m[%s]\033[0m %s\n' '$(1)' '$(2)'

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

setup:
	@tools/setup.sh test

build: site server

site:
	@tools/setup.sh build
	$(call say,build,the page: wasm with trunk; the first time about two minutes)
	@$(tools) for_release trunk build --release --offline=true --locked=true --dist dist
	@$(tools) node tools/finish-dist.mjs dist

# Also prints the code in the wasm by part of the page and by crate, and the page's size on stock leptos.
size:
	@tools/setup.sh build
	@$(tools) for_release trunk build --release --offline=true --locked=true --dist dist
	@$(tools) node tools/finish-dist.mjs dist --weigh
	$(call say,size,the same on leptos itself; the first time about two minutes)
	@$(tools) for_release trunk build --release --offline=true --locked=true --features stock-leptos --dist target/stock
	@$(tools) node tools/finish-dist.mjs target/stock | tail -n 1

server:
	@tools/setup.sh build
	$(call say,build,the server; the first time about two minutes)
	@$(tools) cargo build --release --locked --package member-server

# Runs after the page's build: trunk empties dist/.
module:
	@tools/setup.sh build
	$(call say,module,the page for host apps; the first time about two minutes)
	@# Only this crate type: with an rlib there is no link-time optimisation, and a third more wasm.
	@$(tools) for_release cargo rustc --lib --crate-type cdylib --locked --package member-page --features module \
		--profile wasm-release --target wasm32-unknown-unknown
	@$(tools) node tools/build-module.mjs target/wasm32-unknown-unknown/wasm-release/member_page.wasm

HOST_PORT ?= 8082
host: build module
	$(call say,host,a sample host app on http://127.0.0.1:$(HOST_PORT))
	@node examples/host/serve.mjs --port $(HOST_PORT) --backend-port $(PORT)

reference:
	@tools/setup.sh test
	@$(tools) node tools/module-reference.mjs

# `make test-native` fails while the file is not what the code describes.
openapi:
	@tools/setup.sh compiler
	@mkdir -p target
	@$(tools) cargo run --quiet --locked --package member-server --example openapi >target/openapi.yaml
	@mv target/openapi.yaml docs/openapi.yaml

# Builds the page and the server of `make build` in little time, neither small nor fast, in other directories
# of target/. Compiles them while the page's tools are installed.
run:
	@node tools/check-port.mjs $(PORT)
	$(call say,run,on a new machine five to ten minutes on two cores; later a minute or less)
	@tools/setup.sh compiler
	@$(MAKE) --no-print-directory --jobs=3 run-tools run-wasm run-server
	@$(tools) node tools/quick-page.mjs target/wasm32-unknown-unknown/wasm-quick/member-page.wasm target/run
	@$(tools) node tools/finish-dist.mjs target/run --quick >target/run.log || { cat target/run.log; exit 1; }
	$(call say,run,serving on http://127.0.0.1:$(PORT))
	@mkdir -p $(dir $(DEMO_DATABASE)) && rm -f $(DEMO_DATABASE) $(DEMO_DATABASE)-wal $(DEMO_DATABASE)-shm
	@exec target/debug/member-server serve --demo --listen 127.0.0.1:$(PORT) --database sqlite://$(DEMO_DATABASE) --site target/run

run-tools:
	@tools/setup.sh run
	$(call say,run,the tools are ready)

run-wasm:
	$(call say,run,compiling the page; the first time about three minutes)
	@$(tools) PATH=$$(wasm_path) cargo build --quiet --locked --bin member-page --profile wasm-quick --target wasm32-unknown-unknown
	$(call say,run,the page is compiled)

run-server:
	$(call say,run,compiling the server; the first time about three minutes)
	@$(tools) cargo build --quiet --locked --package member-server
	$(call say,run,the server is compiled)

# Prints at the end what ran, how long each part took, and the slowest tests.
test:
	@tools/run-parts.sh setup test-format test-docs test-reference test-lints test-bench test-native test-contract test-far-date test-web test-engines test-gallery test-e2e
	$(call say,test,all passed)

# The tests to run often during development.
test-quick:
	@tools/run-parts.sh setup test-format test-docs test-lints test-native test-web
	$(call say,test,passed; the whole is 'make test')

test-format:
	@tools/setup.sh compiler
	$(call say,test,format)
	@$(tools) cargo fmt --all --check

# The module's reference must match its types.
test-docs:
	@tools/setup.sh test
	$(call say,test,the reference of the module)
	@$(tools) node tools/module-reference.mjs --check

# The answers that opening hours are compared with must be those of opening_hours.js.
test-reference:
	@tools/setup.sh test
	$(call say,test,the answers of opening_hours.js)
	@$(tools) node crates/opening-hours/tests/corpus/answers.mjs --check

test-lints:
	@tools/setup.sh test
	$(call say,test,lints)
	@$(tools) cargo clippy --workspace --all-targets --locked -- -D warnings
	@$(tools) cargo clippy --package member-page --lib --features module --locked -- -D warnings
	@$(tools) cargo clippy --package member-page --lib --features module,stock-leptos --locked -- -D warnings

# Tests the bench's arithmetic. `make bench` measures.
test-bench:
	@tools/setup.sh bench
	$(call say,test,the arithmetic of the bench)
	@$(tools) tsc --project tests/bench
	@$(tools) node --test tests/bench/lib/

native := --package member-domain --package member-opening-hours --package member-server --package member-storage --package page-core --package light-leptos --package light-leptos-macro
test-native:
	@tools/setup.sh test
	$(call say,test,domain and server)
	@$(tools) cargo nextest run --locked $(native)
	@$(tools) cargo test --locked --doc $(native)

# Requests made from docs/openapi.yaml, in about half a minute.
test-contract:
	@tools/setup.sh test
	$(call say,test,the server against its document)
	@$(tools) cargo build --quiet --locked --package member-server
	@$(tools) node tests/contract/run.mjs "$$tools_dir/schemathesis/bin/schemathesis" target/debug/member-server

# The native tests that may depend on the calendar, three years ahead, where a day begins first.
test-far-date:
	@tools/setup.sh test
	$(call say,test,domain and server three years on)
	@DATES=in-3-years tools/test-dates.sh far-date

# Every test at every date of tools/test-dates.sh: about two hours. SUITES="native web" and
# DATES="in-8-days 1-march" run fewer.
SUITES ?= native web gallery e2e
test-dates: setup build module gallery
	@$(tools) cargo nextest run --locked --no-run $(native)
	@tools/test-dates.sh $(SUITES)

test-web:
	@tools/setup.sh test
	$(call say,test,components in headless Chromium)
	@$(tools) PATH=$$(wasm_path) CHROMEDRIVER=$$(command -v chromedriver) WASM_BINDGEN_TEST_TIMEOUT=120 \
		cargo test --locked --package light-leptos --package member-page --features member-page/module --test web \
		--target wasm32-unknown-unknown
	$(call say,test,the same components on leptos itself)
	@$(tools) PATH=$$(wasm_path) CHROMEDRIVER=$$(command -v chromedriver) WASM_BINDGEN_TEST_TIMEOUT=120 \
		cargo test --locked --package member-page --features module,stock-leptos --test web --target wasm32-unknown-unknown

test-engines: site module
	@tools/setup.sh test
	$(call say,test,nothing the oldest engines lack)
	@$(tools) node --test tools/engines/ tools/page/ tools/tokens.test.mjs
	@$(tools) node tools/check-engines.mjs dist
	@$(tools) node tools/check-engines.mjs dist/module

# The debug page, in its own directory.
gallery:
	@tools/setup.sh build
	@$(tools) PATH=$$(wasm_path) trunk build --offline=true --locked=true --dist target/gallery

# The members' page must contain nothing of the gallery's scenes.
test-gallery: site gallery
	@tools/setup.sh test
	@$(tools) node tools/without-gallery.mjs dist
	$(call say,test,every scene of the gallery: accessibility)
	@$(tools) cd tests/e2e && npx tsc --noEmit && npx playwright test --config gallery.config.ts

test-e2e: build module
	@tools/setup.sh test
	$(call say,test,end to end: the built page against the real backend)
	@$(tools) cd tests/e2e && npx tsc --noEmit && npx playwright test

# Inputs that reach new code are kept in var/fuzz. A failing input is written beside the corpus, and then also
# fails `make test`.
FUZZ_SECONDS ?= 60
fuzz_corpora := crates/domain/tests/__fuzz__
fuzz: export CARGO_PROFILE_FUZZ_INHERITS := dev
fuzz: export CARGO_PROFILE_FUZZ_OPT_LEVEL := 3
fuzz: export CARGO_PROFILE_FUZZ_CODEGEN_UNITS := 1
fuzz:
	@tools/setup.sh compiler
	$(call say,fuzz,cargo-bolero; the first time about two minutes)
	@$(tools) command -v cargo-bolero >/dev/null || \
		cargo install cargo-bolero --version 0.13.5 --no-default-features --features libfuzzer --root "$$tools_dir"
	$(call say,fuzz,the parsers with libFuzzer; the first time two minutes to build)
	@$(tools) for target in redemption_code wire_json; do \
		mkdir -p var/fuzz/$$target; \
		cargo bolero test --rustc-bootstrap --package member-domain -T $(FUZZ_SECONDS)s \
			--corpus-dir "$$PWD/var/fuzz/$$target" $$target \
			--engine-args "$$PWD/$(fuzz_corpora)/$$target/corpus" "$$PWD/src/api/preview"; \
	done

# Measures every figure of docs/performance.md and prints its progress. It only reports; no figure makes it
# fail.
bench: build
	@tools/setup.sh bench
	@$(tools) node tests/bench/bench.mjs

bench-quick: build
	@tools/setup.sh bench
	@$(tools) node tests/bench/bench.mjs --quick

# The cost of a page of shops with 1,000, 10,000 and 100,000 shops in one city. Prints a table in about three
# minutes.
bench-shops:
	@tools/setup.sh compiler
	$(call say,bench,pages of shops; the first time two minutes to build)
	@$(tools) cargo bench --locked --package member-server --bench shops

# The cost of refunding 1,000,000 cards. Prints a table in about ten minutes.
bench-refunds:
	@tools/setup.sh compiler
	$(call say,bench,refunds of a million cards; the first time two minutes to build)
	@$(tools) cargo bench --locked --package member-server --bench refunds

# Redemptions beside a bare SQLite loop, reading, and the cost of a programme's size. Prints tables in about
# three minutes. LOAD=--quick measures for a shorter time, less than one minute.
bench-backend:
	@tools/setup.sh compiler
	$(call say,bench,the backend under load; the first time two minutes to build)
	@$(tools) cargo bench --locked --package member-server --bench load -- $(LOAD)

# Mixed load for SOAK_SECONDS, and the server's memory meanwhile.
SOAK_SECONDS ?= 600
bench-soak:
	@tools/setup.sh compiler
	$(call say,bench,ten minutes of mixed load; the first time two minutes to build)
	@$(tools) SOAK_SECONDS=$(SOAK_SECONDS) cargo bench --locked --package member-server --bench load -- --soak

screenshots: build
	@tools/setup.sh test
	@$(tools) cd tests/e2e && npx playwright test --config screenshots.config.ts

# Measures how well independent decoders read the code, distorted and not. Writes docs/scanning.md in about
# four minutes.
scanning-report: build
	@tools/setup.sh test
	@$(tools) cd tests/e2e && npx playwright test --config scanning.config.ts

# For designers: edit style/ or src/ and see the change at once. Needs no backend; uses that of `make run` if
# it runs.
preview:
	@tools/setup.sh build
	@$(tools) PATH=$$(wasm_path) trunk serve --offline=true

clean:
	@rm -rf target dist var
