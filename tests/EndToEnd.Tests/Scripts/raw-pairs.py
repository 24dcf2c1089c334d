#!/usr/bin/env python3
"""Every option given to a veth and every option given to its peer, in all combinations of two: errno, and what both ends are then.

  raw-pairs.py SIDE PART RESULT      SIDE is "kernel" or "server", PART "all", "unsaid" (nothing at all is said of the peer) or the option of the veth itself
"""
import sys, time
from rawnl import *

side, part, result = sys.argv[1:4]
X, Y = 20, 21

# Name, flags of the header, attributes; the index of the header is told apart.
OPTIONS = {
    "none": (0, b""),
    "address": (0, attr(1, mac(0x31))),
    "address-bad": (0, attr(1, b"\1\0\0\0\0\1")),
    "address-zero": (0, attr(1, bytes(6))),
    "broadcast": (0, attr(2, mac(0x32))),
    "mtu": (0, attr(4, u32(1400))),
    "mtu-small": (0, attr(4, u32(67))),
    "mtu-large": (0, attr(4, u32(65536))),
    "mtu-below-inet6": (0, attr(4, u32(1279))),
    "txqlen": (0, attr(13, u32(9))),
    "txqueues": (0, attr(31, u32(3))),
    "txqueues-none": (0, attr(31, u32(0))),
    "rxqueues": (0, attr(32, u32(3))),
    "gso": (0, attr(41, u32(60000)) + attr(40, u32(100))),
    "gro": (0, attr(58, u32(60000))),
    "group": (0, attr(27, u32(7))),
    "up": (1, b""),
    "noarp": (0x80, b""),
    "mode": (0, attr(17, b"\1")),
    "operstate": (0, attr(16, b"\5")),
    "alias": (0, attr(20, b"alias")),
    "carrier": (0, attr(33, b"\0")),
    "master": (0, attr(10, u32(1))),
    "master-none": (0, attr(10, u32(99))),
    "name-taken": (0, attr(3, text("lo"))),
    "name-template": (0, attr(3, text("t%d"))),
    "name-same": (0, attr(3, text("same"))),
    "index-taken": (0, b""),
    "index-same": (0, b""),
    "link": (0, attr(5, u32(1))),
    "netns-id-none": (0, attr(46, u32(9))),
}


def header(name, index):
    flags, attributes = OPTIONS[name]
    index = {"index-taken": 1, "index-same": 30}.get(name, index)
    return link(index, flags, flags), attributes


def named(attributes, name):
    return b"" if attributes[2:4] == b"\3\0" else attr(3, text(name))


def state(s):
    """Both ends, by what their request may have set."""
    out = []
    for kind, body in s.dump(GETLINK, link() + attr(29, u32(8))):
        index = struct.unpack_from("i", body, 4)[0]
        if index == 1:
            continue
        fields = body_of(kind, body, flat=True)
        keep = [f for f in fields if f.split("=")[0] in ("IFNAME", "TXQLEN", "OPERSTATE", "LINKMODE", "MTU", "GROUP", "NUM_TX_QUEUES", "NUM_RX_QUEUES", "GSO_MAX_SEGS", "GSO_MAX_SIZE", "GRO_MAX_SIZE",
                                                         "GSO_IPV4_MAX_SIZE", "GRO_IPV4_MAX_SIZE", "CARRIER", "IFALIAS", "ADDRESS", "BROADCAST", "LINK", "QDISC", "AF_SPEC.INET6.FLAGS")]
        keep = [("ADDRESS=random" if f.startswith("ADDRESS=") and not f.startswith("ADDRESS=0200000000") else f) for f in keep]
        keep = ["LINK=*" if f.startswith("LINK=") and f[5:] not in ("0", "20", "21", "30") else f for f in keep]
        shown = str(index) if index in (X, Y, 30) else "*"
        out.append((fields[1], index, [",".join(fields[0].split(",")[:3] + [shown] + fields[0].split(",")[4:])] + keep))
    return [(index, fields) for _, index, fields in sorted(out)]


# What the first pair is, of which nothing was said; of the others only what differs is told.
usual = []
record = Record(result)
sock, look = Socket(), Socket()
for own in list(OPTIONS) if part in ("all", "unsaid") else [part]:
    for other in list(OPTIONS) if part != "unsaid" else [None]:
        head, attributes = header(own, X)
        if other is None:
            data = b""
        else:
            peer, peer_attributes = header(other, Y)
            data = attr(0x8002, attr(0x8001, peer + named(peer_attributes, "x1") + peer_attributes))
        said = sock.outcome(NEWLINK, CREATE | EXCL | ACK, head + named(attributes, "x0") + attributes + attr(0x8012, attr(1, b"veth") + data))
        if side == "kernel" and own == "up" and said == "ok":
            # The link watch finds the state a second later.
            time.sleep(1.3)
        links = state(look)
        record.add(f"{own}, its peer {other or 'unsaid'}", [said] + [" ".join(f for n, f in enumerate(fields) if n < 2 or f not in usual) for _, fields in links])
        usual = usual or [field for _, fields in links for field in fields]
        for index, _ in links:
            sock.ask(DELLINK, ACK, link(index))
record.close()
