"""Sends requests whose attributes break their policies, and prints each answer: errno, text, offset, and the policy's own description."""
import socket
import struct

NETLINK_ROUTE, SOL_NETLINK, CAP_ACK, EXT_ACK, STRICT = 0, 270, 10, 11, 12
NLM_F_REQUEST, NLM_F_ACK, CREATE_EXCL = 1, 4, 0x600
NEWLINK, GETLINK, SETLINK, NEWADDR, NEWROUTE, NEWNSID = 16, 18, 19, 20, 24, 88
NESTED = 0x8000


def attribute(number, payload=b""):
    return struct.pack("HH", 4 + len(payload), number) + payload + b"\0" * (-len(payload) % 4)


def u32(value):
    return struct.pack("I", value)


def describe(answer):
    kind, flags = struct.unpack_from("HH", answer, 4)
    if kind != 2:
        return f"message {kind}"
    error = struct.unpack_from("i", answer, 16)[0]
    words, position = [str(error)], 36
    while flags & 0x200 and position + 4 <= len(answer):
        length, number = struct.unpack_from("HH", answer, position)
        value = answer[position + 4:position + length]
        number &= 0x3fff
        words.append(value.rstrip(b"\0").decode() if number == 1 else f"{number}: {value.hex(' ', 4)}")
        position += (length + 3) & ~3
    return ", ".join(words)


def ask(title, kind, body, flags=0, strict=0):
    client = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
    client.bind((0, 0))
    client.settimeout(5)
    for option, value in (CAP_ACK, 1), (EXT_ACK, 1), (STRICT, strict):
        client.setsockopt(SOL_NETLINK, option, value)
    client.send(struct.pack("IHHII", 16 + len(body), kind, NLM_F_REQUEST | NLM_F_ACK | flags, 1, 0) + body)
    print(f"{title}: {describe(client.recv(65536))}")
    client.close()


LO = struct.pack("BBHiII", 0, 0, 0, 1, 0, 0)
NONE = struct.pack("BBHiII", 0, 0, 0, 0, 0, 0)

for title, number, payload in (
    ("alias of 256 bytes", 20, b"a" * 256), ("empty name", 3, b""), ("name padded to 20", 3, b"abc" + bytes(17)), ("address of 33", 1, bytes(33)),
    ("index of -1", 49, struct.pack("i", -1)), ("index of 0", 49, u32(0)), ("empty mode", 17, b""), ("empty carrier", 33, b""),
    ("little segments", 41, u32(1)), ("little segments, IPv4", 63, u32(1)), ("tso size", 59, u32(1)), ("tso segments", 60, u32(1)), ("allmulticast", 61, u32(1)),
    ("immutable", 67, b"\0"), ("headroom", 68, bytes(2)), ("tailroom", 69, bytes(2)), ("pacing", 66, u32(0)), ("pin", 65, b""), ("pin, nested", 65 | NESTED, b""),
    ("map cut short", 14, b"ab"), ("info of 2", 18, b"ab"), ("xdp of 2", 43, b"ab"), ("empty state", 16, b""), ("vf of 2", 22, b"ab"), ("empty mask", 29, b""),
    ("empty other name", 53, b""), ("long other name", 53, b"a" * 200), ("namespace of 2", 46, b"ab"), ("queues of 0", 31, b""), ("namespace of 1", 37, b"a"),
    ("empty group", 27, b""), ("link of 2", 5, b"ab"), ("master of 2", 10, b"ab"), ("queue length of 2", 13, b"ab"), ("mtu of 2", 4, b"ab"), ("receive queues of 2", 32, b"ab"), ("proto down of 0", 39, b""), ("empty pid", 19, b""), ("empty file", 28, b""), ("unknown", 100, b""), ("undeclared", 8, b""),
):
    ask("set " + title, SETLINK, LO + attribute(number, payload))
for title, number, payload in ("undeclared", 8, b""), ("unknown", 100, b""), ("mtu of 5", 4, bytes(5)), ("headroom", 68, bytes(2)), ("mask of 5", 29, bytes(5)):
    ask("get, strict, " + title, GETLINK, LO + attribute(number, payload), strict=1)

VETH = attribute(1, b"veth\0")


def veth(title, name, *info):
    ask("veth, " + title, NEWLINK, NONE + attribute(3, name) + attribute(18, b"".join(info)), CREATE_EXCL)


veth("short peer", b"va\0", VETH, attribute(2, attribute(1, b"abc")))
veth("data before kind", b"vc\0", attribute(2, attribute(1, NONE + attribute(3, b"vd\0"))), VETH)
veth("short peer before kind", b"ve\0", attribute(2, attribute(1, b"abc")), VETH)
veth("unknown datum", b"vf\0", VETH, attribute(2, attribute(9, b"abc")))
veth("bad mtu in the peer", b"vg\0", VETH, attribute(2, attribute(1, NONE + attribute(4, b"a"))))
veth("rejected in the peer", b"vh\0", VETH, attribute(2, attribute(1, NONE + attribute(68, bytes(2)))))
veth("leftover in the peer", b"vi\0", VETH, attribute(2, attribute(1, NONE + b"abc")))

for title, number, payload in ("address of 3", 2, b"abc"), ("label of 17", 3, b"a" * 17), ("empty label", 3, b""), ("cache of 3", 6, b"abc"), ("flags of 2", 8, b"ab"), ("protocol of 0", 11, b""), ("priority of 2", 9, b"ab"), ("namespace of 2", 10, b"ab"):
    ask("address, " + title, NEWADDR, struct.pack("BBBBI", 2, 24, 0, 0, 1) + attribute(number, payload) + (attribute(2, bytes([10, 7, 0, 1])) if number != 2 else b""), CREATE_EXCL)

ROUTE = struct.pack("BBBBBBBBI", 2, 24, 0, 0, 254, 3, 0, 1, 0) + attribute(1, bytes([10, 9, 1, 0]))
for title, number, payload in (
    ("metrics of 2", 8, b"ab"), ("mark of 1", 16, b"a"), ("port of 1", 29, b"a"), ("empty source port", 28, b""), ("label", 31, u32(0)), ("label, nested", 31 | NESTED, u32(0)),
    ("nexthop of 1", 30, b"a"), ("empty protocol", 27, b""), ("source of 2", 2, b"ab"), ("preferred of 2", 7, b"ab"), ("user of 2", 25, b"ab"),
    ("empty encapsulation type", 21, b""), ("encapsulation of 2", 22, b"ab"), ("multipath of 2", 9, b"ab"), ("flow of 2", 11, b"ab"), ("device of 2", 4, b"ab"), ("incoming of 2", 3, b"ab"), ("table of 2", 15, b"ab"), ("priority of 2", 6, b"ab"),
):
    ask("route, " + title, NEWROUTE, ROUTE + attribute(number, payload), CREATE_EXCL)

for title, number in ("id", 1), ("process", 2), ("file", 3), ("target", 4):
    ask(f"namespace, {title} of 2", NEWNSID, bytes(4) + attribute(number, b"ab"))

ROUTE6 = struct.pack("BBBBBBBBI", 10, 64, 0, 0, 254, 3, 0, 1, 0) + attribute(1, bytes([0x20, 1, 0xd, 0xb8]) + bytes(12))
for title, number, payload in ("nexthop of 1", 30, b"a"), ("preferred of 2", 7, b"ab"), ("empty preference", 20, b""), ("expiry of 1", 23, b"a"), ("metrics of 2", 8, b"ab"), ("gateway of 4", 5, bytes(4)):
    ask("route, IPv6, " + title, NEWROUTE, ROUTE6 + attribute(number, payload), CREATE_EXCL)
