#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs the same clients twice, in two fresh network namespaces: directly against the kernel, and through
# the preload library and proxy.py, which hands every frame to the kernel. All outputs must be equal.
# The clients of the second run are in a third namespace, an empty one, so that whatever bypasses the library is a difference.
# Then a few checks of the library alone.
#
#   run.sh [-k] [LIBRARY]      -k keeps the outputs

set -u
keep=
if [ "${1-}" = -k ]; then keep=1; shift; fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
passed=0 failed=0

skip() {
    echo "skipped: $1"
    echo "0 passed, 0 failed"
    exit 0
}

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED $1"; }

python=/usr/bin/python3
[ -x $python ] || python=$(command -v python3) || skip "python3 is missing"
compiler=${CC:-$(command -v cc || command -v gcc || command -v clang)}
[ -n "$compiler" ] || skip "no C compiler"
for tool in ip unshare; do command -v $tool >/dev/null || skip "$tool is missing"; done
unshare="unshare -n"
$unshare true 2>/dev/null || unshare="unshare -rn"
$unshare true 2>/dev/null || skip "unshare of a network namespace is not permitted here"

work=$(mktemp -d /tmp/shim-tests.XXXXXX)
proxy=
cleanup() {
    [ -z "$proxy" ] || kill "$proxy" 2>/dev/null
    if [ -n "$keep" ]; then echo "outputs in $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT

library=${1-}
if [ -z "$library" ]; then
    library=$work/librtnl-shim.so
    $compiler -std=gnu11 -O2 -g -fPIC -shared -Wall -Wextra -Werror -fvisibility=hidden -U_FORTIFY_SOURCE \
        -o "$library" "$here"/../*.c -ldl -lpthread || exit 1
fi
$compiler -std=gnu11 -O2 -D_FORTIFY_SOURCE=2 -Wall -Wextra -Wno-clobbered -Wno-unused-result -o "$work/probe" "$here/probe.c" -lpthread || exit 1

mkdir "$work/direct" "$work/shim"
socket=$work/socket

start_proxy() {
    rm -f "$socket"
    $unshare $python "$here/proxy.py" "$socket" 2>>"$work/proxy.log" &
    proxy=$!
    disown $proxy # killing it is no news
    for _ in $(seq 100); do
        [ -S "$socket" ] && return
        sleep 0.05
    done
    echo "the proxy did not start"
    exit 1
}

CLIENT="" $unshare "$here/scenario.sh" "$work/direct" "$work/probe" &
reference=$!
start_proxy
preloaded="env LD_PRELOAD=$library RTNL_SOCKET=$socket"
CLIENT=$preloaded $unshare "$here/scenario.sh" "$work/shim" "$work/probe"
wait $reference

# In a user namespace the kernel's own credentials show as nobody's, and SIOCSIFTXQLEN wants true root.
if [ "$unshare" != "unshare -n" ]; then
    sed -i 's/fe ff 00 00/00 00 00 00/g; /SIOCSIFTXQLEN/,/ [0-9]*$/d' \
        "$work"/*/*-probe-receive "$work"/*/*-probe-ioctl-changes
fi

# When the kernel takes IFF_RUNNING (0x40) from the bridge whose port has gone is its own affair and differs between two runs of
# the kernel itself; every other bit must be equal.
sed -i 's/^interfaces: br0 flags 1043 /interfaces: br0 flags 1003 /' "$work"/*/*-probe-interfaces

for output in "$work"/direct/*; do
    name=$(basename "$output")
    if cmp -s "$output" "$work/shim/$name"; then
        pass
    else
        fail "$name"
        diff "$output" "$work/shim/$name" | head -${SHIM_TEST_LINES:-12}
    fi
done

# check NAME EXPECTED COMMAND...: the command's output, both streams, contains the expected text.
check() {
    local name=$1 expected=$2 got
    shift 2
    got=$(timeout 20 "$@" 2>&1)
    if [[ $got == *"$expected"* ]]; then pass; else fail "$name: wanted '$expected', got: $got"; fi
}

check entry-points "all known" $python "$here/entry_points.py" "$library" "$compiler"
check unknown-netns "No such file or directory" $preloaded RTNL_NETNS=elsewhere ip link
check known-netns "LOOPBACK" $preloaded RTNL_NETNS=here ip link
check no-server "No such file or directory" env LD_PRELOAD=$library RTNL_SOCKET=$work/none ip link
check not-asked "LOOPBACK" env LD_PRELOAD=$library ip link
check other-protocols "15" $preloaded $python -c 'import socket; s = socket.socket(16, 3, 15); print(s.getsockopt(1, 38))'
check ethtool "ENODEV ENOTSUP" $preloaded $python -c '
import errno, fcntl, socket
s = socket.socket()
for name in (b"nothing", b"lo"):
    try:
        fcntl.ioctl(s, 0x8946, name.ljust(40, b"\0"))
    except OSError as e:
        print(errno.errorcode[e.errno], end=" ")
'
check error-frame "ECONNREFUSED then 32" $preloaded $python -c '
import errno, socket, struct
s = socket.socket(16, 3, 0)
s.sendto(b"x" * 20, (4711, 0))
try:
    s.recv(10, socket.MSG_PEEK)
except OSError as e:
    print(errno.errorcode[e.errno], end=" then ")
print(s.send(struct.pack("=IHHIIBxHiII", 32, 18, 1, 5, 0, 0, 0, 1, 0, 0)))
'
check server-dies "ECONNRESET ECONNRESET" $preloaded $python -c '
import errno, os, signal, socket, sys
s = socket.socket(16, 3, 0)
os.kill(int(sys.argv[1]), signal.SIGKILL)
for call in (lambda: s.recv(10), lambda: s.send(b"x" * 20)):
    try:
        call()
    except OSError as e:
        print(errno.errorcode[e.errno], end=" ")
' "$proxy"
proxy=

[ ! -s "$work/proxy.log" ] || { fail "the proxy complained"; tail -20 "$work/proxy.log"; }

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
