#!/usr/bin/env bash
# Everything that must pass. ./test.sh --all adds the long runs, --soak also those that take an hour.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Everything runs under the checker of lock order, the servers that tests start included.
export SMALLRTNL_LOCKDEP=on

# The limit of each step in minutes: what hangs is named, not waited for. A single test has one of its own (tests/Shared/TestDeadline.cs).
long=(-trait- "Category=Long" -trait- "Category=Soak") native=() minutes=20
case "${1:-}" in
  "") ;;
  --all) long=(-trait- "Category=Soak") native=(--all) minutes=120 ;;
  --soak) long=() native=(--all) minutes=600 ;;
  *) echo "usage: ./test.sh [--all | --soak]" >&2; exit 2 ;;
esac

passed=0 failed=0 skipped=0 name=setup
step() { name=$1; printf '\n== %s\n' "$1"; }

# Runs the step's command; past its limit the whole of it is ended, and the step named.
within() {
  local status=0
  timeout --kill-after=30 "${minutes}m" "$@" || status=$?
  [ "$status" -ne 124 ] && [ "$status" -ne 137 ] || echo "The step \"$name\" was ended: it had not come to its end in $minutes minutes ($*)." >&2
  return "$status"
}

within eng/setup.sh test || exit 1

step "build"
if ! within dotnet build Framework.sln -c Release -v quiet; then
  echo "The build failed." >&2
  exit 1
fi
# The launcher need not build again what has just been built.
export RTNL_NO_BUILD=1

step "format"
if within dotnet format Framework.sln --verify-no-changes --no-restore -v quiet; then
  passed=$((passed + 1))
else
  echo "dotnet format would change something."
  failed=$((failed + 1))
fi

# Before the tests: what they run under ./rtnl is then the native program, which starts in a tenth of the time.
step "native"
if within eng/aot.sh "${native[@]+"${native[@]}"}"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

for project in Framework Engine Coyote Generators Handlers Conversion Packages EndToEnd; do
  step "$project.Tests"
  log=$(mktemp)
  within dotnet "tests/$project.Tests/bin/Release/net10.0/SmallRtnl.$project.Tests.dll" -noColor "${long[@]+"${long[@]}"}" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -1)
  rm -f "$log"
  if [ -z "$summary" ]; then
    echo "$project.Tests ended without a summary (exit code $status)."
    failed=$((failed + 1))
    continue
  fi
  read -r total errors bad left <<<"$(grep -oE '[0-9]+' <<<"$summary" | tr '\n' ' ')"
  passed=$((passed + total - bad - left))
  failed=$((failed + bad + errors))
  skipped=$((skipped + left))
  if [ "$total" -eq 0 ] || { [ "$status" -ne 0 ] && [ $((bad + errors)) -eq 0 ]; }; then
    failed=$((failed + 1))
  fi
done

step "shim"
if within src/Shim/tests/run.sh; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
