#!/usr/bin/env bash
# Runs targets of the Makefile in turn. Prints at the end what ran, how long it took, and the slowest tests.
#   tools/run-parts.sh TARGET...
# Stops at the first failure, and still prints the table.
set -uo pipefail
cd "$(dirname "$0")/.."

reports=(target/nextest/default/junit.xml target/nextest/far-date/junit.xml target/reports/gallery.xml target/reports/e2e.xml)
rm -f "${reports[@]}"
rows=()
status=0
all=$SECONDS
number=0
for part in "$@"; do
  number=$((number + 1))
  printf '\033[1m[%d of %d]\033[0m %s, after %d min\n' "$number" "$#" "$part" $(((SECONDS - all) / 60))
  start=$SECONDS
  ${MAKE:-make} --no-print-directory "$part" || status=$?
  [ "$status" = 0 ] && outcome=passed || outcome=FAILED
  rows+=("$(printf '%5d s  %-16s %s' $((SECONDS - start)) "$part" "$outcome")")
  [ "$status" = 0 ] || break
done

printf '\nWhat ran:\n'
printf '  %s\n' "${rows[@]}"
printf '  %5d s  in all\n' $((SECONDS - all))
[ "$number" = $# ] || printf '  not run: %s\n' "${*:number+1}"
printf '\nThe slowest twenty tests (components are timed as a whole: wasm-bindgen-test reports no times):\n'
node tools/slowest-tests.mjs 20 "${reports[@]}"
exit "$status"
