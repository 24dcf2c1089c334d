#!/usr/bin/env bash
# Everything that must pass. ./test.sh --all adds the long runs, --soak also those that take an hour.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Everything runs under the checker of lock order, the servers that tests start included.
export SMALLRTNL_LOCKDEP=on

long=(-trait- "Category=Long" -trait- "Category=Soak") native=()
case "${1:-}" in
  "") ;;
  --all) long=(-trait- "Category=Soak") native=(--all) ;;
  --soak) long=() native=(--all) ;;
  *) echo "usage: ./test.sh [--all | --soak]" >&2; exit 2 ;;
esac

eng/setup.sh test || exit 1

passed=0 failed=0 skipped=0
step() { printf '\n== %s\n' "$1"; }

step "build"
if ! dotnet build Framework.sln -c Release -v quiet; then
  echo "The build failed." >&2
  exit 1
fi
# The launcher need not build again what has just been built.
export RTNL_NO_BUILD=1

step "format"
if dotnet format Framework.sln --verify-no-changes --no-restore -v quiet; then
  passed=$((passed + 1))
else
  echo "dotnet format would change something."
  failed=$((failed + 1))
fi

for project in Framework Engine Coyote Generators Handlers Conversion Packages EndToEnd; do
  step "$project.Tests"
  log=$(mktemp)
  dotnet "tests/$project.Tests/bin/Release/net10.0/SmallRtnl.$project.Tests.dll" -noColor "${long[@]+"${long[@]}"}" 2>&1 | tee "$log"
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
if src/Shim/tests/run.sh; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

step "native"
if eng/aot.sh "${native[@]+"${native[@]}"}"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
