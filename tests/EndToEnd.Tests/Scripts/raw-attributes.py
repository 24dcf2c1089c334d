#!/usr/bin/env python3
"""Every attribute of every message, absent to beyond its ends, against a link, an address or a route that is put back after each change.

  raw-attributes.py SIDE SHARD RESULT      SIDE is "kernel" or "server"

For every attribute number, the variants of the payload that were answered alike share a line: what was answered, "->" and what changed, and the payloads.
Never run in the machine's own network namespace: NET_NS_PID moves links. `unshare -nm --pid --fork` makes one in which every pid is this script's.
"""
import sys, time
from rawnl import *

side, shard, result = sys.argv[1:4]
NESTED, NET_ORDER = 0x8000, 0x4000
D0, D1, X0 = 10, 11, 20


def numbers(*values):
    return [(str(v), u32(v)) for v in values]


LENGTHS = [(f"zero[{n}]", bytes(n)) for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 20, 24, 28, 31, 32, 33, 36, 40, 64)]
VALUES = [(v.hex(), v) for v in (b"\1", b"\2", b"\3", b"\4", b"\x7f", b"\xff", b"\1\0", b"\xff\xff", mac(0x99), b"\1\0\0\0\0\0", b"\1" + bytes(7), b"\xff" * 6, b"\xff" * 8, b"\xff" * 16)]
NUMBERS = numbers(1, 2, 5, 10, 11, 67, 68, 193, 1400, 4096, 4097, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff)
TEXTS = [("d0.", b"d0\0"), ("d1.", b"d1\0"), ("x.", b"x\0"), ("x", b"x"), ("a/b.", b"a/b\0"), ("t%d.", b"t%d\0"), ("a*15", b"a" * 15), ("a*15.", b"a" * 15 + b"\0"), ("a*16", b"a" * 16),
         ("a*127.", b"a" * 127 + b"\0"), ("a*128", b"a" * 128), ("a*128.", b"a" * 128 + b"\0"), ("a*255", b"a" * 255), ("a*256", b"a" * 256), ("a*257", b"a" * 257)]
NESTS = [("{1}", attr(1)), ("{1:u8}", attr(1, b"\1")), ("{1:u32}", attr(1, u32(1))), ("{2:u32}", attr(2, u32(1))), ("{99:u32}", attr(99, u32(1))), ("{broken}", b"\x20\0\1\0"), ("{short}", b"\3\0\1\0")]
EVERY = LENGTHS + VALUES + NUMBERS + TEXTS + NESTS
FEW = [LENGTHS[i] for i in (0, 1, 2, 4, 8, 12, 22)] + [VALUES[i] for i in (0, 5, 8, 12)] + [NUMBERS[i] for i in (0, 8, 12, 15)] + [TEXTS[i] for i in (0, 2, 8, 10)] + [NESTS[i] for i in (0, 2, 4, 5)]
# Each with the bit of a nest, and of network order.
BITS = [("N zero[0]", NESTED, b""), ("N zero[4]", NESTED, bytes(4)), ("N {1:u32}", NESTED, attr(1, u32(1))), ("N {99:u32}", NESTED, attr(99, u32(1))), ("O zero[4]", NET_ORDER, bytes(4))]


class Links:
    """A pair of links, down."""

    def build(self, s):
        data = attr(0x8000 | 1, link(D1) + attr(3, text("d1")) + attr(1, mac(0x11)))
        must(s, NEWLINK, CREATE | EXCL | ACK, link(D0) + attr(3, text("d0")) + attr(1, mac(0x10)) + attr(0x8012, attr(1, b"veth") + attr(0x8002, data)))

    def state(self, s):
        return [(k, b) for k, b in s.dump(GETLINK, link() + attr(29, u32(8))) if struct.unpack_from("i", b, 4)[0] != 1]

    def clear(self, s):
        for kind, body in self.state(s):
            s.ask(DELLINK, ACK, link(struct.unpack_from("i", body, 4)[0]))


class Addresses:
    """A link that is up, with an address of each family. What the kernel does a moment later by itself is waited for, or not looked at."""

    def __init__(self, family):
        self.family = family

    def build(self, s):
        must(s, NEWLINK, CREATE | EXCL | ACK, link(D0, 1, 1) + attr(3, text("d0")) + attr(1, mac(0x10)) + attr(0x8012, attr(1, b"ifb")))
        must(s, NEWADDR, CREATE | EXCL | ACK, addr(2, 24, D0) + attr(1, v4("10.23.7.1")) + attr(2, v4("10.23.7.1")))
        must(s, NEWADDR, CREATE | EXCL | ACK, addr(10, 64, D0, flags=2) + attr(1, v6("2001:db8:7::1")))
        for _ in range(200 if self.family == 10 else 0):
            if sum(1 for _, body in s.dump(GETADDR, addr(10)) if not body[2] & 0x40) == 2:
                break
            time.sleep(0.01)

    def state(self, s):
        return [(k, settled(b)) for k, b in s.dump(GETADDR, addr(self.family))]

    def clear(self, s):
        s.ask(DELLINK, ACK, link(D0))


def settled(body):
    """An address without IFA_F_TENTATIVE and its times: duplicate address detection is the kernel's own pace."""
    out = bytearray(body)
    out[2] &= 0xbf
    at = 8
    while at + 4 <= len(out):
        length, kind = struct.unpack_from("HH", out, at)
        if kind == 8:
            out[at + 4] &= 0xbf
        if kind == 6:
            out[at + 12:at + 20] = bytes(8)
        at += (length + 3) & ~3
    return bytes(out)


class Routes(Addresses):
    """The same, and a route of each family through it; of routes, those that are not the kernel's own."""

    def build(self, s):
        super().build(s)
        must(s, NEWROUTE, CREATE | EXCL | ACK, route(2, 24, 254, 4, 0, 1) + attr(1, v4("192.0.2.0")) + attr(5, v4("10.23.7.9")))
        must(s, NEWROUTE, CREATE | EXCL | ACK, route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:2::")) + attr(5, v6("2001:db8:7::9")))

    def state(self, s):
        return [(k, b) for k, b in s.dump(GETROUTE, route(self.family)) if b[5] != 2]

    def put_back(self, s, before, after):
        """Deletes the routes that are new, which is quicker than a link."""
        if any(m not in after for m in before):
            return False
        for kind, body in after:
            if (kind, body) not in before:
                s.ask(DELROUTE, ACK, body[:8] + bytes(4) + body[12:])
        return self.state(s) == before


def must(s, kind, flags, body):
    said = s.outcome(kind, flags, body)
    if not said.startswith("ok"):
        raise SystemExit(f"{shard}: what is needed beforehand ({RTM[kind]}) was answered {said}")


def named(names, number):
    return f"{number} {names[number]}" if number in names else str(number)


KNOWN = [mac(last).hex() for last in range(256)] + ["010000000000", "ffffffffffff", "000000000000"]


def readable(kind, body, sent):
    """A message of the state as its header and, in no order, its attributes: what is random is masked."""
    fields = body_of(kind, body, flat=True)
    out = []
    for field in fields:
        name, _, value = field.partition("=")
        if name in ("ADDRESS", "BROADCAST") and fields[0].startswith("ifinfomsg") and value not in KNOWN and value not in sent:
            value = "random"
        if name == "LINK" and value not in ("0", "10", "11", "20", "21"):
            value = "*"
        if name.startswith("ifinfomsg") and name.split(",")[3] not in ("1", "10", "11", "20", "21"):
            name = ",".join(name.split(",")[:3] + ["*"] + name.split(",")[4:])
        if name == "PERM_ADDRESS":
            value = "*"
        out.append(f"{name}={value}" if _ else name)
    return out[:1] + sorted(out[1:])


def changed(before, after, sent, usual=()):
    """What became of the state: what is new, gone or other; of what is new, what differs from the usual, which came of the request without the attribute."""
    left = [(k, b) for k, b in before if (k, b) not in after]
    right = [(k, b) for k, b in after if (k, b) not in before]
    left = [readable(k, b, sent) for k, b in left]
    right = [readable(k, b, sent) for k, b in right]
    out = []
    for new in list(right):
        same = next((old for old in left if key(old) == key(new)), None)
        if same is None:
            same = next((old for old in usual if key(old) == key(new)), None)
            if same is None:
                out.append("+" + " ".join(new))
            else:
                gained, lost = [f for f in new if f not in same], [f for f in same if f not in new]
                out.append("new " + key(new) + (": " if gained or lost else "") + " ".join(["-" + f for f in lost] + ["+" + f for f in gained]))
            continue
        left.remove(same)
        gained, lost = [f for f in new if f not in same], [f for f in same if f not in new]
        if gained or lost:
            out.append(key(new) + ": " + " ".join(["-" + f for f in lost] + ["+" + f for f in gained]))
    out += ["-" + key(old) for old in left]
    return "; ".join(out)


def key(fields):
    if fields[0].startswith("rtmsg"):
        return " ".join(f for f in fields if f.split("=")[0] in ("DST", "PRIORITY", "TABLE"))
    if fields[0].startswith("ifaddrmsg"):
        return " ".join(f for f in fields if f.split("=")[0] in ("LOCAL", "ADDRESS"))
    return fields[0].split(",")[3]


def sweep(bed, title, kind, flags, before, names, highest, wrap=lambda a: a, variants=EVERY, strict=False, skip=()):
    """One message, every attribute number, every payload."""
    ask = Socket(strict)
    look = Socket()
    bed.build(look)
    state = bed.state(look)
    usual = []
    if flags & CREATE and ask.outcome(kind, flags, before + wrap(b"")).startswith("ok"):
        usual = [readable(k, b, "") for k, b in bed.state(look) if (k, b) not in state]
        bed.clear(look)
        bed.build(look)
        state = bed.state(look)
    for number in [n for n in range(highest + 4) if n not in skip] + ([200, 0x3fff] if highest >= 30 else []):
        lines = {}
        for label, bits, payload in [(label, 0, payload) for label, payload in variants] + BITS:
            said = ask.outcome(kind, flags, before + wrap(attr(number | bits, payload)))
            after = bed.state(look)
            if after != state:
                difference = changed(state, after, payload.hex(), usual)
                said += f" -> {difference}" if difference else ""
                if difference and not (hasattr(bed, "put_back") and bed.put_back(look, state, after)):
                    bed.clear(look)
                    bed.build(look)
                state = bed.state(look)
            lines.setdefault(said, []).append(label)
        record.add(f"{title}, {named(names, number)}", [f"{said}: {', '.join(labels)}" for said, labels in lines.items()])
    bed.clear(look)


def veth(peer=b""):
    return attr(0x8012, attr(1, b"veth") + attr(0x8002, attr(0x8001, link(X0 + 1) + attr(3, text("x1")) + peer)))


IFLA_MAX, IFA_MAX, RTA_MAX = 69, 11, 31
links, addresses, addresses6, routes, routes6 = Links(), Addresses(2), Addresses(10), Routes(2), Routes(10)
by_index = link(D0)
X = link(X0) + attr(3, text("x0"))
C = CREATE | EXCL | ACK


def inside(outer, *path):
    """Puts an attribute into nests, the outermost first."""
    def wrap(inner):
        for kind in reversed((outer,) + path):
            inner = attr(kind, inner)
        return inner
    return wrap


SHARDS = {
    "newlink-change": lambda: sweep(links, "NEWLINK d0", NEWLINK, ACK, by_index, IFLA, IFLA_MAX),
    "setlink": lambda: sweep(links, "SETLINK d0", SETLINK, ACK, by_index, IFLA, IFLA_MAX, variants=FEW),
    "newlink-create": lambda: sweep(links, "NEWLINK a veth", NEWLINK, C, X + veth(), IFLA, IFLA_MAX, variants=FEW, skip=(3, 18)),
    "newlink-peer": lambda: sweep(links, "NEWLINK a veth, its peer", NEWLINK, C, X, IFLA, IFLA_MAX, wrap=veth, variants=FEW, skip=(3, 18)),
    "newlink-ifb": lambda: sweep(links, "NEWLINK an ifb", NEWLINK, C, X + attr(0x8012, attr(1, b"ifb")), IFLA, IFLA_MAX, variants=FEW, skip=(3, 18)),
    "dellink": lambda: sweep(links, "DELLINK of nothing", DELLINK, ACK, link(99), IFLA, IFLA_MAX),
    "getlink": lambda: (sweep(links, "GETLINK d0", GETLINK, ACK, by_index, IFLA, IFLA_MAX),
                        sweep(links, "GETLINK d0, strict", GETLINK, ACK, by_index, IFLA, IFLA_MAX, variants=FEW, strict=True),
                        sweep(links, "GETLINK dump, strict", GETLINK, DUMP, link(), IFLA, IFLA_MAX, variants=FEW, strict=True)),
    "newlink-nests": lambda: (
        sweep(links, "NEWLINK d0, LINKINFO", NEWLINK, ACK, by_index, INFO, 5, wrap=inside(0x8012)),
        sweep(links, "NEWLINK d0, LINKINFO veth", NEWLINK, ACK, by_index, INFO, 5, wrap=lambda a: attr(0x8012, attr(1, b"veth") + a)),
        sweep(links, "SETLINK d0, LINKINFO", SETLINK, ACK, by_index, INFO, 5, wrap=inside(0x8012)),
        sweep(links, "NEWLINK an ifb, LINKINFO", NEWLINK, C, X, INFO, 5, wrap=lambda a: attr(0x8012, attr(1, b"ifb") + a)),
        sweep(links, "NEWLINK a veth, INFO_DATA", NEWLINK, C, X, {1: "PEER"}, 1, wrap=lambda a: attr(0x8012, attr(1, b"veth") + attr(0x8002, a))),
        sweep(links, "NEWLINK an ifb, INFO_DATA", NEWLINK, C, X, {}, 1, wrap=lambda a: attr(0x8012, attr(1, b"ifb") + attr(0x8002, a))),
        sweep(links, "SETLINK d0, INFO_DATA veth", SETLINK, ACK, by_index, {1: "PEER"}, 1, wrap=lambda a: attr(0x8012, attr(1, b"veth") + attr(0x8002, a)))),
    "afspec": lambda: (
        sweep(links, "NEWLINK d0, AF_SPEC", NEWLINK, ACK, by_index, {2: "INET", 10: "INET6", 7: "BRIDGE"}, 46, wrap=inside(0x801a), variants=FEW),
        sweep(links, "NEWLINK d0, AF_SPEC INET", NEWLINK, ACK, by_index, {1: "CONF"}, 1, wrap=inside(0x801a, 0x8002)),
        sweep(links, "NEWLINK d0, AF_SPEC INET CONF", NEWLINK, ACK, by_index, {}, 33, wrap=inside(0x801a, 0x8002, 0x8001), variants=FEW, skip=range(3, 33)),
        sweep(links, "NEWLINK d0, AF_SPEC INET6", NEWLINK, ACK, by_index, INET6, 9, wrap=inside(0x801a, 0x800a)),
        sweep(links, "SETLINK d0, AF_SPEC INET6", SETLINK, ACK, by_index, INET6, 9, wrap=inside(0x801a, 10), variants=FEW),
        sweep(links, "NEWLINK an ifb, AF_SPEC INET6", NEWLINK, C, X + attr(0x8012, attr(1, b"ifb")), INET6, 9, wrap=inside(0x801a, 0x800a), variants=FEW)),
    "nests": lambda: (
        sweep(links, "NEWLINK d0, XDP", NEWLINK, ACK, by_index, XDP, 8, wrap=inside(0x802b)),
        sweep(links, "NEWLINK d0, PROP_LIST", NEWLINK, ACK, by_index, IFLA, 53, wrap=inside(0x8034), variants=FEW),
        sweep(links, "NEWLINK d0, VFINFO_LIST", NEWLINK, ACK, by_index, {1: "VF_INFO"}, 1, wrap=inside(0x8016)),
        sweep(links, "NEWLINK d0, VF_PORTS", NEWLINK, ACK, by_index, {1: "VF_PORT"}, 1, wrap=inside(0x8018)),
        sweep(links, "NEWLINK d0, PORT_SELF", NEWLINK, ACK, by_index, {1: "VF", 2: "PROFILE"}, 8, wrap=inside(0x8019), variants=FEW),
        sweep(links, "NEWLINK d0, PROTO_DOWN_REASON", NEWLINK, ACK, by_index, {1: "MASK", 2: "VALUE"}, 2, wrap=inside(0x8037))),
    "addr4": lambda: (
        sweep(addresses, "NEWADDR 10.23.8.1", NEWADDR, C, addr(2, 24, D0) + attr(2, v4("10.23.8.1")), IFA, IFA_MAX, skip=(2,)),
        sweep(addresses, "NEWADDR 10.23.7.1 again", NEWADDR, ACK | REPLACE, addr(2, 24, D0) + attr(2, v4("10.23.7.1")), IFA, IFA_MAX, variants=FEW),
        sweep(addresses, "DELADDR of nothing", DELADDR, ACK, addr(2, 24, D0) + attr(2, v4("10.23.9.1")), IFA, IFA_MAX)),
    "addr6": lambda: (
        sweep(addresses6, "NEWADDR 2001:db8:8::1", NEWADDR, C, addr(10, 64, D0) + attr(2, v6("2001:db8:8::1")), IFA, IFA_MAX, skip=(2,)),
        sweep(addresses6, "NEWADDR 2001:db8:7::1 again", NEWADDR, ACK | REPLACE, addr(10, 64, D0) + attr(2, v6("2001:db8:7::1")), IFA, IFA_MAX, variants=FEW),
        sweep(addresses6, "DELADDR of nothing, v6", DELADDR, ACK, addr(10, 64, D0) + attr(2, v6("2001:db8:9::1")), IFA, IFA_MAX),
        sweep(addresses6, "GETADDR 2001:db8:7::1", GETADDR, ACK, addr(10, 0, D0) + attr(1, v6("2001:db8:7::1")), IFA, IFA_MAX, variants=FEW)),
    "route4": lambda: (
        sweep(routes, "NEWROUTE 192.0.3.0/24", NEWROUTE, C, route(2, 24, 254, 4, 253, 1) + attr(1, v4("192.0.3.0")) + attr(4, u32(D0)), RTA, RTA_MAX),
        sweep(routes, "DELROUTE of nothing", DELROUTE, ACK, route(2, 24, 254, 0, 255, 0) + attr(1, v4("192.0.9.0")), RTA, RTA_MAX),
        sweep(routes, "GETROUTE 192.0.2.1", GETROUTE, ACK, route(2, 32) + attr(1, v4("192.0.2.1")), RTA, RTA_MAX, variants=FEW),
        sweep(routes, "NEWROUTE 192.0.3.0/24, METRICS", NEWROUTE, C, route(2, 24, 254, 4, 253, 1) + attr(1, v4("192.0.3.0")) + attr(4, u32(D0)), RTAX, 17, wrap=inside(0x8008), variants=FEW)),
    "route6": lambda: (
        sweep(routes6, "NEWROUTE 2001:db8:3::/48", NEWROUTE, C, route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:3::")) + attr(4, u32(D0)), RTA, RTA_MAX),
        sweep(routes6, "DELROUTE of nothing, v6", DELROUTE, ACK, route(10, 48, 254, 0, 255, 0) + attr(1, v6("2001:db8:9::")), RTA, RTA_MAX),
        sweep(routes6, "GETROUTE 2001:db8:2::1", GETROUTE, ACK, route(10, 128) + attr(1, v6("2001:db8:2::1")), RTA, RTA_MAX, variants=FEW),
        sweep(routes6, "NEWROUTE 2001:db8:3::/48, METRICS", NEWROUTE, C, route(10, 48, 254, 4, 0, 1) + attr(1, v6("2001:db8:3::")) + attr(4, u32(D0)), RTAX, 17, wrap=inside(0x8008), variants=FEW)),
    "nsid": lambda: (
        sweep(links, "NEWNSID", NEWNSID, ACK, struct.pack("I", 0), NSID, 5),
        sweep(links, "NEWNSID 7", NEWNSID, ACK, struct.pack("I", 0) + attr(1, u32(7)), NSID, 5),
        sweep(links, "GETNSID", GETNSID, ACK, struct.pack("I", 0), NSID, 5),
        sweep(links, "GETNSID, strict", GETNSID, ACK, struct.pack("I", 0), NSID, 5, strict=True)),
}

if shard == "--list":
    print("\n".join(SHARDS))
    sys.exit()
prepare(side)
record = Record(result)
SHARDS[shard]()
record.close()
