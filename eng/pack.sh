#!/usr/bin/env bash
# Makes the packages SmallRtnl and SmallRtnl.Handlers, with symbols: artifacts/packages.
#   eng/pack.sh [--output FOLDER] [--version VERSION]
#   eng/pack.sh --verify    makes them a second time, from a copy of the tree elsewhere: every assembly and its symbols must come out the same, byte for byte
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
output="$root/artifacts/packages" verify='' version=()
while [ $# -gt 0 ]; do
  case "$1" in
    --output) output=$(realpath -m "$2"); shift 2 ;;
    --version) version=(-p:Version="$2"); shift 2 ;;
    --verify) verify=1; shift ;;
    *) sed -n '2,4s/^# *//p' "$0" >&2; exit 2 ;;
  esac
done

# pack TREE FOLDER. A build of its own: ContinuousIntegrationBuild writes /_/ for the tree's path, which a debugger on this machine would not find.
pack() {
  mkdir -p "$2"
  rm -f "$2"/SmallRtnl.*nupkg
  local project
  for project in Framework Handlers; do
    dotnet pack "$1/src/$project/$project.csproj" -c Release -v quiet -nologo --artifacts-path "$1/artifacts/release" -o "$2" \
      -p:ContinuousIntegrationBuild=true "${version[@]}"
  done
}

pack "$root" "$output"
if [ -z "$verify" ]; then
  ls "$output"/SmallRtnl.*nupkg
  exit 0
fi

elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
# The commit is part of an assembly's version, so the copy is a clone; what is not committed goes on top.
git clone -q --shared "$root" "$elsewhere/tree"
git -C "$elsewhere/tree" remote remove origin
if origin=$(git -C "$root" remote get-url origin 2>/dev/null); then
  git -C "$elsewhere/tree" remote add origin "$origin"
fi
(cd "$root" && git ls-files -z --deleted) | (cd "$elsewhere/tree" && xargs -0 -r rm -f)
(cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done | tar -c --null -T -) | tar -x -C "$elsewhere/tree"
pack "$elsewhere/tree" "$elsewhere/packages"

digest() { # digest PACKAGES: of every assembly and its symbols inside
  local package name
  for package in "$1"/SmallRtnl.*nupkg; do
    name=$(mktemp -d -p "$elsewhere")
    unzip -q "$package" -d "$name"
    (cd "$name" && find . -name '*.dll' -o -name '*.pdb' -o -name '*.xml' | grep -v Content_Types | LC_ALL=C sort | xargs sha256sum | sed "s|\\./|$(basename "$package")/|")
    rm -rf "$name"
  done
}
digest "$output" >"$elsewhere/first"
digest "$elsewhere/packages" >"$elsewhere/second"
if [ "$(grep -c '\.dll$' "$elsewhere/first")" -lt 4 ] || ! diff "$elsewhere/first" "$elsewhere/second"; then
  echo "pack: not the same" >&2
  exit 1
fi
cat "$elsewhere/first"
