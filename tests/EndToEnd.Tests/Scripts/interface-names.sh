# Makes what interface-names.py asks about, then runs it.
export PATH="$PATH:/sbin:/usr/sbin"
ip link set lo up
ip addr add 10.0.9.2/24 dev lo label lo:x
ip link add d0 type veth peer name d1
ip link set d0 addrgenmode none
ip link set d1 addrgenmode none
ip addr add 10.0.0.1/24 brd + dev d0
ip addr add 10.0.1.1/24 brd + dev d0 label d0:1
ip addr add 10.0.2.1/24 brd + dev d0 label d0:two
ip addr add 10.0.3.1 peer 10.0.3.2/32 dev d0 label d0:1:2
exec /usr/bin/python3 "$(dirname "$0")/interface-names.py"
