#!/usr/bin/env bash
# Installs what a bare Debian machine lacks, and says what it does.
#   eng/setup.sh build   what building and running needs: a C compiler, iproute2
#   eng/setup.sh test    also what the tests compare with: unshare, libnl's tools, pyroute2
set -euo pipefail
what=${1:-test}

missing=()
need() { # need PACKAGE PROBE…
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

# It also links what is published as native code; the zlib for that comes from NuGet.
need gcc sh -c 'command -v cc || command -v gcc || command -v clang'
need libc6-dev sh -c 'printf "#include <sys/socket.h>\n" | ${CC:-cc} -E - '
need iproute2 sh -c 'PATH=$PATH:/sbin:/usr/sbin command -v ip'
if [ "$what" = test ]; then
  need unzip sh -c 'command -v unzip'
  need util-linux sh -c 'command -v unshare'
  need libnl-utils sh -c 'command -v nl-link-list'
  need python3-pyroute2 /usr/bin/python3 -c 'import pyroute2'
fi

if ! command -v dotnet >/dev/null; then
  echo "setup: the .NET SDK 10 is needed (https://dot.net); it is not among Debian's packages." >&2
  exit 1
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: please install: ${missing[*]}" >&2
  exit 0
fi
run=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: not root and no sudo; please install: ${missing[*]}" >&2
    exit 0
  fi
  run=(sudo)
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
if ! { "${run[@]}" apt-get update -qq && "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
  # Without them the tool still runs, but for the shim; a test that needs one says so.
  echo "setup: that failed; please install: ${missing[*]}" >&2
fi
