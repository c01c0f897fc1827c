#!/usr/bin/env bash
# Runs tests at another date. libfaketime (Debian's faketime) shows another time to every process of a run,
# also to the browser. The machine's own clock stays unchanged.
#   tools/test-dates.sh SUITE...              native, web, gallery, e2e: at every date of the table below
#   DATES="in-3-years 1-march" tools/test-dates.sh SUITE...    at these only
# Build the tests before: compilers must run at the real time.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

say() { printf '\033[1m[dates]\033[0m %s\n' "$*"; }

now=$(date +%s)
this_year=$(date -u +%Y)
next() { # MM-DD HH:MM in UTC: the seconds until the next such time
  local at
  at=$(date -u -d "$this_year-$1 $2" +%s)
  [ "$at" -gt "$now" ] || at=$(date -u -d "$((this_year + 1))-$1 $2" +%s)
  echo $((at - now))
}
leap_year=$this_year
until date -u -d "$leap_year-02-29" >/dev/null 2>&1 && [ "$leap_year" -gt "$this_year" ]; do leap_year=$((leap_year + 1)); done
in_leap_year() { echo $(($(date -u -d "$leap_year-$1 12:00" +%s) - now)); }

# Name, seconds from now, time zone of the machine. `make test` covers today. Etc/GMT+8 is UTC-8: POSIX counts
# westwards.
table="
in-8-days             $((8 * 86400))             Etc/GMT+8
28-february           $(in_leap_year 02-28)      UTC
1-march               $(in_leap_year 03-01)      UTC
midnight-in-shanghai  $(next 12-31 15:59)        UTC
midnight-in-utc       $(next 12-31 23:59)        UTC
in-3-years            $((3 * 365 * 86400))       Etc/GMT-14
"
# The command `faketime` is not used: it refuses to start if a killed one had the same process number.
library=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' | head -n 1) || true
[ -n "$library" ] || { echo "libfaketime is missing: run 'make setup'" >&2; exit 1; }
shifted() { # SECONDS: prints the command that shifts the date of another command
  # With a sign: the shift is negative if a suite begins after its date.
  printf 'env LD_PRELOAD=%s FAKETIME=%+ds NO_FAKE_STAT=1' "$library" "$1"
}
at() { # SECONDS ZONE COMMAND...
  local seconds=$1 zone=$2
  shift 2
  # shellcheck disable=SC2046
  TZ=$zone $(shifted "$seconds") "$@"
}

host=$(rustc -vV | sed -n 's/^host: //p')
runner_variable=CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$host")_RUNNER
run() { # SUITE SECONDS ZONE
  # The programs that cargo runs get the date. cargo itself does not, since it compares the ages of files.
  local runner
  runner=$(shifted "$2")
  case $1 in
    native | far-date)
      local profile=default
      [ "$1" = native ] || profile=far-date
      TZ=$3 env "$runner_variable=$runner" cargo nextest run --locked --profile "$profile" \
        --package member-domain --package member-opening-hours --package member-server --package member-storage --package page-core --package light-leptos --package light-leptos-macro
      ;;
    web)
      TZ=$3 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$runner wasm-bindgen-test-runner" \
        make --no-print-directory test-web
      ;;
    gallery) (cd tests/e2e && at "$2" "$3" npx playwright test --config gallery.config.ts --reporter=line) ;;
    # Under libfaketime, Chromium's slowed processor sometimes stalls.
    e2e) (cd tests/e2e && at "$2" "$3" npx playwright test --reporter=list --grep-invert 'processor slowed') ;;
    *)
      echo "no suite '$1': name native, far-date, web, gallery or e2e" >&2
      return 2
      ;;
  esac
}

rows=()
status=0
while read -r name seconds zone; do
  [ -n "$name" ] || continue
  [ -z "${DATES:-}" ] || [[ " $DATES " == *" $name "* ]] || continue
  for suite in "$@"; do
    # Dates count from the start of this script. Each suite begins at its date, so the shift is corrected.
    shift_by=$((seconds - ($(date +%s) - now)))
    shown=$(date -u -d "@$(($(date +%s) + shift_by))" '+%Y-%m-%d %H:%M')
    say "$suite at $name: $shown UTC, TZ=$zone"
    start=$SECONDS
    outcome=passed
    run "$suite" "$shift_by" "$zone" </dev/null || { outcome=FAILED status=1; }
    rows+=("$(printf '%-8s %-21s %s UTC  %-10s %4d s  %s' "$suite" "$name" "$shown" "$zone" $((SECONDS - start)) "$outcome")")
  done
done <<<"$table"

[ ${#rows[@]} -gt 0 ] || { echo "none of the dates '${DATES:-}' is in the table of tools/test-dates.sh" >&2; exit 2; }
printf '\n'
printf '%s\n' "${rows[@]}"
exit "$status"
