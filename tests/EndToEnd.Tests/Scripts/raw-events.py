#!/usr/bin/env python3
"""What every group says, and what requests and dumps are answered, header by header and attribute by attribute, as a script of changes runs.

  raw-events.py SIDE PART RESULT      SIDE is "kernel" or "server"

A listener has joined every group. After each change comes a record: the replies, then each event as "group type flags seq pid fields". A requester's
port and sequence are P and S, others' are 0 or ?. The groups that nobody serves here (neighbours, qdiscs, netconf, multicast and anycast addresses,
prefixes) are listed by what they say in the part "groups", and left out elsewhere.
"""
import sys, time
from rawnl import *

side, part, result = sys.argv[1:4]
GROUPS = range(1, 40)
# What the server says events of: links, addresses, routes, IPv6's view of links, namespace ids.
SERVED = (1, 5, 7, 9, 11, 12, 28)
PKTINFO = 3
D0, D1 = 10, 11
SETTLE = 1.3


def events(listener, quiet):
    """What has come, until nothing has for a while."""
    out = []
    listener.raw.settimeout(quiet)
    while True:
        try:
            data, control, _, _ = listener.raw.recvmsg(1 << 17, 64)
        except (TimeoutError, BlockingIOError):
            return out
        group = next((struct.unpack("I", c[:4])[0] for level, kind, c in control if level == 270 and kind == 3), 0)
        out += [(group,) + m for m in messages(data)]


def line(kind, flags, seq, pid, body, requester):
    fields = body_of(kind, body)
    return f"{RTM.get(kind, kind)} flags {flags:#x} seq {'S' if seq == requester.seq else '0' if seq == 0 else '?'} pid {'P' if pid == requester.port else '0' if pid == 0 else '?'} " + " ".join(fields)


class Script:
    def __init__(self, groups):
        self.record = Record(result)
        self.sock = Socket()
        self.listener = Socket(groups=groups)
        self.listener.raw.setsockopt(270, PKTINFO, 1)
        self.echo = 0

    def do(self, title, kind, flags, body, settle=False):
        """A change: its replies and what the groups say of it."""
        datagrams = self.sock.ask(kind, flags | ACK, body)
        if settle and side == "kernel":
            time.sleep(SETTLE)
        lines = []
        for got, got_flags, seq, pid, rest in (m for datagram in datagrams for m in datagram):
            if got in (2, 3):
                lines.append(f"reply {RTM[got]} flags {got_flags:#x} seq {'S' if seq == self.sock.seq else '?'} pid {'P' if pid == self.sock.port else '?'} {verdict(got, got_flags, rest)}")
            else:
                lines.append("reply " + line(got, got_flags, seq, pid, rest, self.sock))
        for group, *message in events(self.listener, 0.05 if side == "server" else 0.3):
            lines.append(f"{group} " + line(*message, self.sock))
        self.record.add(title, lines)

    def dump(self, title, kind, body, strict=False):
        sock = Socket(strict)
        lines = []
        for datagram in sock.ask(kind, DUMP, body):
            for message in datagram:
                lines.append(line(*message, sock) if message[0] not in (2, 3) else f"{RTM[message[0]]} flags {message[1]:#x} {verdict(message[0], message[1], message[4])}")
        self.record.add(title, lines)


def pair(flags=0, change=0):
    data = attr(0x8001, link(D1) + attr(3, text("d1")) + attr(1, mac(0x11)))
    return link(D0, flags, change) + attr(3, text("d0")) + attr(1, mac(0x10)) + attr(0x8012, attr(1, b"veth") + attr(0x8002, data))


def ifb(flags=0, change=0):
    return link(D0, flags, change) + attr(3, text("d0")) + attr(1, mac(0x10)) + attr(0x8012, attr(1, b"ifb"))


NEW = CREATE | EXCL
NODAD = attr(8, u32(2))


def links(s):
    s.do("a pair", NEWLINK, NEW, pair(), settle=True)
    s.do("d0 up, its peer down", NEWLINK, 0, link(D0, 1, 1), settle=True)
    s.do("d1 up, its peer up", NEWLINK, 0, link(D1, 1, 1), settle=True)
    s.do("mtu", NEWLINK, 0, link(D0) + attr(4, u32(1400)))
    s.do("mtu below IPv6's", NEWLINK, 0, link(D0) + attr(4, u32(1279)))
    s.do("mtu above it again", NEWLINK, 0, link(D0) + attr(4, u32(1500)))
    s.do("alias, group, txqlen", NEWLINK, 0, link(D0) + attr(20, b"to the lab") + attr(27, u32(5)) + attr(13, u32(9)))
    s.do("address", NEWLINK, 0, link(D0) + attr(1, mac(0x20)), settle=True)
    s.do("gso", NEWLINK, 0, link(D0) + attr(41, u32(60000)))
    s.do("addr_gen_mode none", NEWLINK, 0, link(D0) + attr(0x801a, attr(0x800a, attr(8, b"\1"))))
    s.do("addr_gen_mode eui64", NEWLINK, 0, link(D0) + attr(0x801a, attr(0x800a, attr(8, b"\0"))))
    s.do("token", NEWLINK, 0, link(D0) + attr(0x801a, attr(0x800a, attr(7, v6("::5")))))
    s.do("no token", NEWLINK, 0, link(D0) + attr(0x801a, attr(0x800a, attr(7, v6("::")))))
    s.do("promiscuous", NEWLINK, 0, link(D0, 0x100, 0x100))
    s.do("not promiscuous, with an echo", NEWLINK, ECHO, link(D0, 0, 0x100))
    s.do("rename", NEWLINK, 0, link(D0) + attr(3, text("w0")))
    s.do("link mode dormant", NEWLINK, 0, link(D0) + attr(17, b"\1"))
    s.do("operstate dormant", NEWLINK, 0, link(D0) + attr(16, b"\5"))
    s.do("operstate up, link mode default", NEWLINK, 0, link(D0) + attr(16, b"\6") + attr(17, b"\0"))
    s.dump("links", GETLINK, link())
    s.dump("links, strict", GETLINK, link(), strict=True)
    s.dump("links of IPv6", GETLINK, link(family=10))
    s.do("one link", GETLINK, 0, link(D0))
    s.do("d1 down", NEWLINK, 0, link(D1, 0, 1), settle=True)
    s.do("d0 down", SETLINK, 0, link(D0, 0, 1), settle=True)
    s.do("both gone", DELLINK, 0, link(D0), settle=True)
    s.do("a pair with an echo", NEWLINK, NEW | ECHO, pair())
    s.do("gone with an echo", DELLINK, ECHO, link(D1), settle=True)
    s.do("a pair, up at once", NEWLINK, NEW, pair(1, 1), settle=True)
    s.do("lo up", NEWLINK, 0, link(1, 1, 1))
    s.do("lo down", NEWLINK, 0, link(1, 0, 1))


def addresses(s):
    s.do("an ifb, up", NEWLINK, NEW, ifb(1, 1), settle=True)
    for flags, name in ((NEW, ""), (NEW | ECHO, " with an echo")):
        n = 1 if not flags & ECHO else 2
        s.do("v4" + name, NEWADDR, flags, addr(2, 24, D0) + attr(2, v4(f"10.23.{n}.1")) + attr(1, v4(f"10.23.{n}.1")) + attr(4, v4(f"10.23.{n}.255")) + attr(11, b"\7"))
        s.do("v6" + name, NEWADDR, flags, addr(10, 64, D0) + attr(2, v6(f"2001:db8:{n}::1")) + NODAD + attr(11, b"\7"), settle=True)
    s.do("v4, secondary, metric", NEWADDR, NEW, addr(2, 24, D0) + attr(2, v4("10.23.1.2")) + attr(1, v4("10.23.1.2")) + attr(9, u32(7)))
    s.do("v4, peer", NEWADDR, NEW, addr(2, 32, D0) + attr(2, v4("10.23.3.1")) + attr(1, v4("10.23.3.2")) + attr(3, text("d0:x")))
    s.do("v6, peer, metric", NEWADDR, NEW, addr(10, 64, D0) + attr(2, v6("2001:db8:3::1")) + attr(1, v6("2001:db8:3::2")) + NODAD + attr(9, u32(7)), settle=True)
    s.do("v4 replaced", NEWADDR, REPLACE, addr(2, 24, D0) + attr(2, v4("10.23.1.1")) + attr(1, v4("10.23.1.1")) + attr(6, struct.pack("IIII", 50, 100, 0, 0)))
    s.do("v6 replaced", NEWADDR, REPLACE, addr(10, 64, D0) + attr(2, v6("2001:db8:1::1")) + NODAD + attr(6, struct.pack("IIII", 50, 100, 0, 0)), settle=True)
    s.dump("addresses of IPv4", GETADDR, addr(2))
    s.dump("addresses of IPv6", GETADDR, addr(10))
    s.dump("addresses, strict", GETADDR, addr(0), strict=True)
    s.do("one address", GETADDR, 0, addr(10, 0, D0) + attr(1, v6("2001:db8:2::1")))
    s.do("rename", NEWLINK, 0, link(D0) + attr(3, text("w0")))
    s.do("v4 gone", DELADDR, 0, addr(2, 24, D0) + attr(2, v4("10.23.2.1")))
    s.do("v6 gone", DELADDR, 0, addr(10, 64, D0) + attr(2, v6("2001:db8:2::1")), settle=True)
    s.do("v4 primary gone, with an echo", DELADDR, ECHO, addr(2, 24, D0) + attr(2, v4("10.23.1.1")))
    s.do("v6 gone, with an echo", DELADDR, ECHO, addr(10, 64, D0) + attr(2, v6("2001:db8:1::1")), settle=True)
    s.do("down", NEWLINK, 0, link(D0, 0, 1), settle=True)
    s.do("up", NEWLINK, 0, link(D0, 1, 1), settle=True)
    s.do("the link gone", DELLINK, 0, link(D0), settle=True)


def routes(s):
    s.do("an ifb, up", NEWLINK, NEW, ifb(1, 1), settle=True)
    s.do("v4 address", NEWADDR, NEW, addr(2, 24, D0) + attr(2, v4("10.23.1.1")) + attr(1, v4("10.23.1.1")))
    s.do("v6 address", NEWADDR, NEW, addr(10, 64, D0) + attr(2, v6("2001:db8:1::1")) + NODAD, settle=True)
    plain = lambda flags=0, gate="10.23.1.9", proto=4: route(2, 24, 254, proto, 0, 1) + attr(1, v4("192.0.2.0")) + attr(5, v4(gate))
    plain6 = lambda metric=1024, gate="2001:db8:1::9": route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:2::")) + attr(5, v6(gate)) + attr(6, u32(metric))
    s.do("v4 add", NEWROUTE, NEW, plain())
    s.do("v4 append", NEWROUTE, CREATE | APPEND, plain(gate="10.23.1.8"))
    s.do("v4 prepend", NEWROUTE, CREATE, plain(gate="10.23.1.7"))
    s.do("v4 replace", NEWROUTE, CREATE | REPLACE, plain(gate="10.23.1.6"))
    s.do("v4 change, with an echo", NEWROUTE, REPLACE | ECHO, plain(gate="10.23.1.5"))
    s.do("v4 blackhole", NEWROUTE, NEW, route(2, 24, 254, 4, 0, 6) + attr(1, v4("192.0.3.0")))
    s.do("v4 metrics, prefsrc", NEWROUTE, NEW, route(2, 24, 254, 4, 0, 1) + attr(1, v4("192.0.4.0")) + attr(5, v4("10.23.1.9")) + attr(7, v4("10.23.1.1")) + attr(6, u32(3)) + attr(0x8008, attr(2, u32(1400))))
    s.do("v6 add", NEWROUTE, NEW, plain6())
    s.do("v6 replace", NEWROUTE, CREATE | REPLACE, plain6(gate="2001:db8:1::8"))
    s.do("v6 change, with an echo", NEWROUTE, REPLACE | ECHO, plain6(gate="2001:db8:1::7"))
    s.do("v6 another metric", NEWROUTE, CREATE, plain6(metric=5))
    s.do("v6 blackhole", NEWROUTE, NEW, route(10, 48, 254, 4, 0, 6) + attr(1, v6("2001:db8:3::")))
    s.do("v6 metrics, prefsrc", NEWROUTE, NEW, route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:4::")) + attr(5, v6("2001:db8:1::9")) + attr(7, v6("2001:db8:1::1")) + attr(0x8008, attr(2, u32(1400))))
    s.dump("routes of IPv4", GETROUTE, route(2))
    s.dump("routes of IPv6", GETROUTE, route(10))
    s.do("one route", GETROUTE, 0, route(2, 32) + attr(1, v4("192.0.2.1")))
    s.do("one route of IPv6", GETROUTE, 0, route(10, 128) + attr(1, v6("2001:db8:2::1")))
    s.do("v4 del", DELROUTE, 0, route(2, 24, 254, 0, 255, 0) + attr(1, v4("192.0.2.0")))
    s.do("v6 del, with an echo", DELROUTE, ECHO, route(10, 48, 254, 0, 255, 0) + attr(1, v6("2001:db8:2::")))
    s.do("down", NEWLINK, 0, link(D0, 0, 1), settle=True)
    s.do("up", NEWLINK, 0, link(D0, 1, 1), settle=True)
    s.do("the link gone", DELLINK, 0, link(D0), settle=True)


def carrier(s):
    s.do("a pair, up", NEWLINK, NEW, pair(1, 1), settle=True)
    s.do("d1 up", NEWLINK, 0, link(D1, 1, 1), settle=True)
    s.do("v4 address", NEWADDR, NEW, addr(2, 24, D0) + attr(2, v4("10.23.1.1")) + attr(1, v4("10.23.1.1")))
    s.do("v6 address", NEWADDR, NEW, addr(10, 64, D0) + attr(2, v6("2001:db8:1::1")) + NODAD, settle=True)
    s.do("a route of each", NEWROUTE, NEW, route(2, 24, 254, 4, 0, 1) + attr(1, v4("192.0.2.0")) + attr(5, v4("10.23.1.9")))
    s.do("a route of each, IPv6", NEWROUTE, NEW, route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:2::")) + attr(5, v6("2001:db8:1::9")))
    s.do("the peer down", NEWLINK, 0, link(D1, 0, 1), settle=True)
    s.dump("routes of IPv4 without carrier", GETROUTE, route(2))
    s.dump("routes of IPv6 without carrier", GETROUTE, route(10))
    s.do("a route without carrier", NEWROUTE, NEW, route(2, 24, 254, 4, 0, 1) + attr(1, v4("192.0.3.0")) + attr(5, v4("10.23.1.9")))
    s.do("a route without carrier, IPv6", NEWROUTE, NEW, route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:3::")) + attr(5, v6("2001:db8:1::9")))
    s.do("the peer up", NEWLINK, 0, link(D1, 1, 1), settle=True)
    s.dump("routes of IPv4 with carrier", GETROUTE, route(2))
    s.do("v4 address gone", DELADDR, 0, addr(2, 24, D0) + attr(2, v4("10.23.1.1")))


def groups(s):
    """Which groups can be joined, and which say something as everything above happens."""
    joined = []
    for group in GROUPS:
        try:
            Socket(groups=(group,)).raw.close()
            joined.append(group)
        except OSError as problem:
            s.record.add(f"joining {group}", [errno.errorcode[problem.errno]])
    s.record.add("joined", [", ".join(map(str, joined))])
    heard = {}
    inner = Socket(groups=GROUPS)
    inner.raw.setsockopt(270, PKTINFO, 1)
    quiet, s.record = s.record, Record("/dev/null")
    for run in (links, addresses, routes, carrier):
        run(s)
        for body in [b for _, b in s.sock.dump(GETLINK, link())]:
            if struct.unpack_from("i", body, 4)[0] != 1:
                s.sock.ask(DELLINK, ACK, link(struct.unpack_from("i", body, 4)[0]))
    time.sleep(SETTLE if side == "kernel" else 0.1)
    for group, kind, _, _, _, body in events(inner, 0.3):
        heard.setdefault(group, set()).add(f"{RTM.get(kind, kind)} of family {body[0]}")
    s.record = quiet
    for group in sorted(heard):
        s.record.add(f"group {group}", sorted(heard[group]))


PARTS = {"links": links, "addresses": addresses, "routes": routes, "carrier": carrier, "groups": groups}
prepare(side)
script = Script(SERVED)
PARTS[part](script)
script.record.close()
