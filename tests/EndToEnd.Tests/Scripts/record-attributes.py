#!/usr/bin/env python3
"""Asks the kernel for links, addresses and routes over a raw socket and writes the replies, attribute by attribute.

Run as: unshare -n python3 record-attributes.py > ../KernelOutcomes/raw-attributes.md
"""
import os, socket, struct, subprocess, time

NLM_F = {1: "REQUEST", 2: "MULTI", 4: "ACK", 8: "ECHO", 0x10: "DUMP_INTR", 0x20: "DUMP_FILTERED"}
RTM = {2: "ERROR", 3: "DONE", 16: "NEWLINK", 17: "DELLINK", 18: "GETLINK", 19: "SETLINK", 20: "NEWADDR", 21: "DELADDR",
       22: "GETADDR", 24: "NEWROUTE", 25: "DELROUTE", 26: "GETROUTE", 28: "NEWNEIGH", 29: "DELNEIGH", 52: "NEWPREFIX",
       80: "NEWNETCONF", 81: "DELNETCONF"}
IFLA = dict(enumerate("""UNSPEC ADDRESS BROADCAST IFNAME MTU LINK QDISC STATS COST PRIORITY MASTER WIRELESS PROTINFO TXQLEN MAP
WEIGHT OPERSTATE LINKMODE LINKINFO NET_NS_PID IFALIAS NUM_VF VFINFO_LIST STATS64 VF_PORTS PORT_SELF AF_SPEC GROUP NET_NS_FD
EXT_MASK PROMISCUITY NUM_TX_QUEUES NUM_RX_QUEUES CARRIER PHYS_PORT_ID CARRIER_CHANGES PHYS_SWITCH_ID LINK_NETNSID
PHYS_PORT_NAME PROTO_DOWN GSO_MAX_SEGS GSO_MAX_SIZE PAD XDP EVENT NEW_NETNSID TARGET_NETNSID CARRIER_UP_COUNT
CARRIER_DOWN_COUNT NEW_IFINDEX MIN_MTU MAX_MTU PROP_LIST ALT_IFNAME PERM_ADDRESS PROTO_DOWN_REASON PARENT_DEV_NAME
PARENT_DEV_BUS_NAME GRO_MAX_SIZE TSO_MAX_SIZE TSO_MAX_SEGS ALLMULTI DEVLINK_PORT GSO_IPV4_MAX_SIZE GRO_IPV4_MAX_SIZE DPLL_PIN
MAX_PACING_OFFLOAD_HORIZON NETNS_IMMUTABLE HEADROOM TAILROOM""".split()))
IFA = dict(enumerate("UNSPEC ADDRESS LOCAL LABEL BROADCAST ANYCAST CACHEINFO MULTICAST FLAGS RT_PRIORITY TARGET_NETNSID PROTO".split()))
RTA = dict(enumerate("""UNSPEC DST SRC IIF OIF GATEWAY PRIORITY PREFSRC METRICS MULTIPATH PROTOINFO FLOW CACHEINFO SESSION MP_ALGO
TABLE MARK MFC_STATS VIA NEWDST PREF ENCAP_TYPE ENCAP EXPIRES PAD UID TTL_PROPAGATE IP_PROTO SPORT DPORT NH_ID FLOWLABEL""".split()))
RTAX = dict(enumerate("UNSPEC LOCK MTU WINDOW RTT RTTVAR SSTHRESH CWND ADVMSS REORDERING HOPLIMIT INITCWND FEATURES RTO_MIN INITRWND QUICKACK CC_ALGO FASTOPEN_NO_COOKIE".split()))
INET6 = dict(enumerate("UNSPEC FLAGS CONF STATS MCAST CACHEINFO ICMP6STATS TOKEN ADDR_GEN_MODE RA_MTU".split()))
ERR = dict(enumerate("UNUSED MSG OFFS COOKIE POLICY MISS_TYPE MISS_NEST".split()))
POLICY = dict(enumerate("UNSPEC TYPE MIN_VALUE_S MAX_VALUE_S MIN_VALUE_U MAX_VALUE_U MIN_LENGTH MAX_LENGTH POLICY_IDX POLICY_MAXTYPE BITFIELD32_MASK PAD MASK".split()))
NEST = {("IFLA", "LINKINFO"): ("INFO", {1: "KIND", 2: "DATA", 3: "XSTATS"}), ("IFLA", "XDP"): ("XDP", {1: "FD", 2: "ATTACHED"}),
        ("IFLA", "AF_SPEC"): ("AF", {2: "INET", 10: "INET6"}), ("AF", "INET"): ("IFLA_INET", {1: "CONF"}),
        ("AF", "INET6"): ("IFLA_INET6", INET6), ("RTA", "METRICS"): ("RTAX", RTAX), ("ERR", "POLICY"): ("POLICY", POLICY),
        ("INFO", "DATA"): ("DATA", {}), ("IFLA", "DEVLINK_PORT"): ("DEVLINK", {}), ("IFLA", "DPLL_PIN"): ("DPLL", {}),
        ("IFLA", "PROP_LIST"): ("IFLA", IFLA), ("RTA", "MULTIPATH"): None}
TEXT = {"IFNAME", "QDISC", "IFALIAS", "LABEL", "KIND", "MSG", "CC_ALGO"}


def flags(value, kind):
    names = [name for bit, name in NLM_F.items() if value & bit]
    rest = value & ~0x3f
    if kind in (2, 3):
        names += [n for b, n in ((0x100, "CAPPED"), (0x200, "ACK_TLVS")) if rest & b]
        rest &= ~0x300
    return "|".join(names + ([hex(rest)] if rest else [])) or "0"


def attributes(data, space, names, depth, out):
    while len(data) >= 4:
        length, kind = struct.unpack_from("HH", data)
        if length < 4 or length > len(data):
            out.append("  " * depth + "malformed: " + data.hex())
            return
        body = data[4:length]
        bits = ("N" if kind & 0x8000 else "") + ("O" if kind & 0x4000 else "")
        number = kind & 0x3fff
        name = names.get(number, "?")
        head = "  " * depth + f"{space}_{name}({number}{',' + bits if bits else ''}) len {length}"
        inner = NEST.get((space, name))
        if inner:
            out.append(head + " {")
            attributes(body, inner[0], inner[1], depth + 1, out)
            out.append("  " * depth + "}")
        elif space == "RTA" and name == "MULTIPATH":
            out.append(head + " {")
            while len(body) >= 8:
                size, hop_flags, hops, index = struct.unpack_from("HBBi", body)
                out.append("  " * (depth + 1) + f"rtnexthop len {size} flags {hop_flags:#x} hops {hops} ifindex {index}")
                attributes(body[8:size], "RTA", RTA, depth + 2, out)
                body = body[(size + 3) & ~3:]
            out.append("  " * depth + "}")
        elif name in TEXT:
            out.append(f"{head} {body!r}")
        elif name in ("STATS64", "STATS") and space != "IFLA_INET6":
            out.append(f"{head} ({len(body)} bytes of counters)")
        elif name in ("CONF",) or (space == "IFLA_INET6" and name in ("STATS", "ICMP6STATS")):
            form = "q" if space == "IFLA_INET6" and "STATS" in name else "i"
            size = struct.calcsize(form)
            values = [v[0] for v in struct.iter_unpack("=" + form, body[:len(body) // size * size])]
            if "STATS" in name:
                out.append(f"{head} ({len(values)} u64 counters; the first one is the count: {values[0]})")
            else:
                out.append(f"{head} {len(values)} x s32: {values}")
        elif len(body) == 4:
            out.append(f"{head} {body.hex(' ')} (u32 {struct.unpack('=I', body)[0]})")
        else:
            out.append(f"{head} {body.hex(' ')}")
        data = data[(length + 3) & ~3:]
    if data:
        out.append("  " * depth + "trailing: " + data.hex())


def message(data, out):
    """Decodes one message and returns its length."""
    length, kind, nl_flags, seq, pid = struct.unpack_from("IHHII", data)
    name = RTM.get(kind, str(kind))
    out.append(f"{name} len {length} flags {flags(nl_flags, kind)} seq {'0' if seq == 0 else 'S'} pid {'0' if pid == 0 else 'P'}")
    body = data[16:length]
    if kind == 2:
        error, = struct.unpack_from("i", body)
        inner, = struct.unpack_from("I", body, 4)
        out.append(f"  error {error}{' ' + os.strerror(-error) if error else ''}")
        at = 4 + 16 if nl_flags & 0x100 else 4 + ((inner + 3) & ~3)
        if nl_flags & 0x200:
            attributes(body[at:], "ERR", ERR, 1, out)
    elif kind == 3:
        error, = struct.unpack_from("i", body)
        out.append(f"  error {error}{' ' + os.strerror(-error) if error else ''}")
        if nl_flags & 0x200:
            attributes(body[4:], "ERR", ERR, 1, out)
    elif 16 <= kind <= 19:
        family, pad, arp, index, ifi_flags, change = struct.unpack_from("BBHiII", body)
        out.append(f"  ifinfomsg family {family} type {arp} index {index} flags {ifi_flags:#x} change {change:#x}")
        attributes(body[16:], "IFLA", IFLA, 1, out)
    elif 20 <= kind <= 22:
        family, plen, ifa_flags, scope, index = struct.unpack_from("BBBBI", body)
        out.append(f"  ifaddrmsg family {family} prefixlen {plen} flags {ifa_flags:#x} scope {scope} index {index}")
        attributes(body[8:], "IFA", IFA, 1, out)
    elif 24 <= kind <= 26:
        family, dst, src, tos, table, proto, scope, rtype, rt_flags = struct.unpack_from("BBBBBBBBI", body)
        out.append(f"  rtmsg family {family} dst_len {dst} src_len {src} tos {tos} table {table} protocol {proto} scope {scope} type {rtype} flags {rt_flags:#x}")
        attributes(body[12:], "RTA", RTA, 1, out)
    else:
        out.append("  " + body.hex(" "))
    return (length + 3) & ~3


def attr(kind, data):
    return struct.pack("HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


def u32(value):
    return struct.pack("I", value)


def open_socket(strict=True, groups=0):
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.setsockopt(270, 11, 1)
    if strict:
        sock.setsockopt(270, 12, 1)
    sock.bind((0, groups))
    sock.settimeout(1)
    return sock


def ask(kind, nl_flags, body, strict=True, show_request=False):
    sock = open_socket(strict)
    sock.send(struct.pack("IHHII", 16 + len(body), kind, nl_flags | 1, 77, 0) + body)
    out, finished, datagrams = [], False, 0
    while not finished:
        try:
            data = sock.recv(65536)
        except TimeoutError:
            out.append("(no reply)")
            break
        datagrams += 1
        if datagrams > 1:
            out.append("--- next datagram")
        while len(data) >= 16:
            _, got, got_flags = struct.unpack_from("IHH", data)
            data = data[message(data, out):]
            finished = got in (2, 3) or not got_flags & 2
    sock.close()
    return out


def show(title, lines):
    print(f"### {title}\n\n```\n" + "\n".join(lines) + "\n```\n")


def ip(command):
    subprocess.run("ip " + command, shell=True, check=True)


DUMP, ACK, CREATE, EXCL, REPLACE = 0x300, 4, 0x400, 0x200, 0x100
link = lambda index=0, flags_=0, change=0, family=0: struct.pack("BBHiII", family, 0, 0, index, flags_, change)
addr = lambda family=2, plen=0, index=0, scope=0, flags_=0: struct.pack("BBBBI", family, plen, flags_, scope, index)
route = lambda family=2, dst=0, table=0, proto=0, scope=0, kind=0, flags_=0, src=0, tos=0: struct.pack("BBBBBBBBI", family, dst, src, tos, table, proto, scope, kind, flags_)
v4 = lambda text: socket.inet_pton(socket.AF_INET, text)
v6 = lambda text: socket.inet_pton(socket.AF_INET6, text)

for name in ("default", "all", "lo"):
    for knob in ("accept_dad", "dad_transmits"):
        with open(f"/proc/sys/net/ipv6/conf/{name}/{knob}", "w") as file:
            file.write("0")

print(f"""# Replies, attribute by attribute

Written by `Scripts/record-attributes.py` on Linux {os.uname().release}. Each attribute: name(number, N for the nested bit, O for
network byte order) len, the attribute's own length with its header, and its value as bytes (with the u32 where it has four).
`seq S` and `pid P` are the requester's. Sockets had EXT_ACK on, and GET_STRICT_CHK unless the title says lenient.
""")

print("## Links\n")
show("GETLINK, one link: lo, down, as found", ask(18, 0, link(1)))
ip("link set lo up")
show("GETLINK, one link: lo, up, EXT_MASK SKIP_STATS", ask(18, 0, link() + attr(29, u32(8)) + attr(3, b"lo\0")))
ip("link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02")
ip("link add i0 address 02:00:00:00:00:03 type ifb")
show("GETLINK, one link: v0, down, peer down", ask(18, 0, link(3)))
show("GETLINK, one link: i0 (ifb), down, SKIP_STATS", ask(18, 0, link(4) + attr(29, u32(8))))
ip("link set v0 up"); ip("link set i0 up"); time.sleep(1.5)
show("GETLINK, one link: v0, up, peer down, SKIP_STATS", ask(18, 0, link(3) + attr(29, u32(8))))
show("GETLINK, one link: v1, down, peer up, SKIP_STATS", ask(18, 0, link(2) + attr(29, u32(8))))
ip("link set v1 up"); ip("link set v0 alias 'to the lab'"); time.sleep(1.5)
show("GETLINK, one link: v0, up, peer up, with an alias", ask(18, 0, link(3)))
show("GETLINK, one link: i0 (ifb), up, SKIP_STATS", ask(18, 0, link(4) + attr(29, u32(8))))
show("GETLINK dump filtered by kind veth, SKIP_STATS: flags and DONE", [l for l in ask(18, DUMP, link() + attr(29, u32(8)) + attr(0x8012, attr(1, b"veth"))) if not l.startswith("  ") or "error" in l])
show("GETLINK dump, SKIP_STATS: flags, datagrams and DONE", [l for l in ask(18, DUMP, link() + attr(29, u32(8))) if not l.startswith("  ") or "error" in l])
show("GETLINK dump, family AF_INET6", ask(18, DUMP, link(family=10)))
show("GETLINK dump, family AF_INET6, with EXT_MASK", ask(18, DUMP, link(family=10) + attr(29, u32(8))))
show("GETLINK dump, family AF_INET6, with EXT_MASK, lenient: flags", [l for l in ask(18, DUMP, link(family=10) + attr(29, u32(8)), False) if not l.startswith("  ") or "ifinfomsg" in l])

print("## Addresses\n")
ip("addr add 10.0.0.1/24 brd + dev v0"); ip("addr add 10.0.0.2/24 dev v0 label v0:b valid_lft 3600 preferred_lft 1800")
ip("addr add 10.0.1.1 peer 10.0.1.2/32 dev v0 noprefixroute metric 7")
ip("addr add 2001:db8::1/64 dev v0"); ip("addr add 2001:db8:1::1 peer 2001:db8:1::2/64 dev v0")
ip("addr add 2001:db8:2::1/64 dev v0 nodad valid_lft 3600 preferred_lft 0 metric 8"); time.sleep(1)
show("GETADDR dump, AF_INET", ask(22, DUMP, addr(2)))
show("GETADDR dump, AF_INET6, ifindex 3", ask(22, DUMP, addr(10, index=3)))
show("GETADDR dump, AF_UNSPEC: flags, datagrams and DONE", [l for l in ask(22, DUMP, addr(0)) if not l.startswith("  ") or "error" in l or "ifaddrmsg" in l])
show("GETADDR, one address, AF_INET", ask(22, 0, addr(2, index=3) + attr(2, v4("10.0.0.1"))))
show("GETADDR, one address, AF_INET6", ask(22, 0, addr(10, index=3) + attr(1, v6("2001:db8::1"))))
show("GETADDR, one address that is missing, AF_INET6", ask(22, 0, addr(10, index=3) + attr(1, v6("2001:db8::99"))))

print("## Routes\n")
ip("route add 192.0.2.0/24 via 10.0.0.9 metric 5 mtu 1400 advmss lock 1300 congctl cubic rto_min 20ms"); ip("route add blackhole 198.51.100.0/24")
ip("route add 192.0.3.0/24 dev v0 tos 0x10 src 10.0.0.1 table 1000"); ip("route add 192.0.4.0/24 via 10.77.0.1 dev v0 onlink realm 3")
ip("-6 route add 2001:db8:8::/48 via 2001:db8::9 metric 5 mtu 1400"); ip("-6 route add blackhole 2001:db8:9::/48")
ip("-6 route add 2001:db8:a::/48 dev v0 expires 100 src 2001:db8::1 pref high table 1000")
ip("-6 route add default via fe80::9 dev v0 proto ra")
show("GETROUTE dump, AF_INET, no filter", ask(26, DUMP, route(2)))
show("GETROUTE dump, AF_INET, table 1000 in RTA_TABLE", ask(26, DUMP, route(2) + attr(15, u32(1000))))
show("GETROUTE dump, AF_INET6, no filter", ask(26, DUMP, route(10)))
show("GETROUTE dump, AF_INET6, RTM_F_CLONED", ask(26, DUMP, route(10, flags_=0x200)))
show("GETROUTE dump, AF_UNSPEC: flags, datagrams and DONE", [l for l in ask(26, DUMP, route(0)) if not l.startswith("  ") or "error" in l or "rtmsg" in l])
for text, flag in (("192.0.2.7", 0x1000), ("192.0.2.7", 0x3000), ("10.0.0.1", 0x1000), ("10.0.0.255", 0x1000), ("192.0.2.7", 0)):
    show(f"GETROUTE {text}, flags {flag:#x}", ask(26, 0, route(2, 32, flags_=flag) + attr(1, v4(text))))
show("GETROUTE 224.0.0.1 oif v0, flags 0x1000", ask(26, 0, route(2, 32, flags_=0x1000) + attr(1, v4("224.0.0.1")) + attr(4, u32(3))))
show("GETROUTE 198.51.100.1 (blackhole)", ask(26, 0, route(2, 32, flags_=0x1000) + attr(1, v4("198.51.100.1"))))
for text, flag in (("2001:db8:8::7", 0), ("2001:db8:8::7", 0x2000), ("2001:db8::1", 0), ("2001:db8:9::1", 0), ("2001:db8:ffff::1", 0), ("2001:db8::1", 0x1000)):
    show(f"GETROUTE {text}, flags {flag:#x}", ask(26, 0, route(10, 128, flags_=flag) + attr(1, v6(text))))
ip("link set v1 down"); time.sleep(1.5)
show("GETROUTE dump, AF_INET, main, with the peer down (rtm_flags)", [l for l in ask(26, DUMP, route(2) + attr(15, u32(254))) if "rtmsg" in l or "DST" in l])
show("GETROUTE dump, AF_INET6, main, with the peer down (rtm_flags)", [l for l in ask(26, DUMP, route(10) + attr(15, u32(254))) if "rtmsg" in l or "DST" in l])
show("GETROUTE 10.0.0.9 with the peer down", ask(26, 0, route(2, 32, flags_=0x1000) + attr(1, v4("10.0.0.9"))))
ip("link set v1 up"); time.sleep(1.5)

print("## Requests that are refused, or nearly\n")
V0 = 3
cases = [
    ("NEWLINK, empty (the probe of ip)", 16, ACK, link(), False),
    ("NEWLINK, index 99", 16, ACK, link(99), True),
    ("NEWLINK, unknown name, no CREATE", 16, ACK, link() + attr(3, b"nosuch\0"), True),
    ("NEWLINK CREATE|EXCL of an existing name", 16, ACK | CREATE | EXCL, link() + attr(3, b"v0\0") + attr(18, attr(1, b"ifb")), True),
    ("NEWLINK CREATE without kind", 16, ACK | CREATE, link() + attr(3, b"n0\0"), True),
    ("NEWLINK CREATE unknown kind", 16, ACK | CREATE | EXCL, link() + attr(3, b"n0\0") + attr(18, attr(1, b"nosuch")), True),
    ("NEWLINK CREATE index in use", 16, ACK | CREATE | EXCL, link(1) + attr(3, b"n0\0") + attr(18, attr(1, b"ifb")), True),
    ("NEWLINK CREATE negative index", 16, ACK | CREATE | EXCL, link(-1) + attr(3, b"n0\0") + attr(18, attr(1, b"ifb")), True),
    ("NEWLINK mtu 67", 16, ACK, link(V0) + attr(4, u32(67)), True),
    ("NEWLINK mtu of two bytes", 16, ACK, link(V0) + attr(4, b"\x10\0"), True),
    ("NEWLINK name of 16 bytes", 16, ACK, link() + attr(3, b"0123456789abcdef\0"), True),
    ("NEWLINK address of five bytes", 16, ACK, link(V0) + attr(1, b"\2\0\0\0\0"), True),
    ("NEWLINK multicast address", 16, ACK, link(V0) + attr(1, b"\1\0\0\0\0\0"), True),
    ("NEWLINK attribute 200", 16, ACK, link(V0) + attr(200, u32(0)), True),
    ("NEWLINK attribute 0", 16, ACK, link(V0) + attr(0, u32(0)), True),
    ("NEWLINK, header too short", 16, ACK, b"\0" * 8, True),
    ("NEWLINK, attribute runs over the end", 16, ACK, link(V0) + struct.pack("HH", 40, 4) + u32(1500), True),
    ("NEWLINK, IFLA_LINKINFO without the nested bit", 16, ACK | CREATE | EXCL, link() + attr(3, b"n1\0") + attr(18, attr(1, b"ifb")), True),
    ("NEWLINK, IFLA_GROUP with LINKINFO data for ifb", 16, ACK | CREATE | EXCL, link() + attr(3, b"n2\0") + attr(18, attr(1, b"ifb") + attr(2, attr(1, u32(1)))), True),
    ("SETLINK, index 99", 19, ACK, link(99), True),
    ("SETLINK, nothing named", 19, ACK, link(), True),
    ("DELLINK, nothing named", 17, ACK, link(), True),
    ("DELLINK, index 99", 17, ACK, link(99), True),
    ("DELLINK, name nosuch", 17, ACK, link() + attr(3, b"nosuch\0"), True),
    ("DELLINK lo", 17, ACK, link(1), True),
    ("GETLINK, nothing named", 18, 0, link(), True),
    ("GETLINK, index 99", 18, 0, link(99), True),
    ("GETLINK, name nosuch", 18, 0, link() + attr(3, b"nosuch\0"), True),
    ("GETLINK, index 3 and ACK", 18, ACK, link(3) + attr(29, u32(8)), True),
    ("GETLINK, flags set in the header", 18, 0, link(3, 1), True),
    ("GETLINK, attribute MTU", 18, 0, link(3) + attr(4, u32(1)), True),
    ("GETLINK dump, flags set in the header", 18, DUMP, link(0, 1), True),
    ("GETLINK dump, index set", 18, DUMP, link(3), True),
    ("GETLINK dump, attribute MTU", 18, DUMP, link() + attr(4, u32(1)), True),
    ("GETLINK dump, header of one byte", 18, DUMP, b"\0", True),
    ("GETLINK dump, unknown kind", 18, DUMP, link() + attr(0x8012, attr(1, b"nosuch")), True),
    ("GETLINK dump, master 99", 18, DUMP, link() + attr(10, u32(99)), True),
    ("NEWADDR, index 99", 20, ACK | CREATE | EXCL, addr(2, 24, 99) + attr(2, v4("10.5.0.1")), True),
    ("NEWADDR, no address", 20, ACK | CREATE | EXCL, addr(2, 24, V0), True),
    ("NEWADDR, prefix length 33", 20, ACK | CREATE | EXCL, addr(2, 33, V0) + attr(2, v4("10.5.0.1")), True),
    ("NEWADDR, there already", 20, ACK | CREATE | EXCL, addr(2, 24, V0) + attr(2, v4("10.0.0.1")), True),
    ("NEWADDR, there already, no EXCL, no REPLACE", 20, ACK | CREATE, addr(2, 24, V0) + attr(2, v4("10.0.0.1")), True),
    ("NEWADDR, missing, no CREATE", 20, ACK, addr(2, 24, V0) + attr(2, v4("10.5.9.1")), True),
    ("NEWADDR, valid 0", 20, ACK | CREATE | EXCL, addr(2, 24, V0) + attr(2, v4("10.5.0.1")) + attr(6, struct.pack("IIII", 0, 0, 0, 0)), True),
    ("NEWADDR, preferred over valid", 20, ACK | CREATE | EXCL, addr(2, 24, V0) + attr(2, v4("10.5.0.1")) + attr(6, struct.pack("IIII", 20, 10, 0, 0)), True),
    ("NEWADDR, local of two bytes", 20, ACK | CREATE | EXCL, addr(2, 24, V0) + attr(2, b"\1\2"), True),
    ("NEWADDR, local of five bytes", 20, ACK | CREATE | EXCL, addr(2, 24, V0) + attr(2, b"\1\2\3\4\5"), True),
    ("NEWADDR, attribute 200", 20, ACK | CREATE | EXCL, addr(2, 24, V0) + attr(2, v4("10.5.1.1")) + attr(200, u32(1)), True),
    ("NEWADDR, header too short", 20, ACK | CREATE | EXCL, b"\2\0\0\0", True),
    ("NEWADDR, family 77", 20, ACK | CREATE | EXCL, addr(77, 24, V0) + attr(2, v4("10.5.1.1")), True),
    ("NEWADDR, family unspecified", 20, ACK | CREATE | EXCL, addr(0, 24, V0) + attr(2, v4("10.5.1.1")), True),
    ("DELADDR, missing", 21, ACK, addr(2, 24, V0) + attr(2, v4("10.8.0.1")), True),
    ("DELADDR, index 99", 21, ACK, addr(2, 24, 99) + attr(2, v4("10.0.0.1")), True),
    ("NEWADDR v6, no address", 20, ACK | CREATE | EXCL, addr(10, 64, V0), True),
    ("NEWADDR v6, prefix length 129", 20, ACK | CREATE | EXCL, addr(10, 129, V0) + attr(2, v6("2001:db8:5::1")), True),
    ("NEWADDR v6, there already", 20, ACK | CREATE | EXCL, addr(10, 64, V0) + attr(2, v6("2001:db8::1")), True),
    ("NEWADDR v6, index 99", 20, ACK | CREATE | EXCL, addr(10, 64, 99) + attr(2, v6("2001:db8:5::1")), True),
    ("NEWADDR v6, index 0", 20, ACK | CREATE | EXCL, addr(10, 64, 0) + attr(2, v6("2001:db8:5::1")), True),
    ("NEWADDR v6, valid 0", 20, ACK | CREATE | EXCL, addr(10, 64, V0) + attr(2, v6("2001:db8:5::1")) + attr(6, struct.pack("IIII", 0, 0, 0, 0)), True),
    ("NEWADDR v6, missing, no CREATE", 20, ACK, addr(10, 64, V0) + attr(2, v6("2001:db8:6::1")), True),
    ("DELADDR v6, missing", 21, ACK, addr(10, 64, V0) + attr(2, v6("2001:db8:7::1")), True),
    ("DELADDR v6, index 99", 21, ACK, addr(10, 64, 99) + attr(2, v6("2001:db8::1")), True),
    ("GETADDR dump, prefix length set", 22, DUMP, addr(2, 24), True),
    ("GETADDR dump, index 99", 22, DUMP, addr(2, index=99), True),
    ("GETADDR dump v6, index 99", 22, DUMP, addr(10, index=99), True),
    ("GETADDR dump, attribute LOCAL", 22, DUMP, addr(2) + attr(2, v4("10.0.0.1")), True),
    ("GETADDR dump, header of one byte, lenient", 22, DUMP, b"\2", False),
    ("GETADDR dump, header of one byte", 22, DUMP, b"\2", True),
    ("GETADDR, AF_INET, no dump, no attribute", 22, 0, addr(2), True),
    ("NEWROUTE, host bits", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.1")) + attr(4, u32(V0)), True),
    ("NEWROUTE, prefix length 33", 24, ACK | CREATE | EXCL, route(2, 33, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE, there already", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 0, 1) + attr(1, v4("192.0.2.0")) + attr(5, v4("10.0.0.9")) + attr(4, u32(V0)) + attr(6, u32(5)), True),
    ("NEWROUTE, scope below the gateway's", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 254, 1) + attr(1, v4("192.0.9.0")) + attr(5, v4("10.0.0.9")), True),
    ("NEWROUTE, type 77", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 0, 77) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE, type 0", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 0) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE, oif 99", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")) + attr(4, u32(99)), True),
    ("NEWROUTE, no nexthop", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")), True),
    ("NEWROUTE, gateway out of reach", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 0, 1) + attr(1, v4("192.0.9.0")) + attr(5, v4("172.16.0.1")), True),
    ("NEWROUTE, prefsrc not ours", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)) + attr(7, v4("172.16.0.1")), True),
    ("NEWROUTE, blackhole with oif", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 0, 6) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE, gateway and via", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 0, 1) + attr(1, v4("192.0.9.0")) + attr(5, v4("10.0.0.9")) + attr(18, b"\2\0" + v4("10.0.0.9")), True),
    ("NEWROUTE, attribute 200", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)) + attr(200, u32(1)), True),
    ("NEWROUTE, attribute SPORT", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)) + attr(28, b"\0\1"), True),
    ("NEWROUTE, metric 77", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.10.0")) + attr(4, u32(V0)) + attr(8, attr(77, u32(1))), True),
    ("NEWROUTE, hoplimit 300", 24, ACK | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.11.0")) + attr(4, u32(V0)) + attr(8, attr(10, u32(300))), True),
    ("NEWROUTE, no CREATE, missing", 24, ACK, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.12.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE, REPLACE without CREATE, missing", 24, ACK | REPLACE, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.12.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE, header too short", 24, ACK | CREATE, b"\2\0\0\0", True),
    ("NEWROUTE, dst of two bytes", 24, ACK | CREATE, route(2, 24, 254, 3, 253, 1) + attr(1, b"\1\2") + attr(4, u32(V0)), True),
    ("NEWROUTE, family unspecified", 24, ACK | CREATE, route(0, 24, 254, 3, 253, 1) + attr(1, v4("192.0.9.0")) + attr(4, u32(V0)), True),
    ("DELROUTE, missing", 25, ACK, route(2, 24, 254, 0, 255, 0) + attr(1, v4("192.0.99.0")), True),
    ("DELROUTE, table 77", 25, ACK, route(2, 24, 77, 0, 255, 0) + attr(1, v4("192.0.99.0")), True),
    ("DELROUTE, host bits", 25, ACK, route(2, 24, 254, 0, 255, 0) + attr(1, v4("192.0.2.1")), True),
    ("NEWROUTE v6, prefix length 129", 24, ACK | CREATE | EXCL, route(10, 129, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, there already", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:8::")) + attr(5, v6("2001:db8::9")) + attr(6, u32(5)), True),
    ("NEWROUTE v6, oif 99", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")) + attr(4, u32(99)), True),
    ("NEWROUTE v6, no nexthop", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")), True),
    ("NEWROUTE v6, gateway out of reach", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")) + attr(5, v6("2001:dead::1")), True),
    ("NEWROUTE v6, link-local gateway without oif", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")) + attr(5, v6("fe80::1")), True),
    ("NEWROUTE v6, multicast gateway", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")) + attr(5, v6("ff02::1")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, prefsrc not ours", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:c::")) + attr(7, v6("2001:db8:ff::1")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, dst of four bytes", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1) + attr(1, v4("10.0.0.0")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, type 77", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 77) + attr(1, v6("2001:db8:c::")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, flags RTM_F_CLONED", 24, ACK | CREATE | EXCL, route(10, 48, 254, 3, 0, 1, 0x200) + attr(1, v6("2001:db8:c::")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, no CREATE, missing", 24, ACK, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:d::")) + attr(4, u32(V0)), True),
    ("NEWROUTE v6, REPLACE without CREATE, missing", 24, ACK | REPLACE, route(10, 48, 254, 3, 0, 1) + attr(1, v6("2001:db8:e::")) + attr(4, u32(V0)), True),
    ("DELROUTE v6, missing", 25, ACK, route(10, 48, 254, 0, 255, 0) + attr(1, v6("2001:db8:99::")), True),
    ("DELROUTE v6, table 77", 25, ACK, route(10, 48, 77, 0, 255, 0) + attr(1, v6("2001:db8:99::")), True),
    ("GETROUTE dump, dst_len set", 26, DUMP, route(2, 24), True),
    ("GETROUTE dump, scope set", 26, DUMP, route(2, scope=253), True),
    ("GETROUTE dump, attribute DST", 26, DUMP, route(2) + attr(1, v4("10.0.0.0")), True),
    ("GETROUTE dump, table 77", 26, DUMP, route(2) + attr(15, u32(77)), True),
    ("GETROUTE dump v6, table 77", 26, DUMP, route(10) + attr(15, u32(77)), True),
    ("GETROUTE dump, oif 99", 26, DUMP, route(2) + attr(4, u32(99)), True),
    ("GETROUTE dump, flags 0x1000", 26, DUMP, route(2, flags_=0x1000), True),
    ("GETROUTE dump, header of one byte", 26, DUMP, b"\2", True),
    ("GETROUTE, no destination", 26, 0, route(2, 0, flags_=0x1000), True),
    ("GETROUTE, dst_len 24", 26, 0, route(2, 24, flags_=0x1000) + attr(1, v4("192.0.2.0")), True),
    ("GETROUTE, scope set", 26, 0, route(2, 32, scope=253, flags_=0x1000) + attr(1, v4("192.0.2.1")), True),
    ("GETROUTE, attribute GATEWAY", 26, 0, route(2, 32, flags_=0x1000) + attr(1, v4("192.0.2.1")) + attr(5, v4("10.0.0.9")), True),
    ("GETROUTE, oif 99", 26, 0, route(2, 32, flags_=0x1000) + attr(1, v4("192.0.2.1")) + attr(4, u32(99)), True),
    ("GETROUTE, no route", 26, 0, route(2, 32, flags_=0x1000) + attr(1, v4("8.8.8.8")), True),
    ("GETROUTE v6, no destination", 26, 0, route(10, 0), True),
    ("GETROUTE v6, oif 99", 26, 0, route(10, 128) + attr(1, v6("2001:db8::5")) + attr(4, u32(99)), True),
    ("type 124 (beyond RTM_MAX)", 124, ACK, link(), True),
    ("type 119 (a hole)", 119, ACK, link(), True),
    ("GETLINK with an empty payload and ACK", 18, ACK, b"", True),
    ("NEWADDR success with ECHO", 20, ACK | 8 | CREATE | EXCL, addr(2, 24, V0) + attr(2, v4("10.44.0.1")), True),
    ("NEWROUTE success with ECHO", 24, ACK | 8 | CREATE | EXCL, route(2, 24, 254, 3, 253, 1) + attr(1, v4("192.0.77.0")) + attr(4, u32(V0)), True),
    ("DELLINK success with ECHO", 17, ACK | 8, link(4), True),
]
for title, kind, nl_flags, body, strict in cases:
    lines = ask(kind, nl_flags, body, strict)
    if "dump" in title and len(lines) > 12:
        lines = lines[:1] + ["…"] + lines[-3:]
    show(title + f" (request of {16 + len(body)} bytes)", lines[:60])

print("## Notifications\n\nHeaders and attributes as they arrive at a listener in the groups LINK, IPV4_IFADDR, IPV6_IFADDR, IPV4_ROUTE, IPV6_ROUTE.\n")
listener = open_socket(groups=(1 << 0) | (1 << 4) | (1 << 8) | (1 << 6) | (1 << 10))


def heard(title, *commands):
    for command in commands:
        ip(command)
    time.sleep(1.5)
    out = []
    listener.settimeout(0.3)
    try:
        while True:
            data = listener.recv(65536)
            while len(data) >= 16:
                lines = []
                data = data[message(data, lines):]
                if lines[0].startswith(("NEWLINK", "DELLINK")):
                    keep = ("IFLA_IFNAME", "IFLA_OPERSTATE", "IFLA_CARRIER", "IFLA_EVENT", "IFLA_LINK(", "IFLA_MTU", "IFLA_QDISC", "IFLA_STATS64", "IFLA_AF_SPEC", "IFLA_EXT_MASK", "IFLA_LINKINFO", "IFLA_PROTINFO", "ifinfomsg", "IFLA_WIRELESS")
                    if "family 10" in lines[1]:
                        keep = ("",)
                    lines = lines[:1] + [l for l in lines[1:] if l.strip().startswith(keep)]
                out += lines
    except TimeoutError:
        pass
    show(title, out)


heard("link add", "link add w0 address 02:00:00:00:00:0b type veth peer name w1 address 02:00:00:00:00:0c")
heard("link up, peer down", "link set w0 up")
heard("link up, peer up", "link set w1 up")
heard("address added, v4", "addr add 10.60.0.1/24 brd + dev w0")
heard("address added, v6", "addr add 2001:db8:60::1/64 dev w0")
heard("address deleted, v4", "addr del 10.60.0.1/24 dev w0")
heard("address deleted, v6", "addr del 2001:db8:60::1/64 dev w0")
heard("route added, replaced, appended, deleted, v4", "route add 192.0.60.0/24 dev w0", "route replace 192.0.60.0/24 dev w1", "route append 192.0.60.0/24 dev w0", "route del 192.0.60.0/24")
heard("route added, replaced, deleted, v6", "-6 route add 2001:db8:61::/48 dev w0", "-6 route replace 2001:db8:61::/48 dev w1", "-6 route del 2001:db8:61::/48")
heard("mtu", "link set w0 mtu 1400")
heard("rename", "link set w0 name w9", "link set w9 name w0")
heard("link down", "link set w0 down")
heard("link deleted", "link del w0")
