#!/usr/bin/env bash
# Where the time of `rtnl workload` goes, and what it allocates: perf's samples by library and method, and the runtime's allocation ticks by type.
#   eng/profile.sh [--to FOLDER] [--rtnl DLL] WORKLOAD OPTIONS…     e.g. eng/profile.sh --target socket --clients 8
# Needs perf (Debian's linux-perf) and leave to use it. One run for each of the two, since each disturbs what the other measures.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
to=$root/artifacts/profile rtnl=$root/src/Host/bin/Release/net10.0/rtnl.dll
while true; do
  case "${1:-}" in
    --to) to=$2; shift 2 ;;
    --rtnl) rtnl=$2; shift 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { echo "usage: eng/profile.sh [--to FOLDER] [--rtnl DLL] WORKLOAD OPTIONS…" >&2; exit 2; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -f "$rtnl" ] || dotnet build "$root/src/Host" -c Release -v quiet
dotnet build "$root/eng/AllocationHook" -c Release -v quiet >/dev/null
rm -rf "$to"
mkdir -p "$to"

# Compiled code must lie where its map says it does.
DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0 perf record -q -F 2000 -e cpu-clock -o "$to/perf.data" -- dotnet "$rtnl" workload "$@" >"$to/samples.run" 2>&1
{
  echo "# $*"
  perf report -i "$to/perf.data" --sort comm --stdio -q 2>/dev/null | grep -v '^$'
  echo
  perf report -i "$to/perf.data" --sort comm,dso --stdio -q 2>/dev/null | grep -v '^$' | awk "NR <= 40"
  echo
  perf report -i "$to/perf.data" --no-children --sort symbol --stdio -q 2>/dev/null | grep -v '^$' | awk "NR <= 120"
} >"$to/samples.txt"

DOTNET_STARTUP_HOOKS=$root/eng/AllocationHook/bin/Release/net10.0/AllocationHook.dll SMALLRTNL_ALLOCATIONS=$to dotnet "$rtnl" workload "$@" >"$to/allocations.run" 2>&1
echo "$to/samples.txt"
ls "$to"/*.allocations
