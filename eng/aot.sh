#!/usr/bin/env bash
# Publishes the hosts ahead of time and runs them. A warning of the trimmer or of the compiler to native code fails it.
#   eng/aot.sh            the tool as a native program: it must run the demo
#   eng/aot.sh --tool     the tool only, and without running it: what ./rtnl starts
#   eng/aot.sh --all      also the tool trimmed, and the sample in both ways
#   eng/aot.sh --measure  size, and time from the start of `rtnl serve` to the first answer that ip gets, by way of publishing
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
case "${1:-}" in
  "" | --tool | --all | --measure) ;;
  *) sed -n '3,6s/^# *//p' "$0" >&2; exit 2 ;;
esac
eng/setup.sh build

case "$(uname -m)" in
  aarch64) rid=linux-arm64 ;;
  *) rid=linux-x64 ;;
esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# publish NAME PROJECT PROPERTY…: into artifacts/publish/NAME. With the packages' own flags and folder, so that what both need is compiled once.
publish() {
  local name=$1 project=$2
  shift 2
  local started="$scratch/started"
  touch "$started"
  rm -rf "artifacts/publish/$name.new"
  # One line a warning, not one an assembly: a library's are ours as well, once we ship it.
  if ! dotnet publish "$project" -c Release -r "$rid" -v quiet -nologo --artifacts-path artifacts/release -o "artifacts/publish/$name.new" \
    -p:ContinuousIntegrationBuild=true -p:TrimmerSingleWarn=false "$@" >"$scratch/publish.log" 2>&1 || grep -qE ': (warning|error) ' "$scratch/publish.log"; then
    cat "$scratch/publish.log" >&2
    echo "aot: $name does not publish without a warning" >&2
    rm -rf "artifacts/publish/$name.new"
    exit 1
  fi
  # A program that runs from there keeps its files.
  rm -rf "artifacts/publish/$name"
  mv "artifacts/publish/$name.new" "artifacts/publish/$name"
  # From what on ./rtnl finds it out of date.
  [ "$name" != tool-aot ] || mv "$started" artifacts/rtnl-native.stamp
}

fail() {
  cat "$scratch/output" >&2
  echo "aot: $1" >&2
  exit 1
}

# The demo ends with 1 where a request failed. That it showed what it is for is looked at here.
demo() {
  "artifacts/publish/$1/rtnl" demo --namespaces 50 >"$scratch/output" 2>&1 || fail "$1: the demo failed"
  grep -q 'inet 10.0.0.1/24' "$scratch/output" || fail "$1: the demo's ip saw no address"
  grep -qE 'LinkHandlers.Dump\b' "$scratch/output" || fail "$1: the demo's table of handlers is empty"
  # An enum by name, as the command line reads it.
  "artifacts/publish/$1/rtnl" exec --mode Nested -- ip -br link >"$scratch/output" 2>&1 || fail "$1: exec failed"
  grep -q '^lo ' "$scratch/output" || fail "$1: exec showed no lo"
  echo "$1: the demo runs ($(size "$1"))"
}

sample() {
  "artifacts/publish/$1/LeaseHost" >"$scratch/output" 2>&1 || fail "$1: the sample failed"
  grep -q '^dump: *10.0.0.7 lent to printer for 3600 s' "$scratch/output" || fail "$1: the sample dumped no lease"
  echo "$1: the sample runs ($(size "$1"))"
}

# What one copies to another machine: without symbols and documentation.
size() {
  find "artifacts/publish/$1" -type f ! -name '*.pdb' ! -name '*.dbg' ! -name '*.xml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f MB in %d files", sum / 1e6, NR }'
}

tool=src/Host/Host.csproj lease=samples/LeaseHost/LeaseHost.csproj
if [ "${1:-}" = --measure ]; then
  publish tool-jit "$tool" --no-self-contained
  publish tool-r2r "$tool" -p:PublishReadyToRun=true --no-self-contained
  publish tool-r2r-trimmed "$tool" -p:PublishReadyToRun=true -p:PublishTrimmed=true --self-contained
  publish tool-aot "$tool" -p:PublishAot=true
  for name in tool-jit tool-r2r tool-r2r-trimmed tool-aot; do
    times=()
    for _ in $(seq 15); do
      socket="$scratch/$name.sock"
      start=${EPOCHREALTIME/./}
      "artifacts/publish/$name/rtnl" serve --socket "$socket" >/dev/null 2>&1 &
      server=$!
      until LD_PRELOAD="$root/artifacts/publish/$name/librtnl-shim.so" RTNL_SOCKET="$socket" ip -br link >/dev/null 2>&1; do
        kill -0 "$server" 2>/dev/null || { echo "aot: $name does not serve" >&2; exit 1; }
      done
      times+=($((${EPOCHREALTIME/./} - start)))
      # Not INT, which a shell lets its background programs ignore.
      kill -TERM "$server"
      wait "$server" || true
      rm -f "$socket"
    done
    sorted=$(printf '%s\n' "${times[@]}" | sort -n)
    printf '%-17s %s, first answer after %d ms (median of 15; %d to %d)\n' "$name" "$(size "$name")" \
      $(($(sed -n 8p <<<"$sorted") / 1000)) $(($(head -1 <<<"$sorted") / 1000)) $(($(tail -1 <<<"$sorted") / 1000))
  done
  exit 0
fi

if [ "${1:-}" = --tool ]; then
  # The build judges the code; this is for who wants to run it.
  publish tool-aot "$tool" -p:PublishAot=true -p:RunAnalyzers=false
  exit 0
fi
publish tool-aot "$tool" -p:PublishAot=true
demo tool-aot
[ "${1:-}" = --all ] || exit 0
publish tool-trimmed "$tool" -p:PublishTrimmed=true --self-contained
demo tool-trimmed
publish sample-aot "$lease" -p:PublishAot=true
sample sample-aot
publish sample-trimmed "$lease" -p:PublishTrimmed=true --self-contained
sample sample-trimmed
