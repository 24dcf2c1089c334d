#!/bin/bash
# SPDX-License-Identifier: MIT
#
# One world's run: every client command in turn, each one's output in a file of its own.
#   scenario.sh OUTPUT-DIRECTORY PROBE
# Runs directly in a namespace (the reference), or with the library preloaded into every client.
# CLIENT is the prefix of a command that is a client; everything that looks at or changes the network is one.

out=$1 probe=$2
here=$(dirname "$0")
number=0

# step NAME COMMAND...: stdin is left to the command.
step() {
    local name
    number=$((number + 1))
    printf -v name '%s/%03d-%s' "$out" "$number" "$1"
    shift
    timeout 60 $CLIENT "$@" >"$name" 2>&1
    echo "exit $?" >>"$name"
}

# shell NAME SCRIPT [ARGUMENT]: the argument is the script's $0.
# The kernel's link watch runs up to a second after the change that it reports, and a bridge's once more after its port's: flags and states are read once it has.
settle() { sleep 2.5; }
shell() { step "$1" bash -c "$2" "${3-shell}"; }

python=/usr/bin/python3

step veth-add ip link add probe0 address 02:00:00:00:00:10 type veth peer name probe1 address 02:00:00:00:00:11
step addrgen0 ip link set probe0 addrgenmode none
step addrgen1 ip link set probe1 addrgenmode none
step lo-up ip link set lo up
step link ip link show
step link-details ip -d link show
step link-one ip link show probe0
step link-missing ip link show nothing
step veth-again ip link add probe0 type veth
step kind-unknown ip link add x type nonsense
step bridge-add ip link add br0 address 02:00:00:00:00:20 type bridge
step bridge-addrgen ip link set br0 addrgenmode none
step enslave ip link set probe1 master br0
step bridge-up ip link set br0 up
settle
step set-many ip link set probe0 mtu 1400 txqueuelen 55 alias hello
step altname ip link property add dev probe0 altname a-rather-long-alternative-name
step altname-show ip link show a-rather-long-alternative-name
step mtu-low ip link set probe0 mtu 5
step rename ip link set probe1 name probe2
step rename-back ip link set probe2 name probe1
step addr-add ip addr add 10.0.0.1/24 brd + dev probe0
step addr-second ip addr add 10.0.0.2/24 dev probe0 label probe0:two
step addr-peer ip addr add 10.9.0.1 peer 10.9.0.2/32 dev probe0
step addr-v6 ip addr add fd00::1/64 dev probe0 nodad
step addr-v6-local ip addr add fe80::77/64 dev probe0 nodad
step addr-twice ip addr add 10.0.0.1/24 dev probe0
step up ip link set probe0 up
step up1 ip link set probe1 up
settle
step addr-show ip addr show
step addr-v4 ip -4 -o addr show
step addr-json ip -j addr show dev probe0
step route-add ip route add 192.0.2.0/24 via 10.0.0.254
step route-metric ip route add 198.51.100.0/24 via 10.0.0.253 metric 50 mtu 1200
step route-multipath ip route add 203.0.113.0/24 nexthop via 10.0.0.3 weight 2 nexthop via 10.0.0.4
step route-bad ip route add 192.0.2.0/24 via 172.16.0.1
step route-show ip route show
step route-table ip route show table local
step route-six ip -6 route show
step route-get ip route get 192.0.2.5
step route-filter ip route show 192.0.2.0/24
step rule-add ip rule add from 10.0.0.0/24 table 100 priority 500
step rule-show ip rule show
step neigh-add ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:99 dev probe0 nud permanent
step neigh-show ip neigh show
step nexthop-add ip nexthop add id 7 via 10.0.0.77 dev probe0
step nexthop-show ip nexthop show
# The reachable time is random.
shell ntable 'ip -j ntable show dev probe0 | sed "s/\"reachable\":[0-9]*//g"'
step netconf ip netconf show dev probe0
step fdb bridge fdb show
step bridge-link bridge link show
step tc-show tc qdisc show
step nsid ip netns list-id
shell batch 'printf "%s\n" "addr add 10.1.0.1/24 dev br0" "addr add 10.1.0.2/24 dev br0" "route add 10.77.0.0/16 via 10.1.0.9" "bogus" "addr show dev br0" | ip -force -batch -'
shell batch-many 'for i in {1..300}; do echo "route add 10.200.$((i/200)).$((i%200))/32 dev br0"; done | ip -batch - && ip route show | wc -l'
step dump-many ip route show dev br0
step flush-routes ip route flush dev br0 scope link
step flush-addr ip addr flush dev br0
step after-flush ip addr show dev br0
shell monitor 'timeout 3 ip monitor link addr route > $0.log & sleep 1; ip addr add 10.5.0.1/24 dev br0; ip link set br0 alias changed; ip route add 10.55.0.0/16 via 10.5.0.9; ip addr del 10.5.0.1/24 dev br0; wait; cat $0.log; rm $0.log' "$out.monitor"
shell monitor-all 'timeout 2 ip -ts monitor label all > $0.log & sleep 1; ip link set br0 alias again; wait; grep -c . < $0.log; rm $0.log' "$out.monitor"
shell monitor-nsid 'timeout 2 ip monitor all-nsid > $0.log & sleep 1; ip link set br0 alias nsid; wait; cat $0.log; rm $0.log' "$out.monitor"

step nl-link-list nl-link-list
step nl-addr-list nl-addr-list
step nl-addr-add nl-addr-add --local=10.3.0.1/24 --dev=br0
step nl-addr-again nl-addr-add --local=10.3.0.1/24 --dev=br0
step nl-addr-delete nl-addr-delete --local=10.3.0.1/24 --dev=br0
step nl-route-add nl-route-add --dst=10.44.0.0/16 --nexthop=via=10.0.0.7,dev=probe0
step nl-route-list nl-route-list
step nl-route-get nl-route-get 10.44.0.1
step nl-route-delete nl-route-delete --dst=10.44.0.0/16
shell nl-neigh-list "nl-neigh-list | sort"
step nl-neigh-add nl-neigh-add --dst=10.0.0.66 --lladdr=02:00:00:00:00:66 --dev=probe0
shell nl-neigh-delete "nl-neigh-delete --dst=10.0.0.66 --dev=probe0 | sort"
step nl-rule-list nl-rule-list
step nl-link-set nl-link-set --name=probe0 --mtu=1300
step nl-name2index nl-link-name2ifindex probe0
step nl-index2name nl-link-ifindex2name 1
step nl-link-release nl-link-release probe1
settle
step nl-link-enslave nl-link-enslave br0 probe1
settle
step nl-qdisc-list nl-qdisc-list

step pyroute2 $python "$here/clients.py"

step probe-reset ip link set probe0 down
settle
for test in names options send receive groups overrun descriptors many filter interfaces ioctl-2 ioctl-10 ioctl-17 ioctl-1 ioctl-16 ioctl-changes threads; do
    step "probe-$test" "$probe" "$test"
done

step link-del ip link del probe0
step bridge-down ip link set br0 down
settle
step link-last ip -br link show
