#!/usr/bin/env bash
# Writes down the public API as it is now: PublicAPI.Unshipped.txt of every package, generated members included.
#   eng/public-api.sh         after the API was changed; the diff is what a review looks at
#   eng/public-api.sh ship    also moves it to PublicAPI.Shipped.txt, when a version goes out
# dotnet format cannot do it: it applies no fix to what lies in generated files. So the analyzer's own messages are written down.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C
packages=(Framework Handlers)
case "${1:-}" in
  "" | ship) ;;
  *) echo "usage: eng/public-api.sh [ship]" >&2; exit 2 ;;
esac

log=$(mktemp)
# What stood in $unshipped, as long as nothing better stands there; whatever ends this script, Ctrl-C included, puts it back.
kept=
trap 'rm -f "$log"; [ -z "$kept" ] || { cp "$kept" "$unshipped"; rm -f "$kept"; }' EXIT

# Builds apart, so that the ordinary build's outputs stay as they are. PACKAGE's diagnostics RS00xx go to standard output.
build() {
  if ! dotnet build "src/$1/$1.csproj" -c Release -v quiet -nologo -clp:NoSummary -p:TreatWarningsAsErrors=false --artifacts-path artifacts/public-api >"$log" 2>&1; then
    grep -E 'error' "$log" | sort -u >&2
    echo "public-api: src/$1 does not build" >&2
    return 1
  fi
  { grep -F "[$root/src/$1/$1.csproj]" "$log" || true; } | { grep -oE "warning RS00.*" || true; } | sort -u
}

# What the messages with this id and this end name.
named() { sed -n "s/^warning $1: Symbol '\(.*\)' $2.*/\1/p" | sort -u; }

for package in "${packages[@]}"; do
  unshipped="src/$package/PublicAPI.Unshipped.txt" shipped="src/$package/PublicAPI.Shipped.txt"
  copy=$(mktemp)
  cp "$unshipped" "$copy"
  kept=$copy
  echo '#nullable enable' >"$unshipped"
  found=$(build "$package")
  {
    echo '#nullable enable'
    named RS0016 'is not part of the declared public API' <<<"$found"
    # What has been shipped and is gone stays on record as removed.
    named RS0017 'is part of the declared API' <<<"$found" | sed 's/^/*REMOVED*/'
  } >"$unshipped"
  kept=
  rm -f "$copy"
  left=$(build "$package")
  if [ -n "$left" ]; then
    printf '%s\n' "$left" >&2
    echo "public-api: src/$package still has remarks" >&2
    exit 1
  fi
  if [ "${1:-}" = ship ]; then
    removed=$(sed -n 's/^\*REMOVED\*//p' "$unshipped")
    {
      echo '#nullable enable'
      grep -hv -e '^#nullable' -e '^\*REMOVED\*' "$shipped" "$unshipped" | { if [ -n "$removed" ]; then grep -vxF "$removed"; else cat; fi; } | sort -u
    } >"$shipped.new"
    mv "$shipped.new" "$shipped"
    echo '#nullable enable' >"$unshipped"
  fi
  echo "src/$package: $(($(wc -l <"$unshipped") - 1)) unshipped, $(($(wc -l <"$shipped") - 1)) shipped"
done
