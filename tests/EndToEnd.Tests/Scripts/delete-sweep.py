"""Deletes what is not there: delete-sweep.py route|address. Errno, text and offset of each; what was there by chance is told as well."""
import itertools
import socket
import struct
import sys

from raw_route import DELADDR, DELROUTE, Client, address, attribute, route, u32

client = Client()
D, P = (socket.if_nametoindex(name) for name in ("d0", "p0"))


def say(title, kind, body):
    print(f"{title}: {client.ask(kind, body)[1]}")


def routes():
    targets = {
        2: [("default", None, 0), ("0.0.0.0/0", "0.0.0.0", 0), ("0.0.0.0/8", "0.0.0.0", 8), ("10.23.7.0/25", "10.23.7.0", 25), ("10.23.7.9/32", "10.23.7.9", 32), ("10.99.0.0/16", "10.99.0.0", 16),
            ("10.99.0.1/16", "10.99.0.1", 16), ("10.99.0.0/33", "10.99.0.0", 33), ("224.0.0.0/4", "224.0.0.0", 4)],
        10: [("default", None, 0), ("::/0", "::", 0), ("2001:db8::/47", "2001:db8:76::", 47), ("2001:db8:99::/48", "2001:db8:99::", 48), ("2001:db8:99::1/48", "2001:db8:99::1", 48),
             ("2001:db8:99::1/128", "2001:db8:99::1", 128), ("ff00::/9", "ff00::", 9), ("2001:db8::/129", "2001:db8::", 129)],
    }
    gateways = {2: "10.23.7.9", 10: "2001:db8:7::9"}
    for family in (2, 10):
        any_address = "0.0.0.0" if family == 2 else "::"
        filters = {"": {}, "dev d0": dict(oif=D), "dev lo": dict(oif=1), "dev unknown": dict(oif=999), "via": dict(gateway=gateways[family]), "via any": dict(gateway=any_address),
                   "metric 7": dict(priority=7), "metric max": dict(priority=0xffffffff), "proto static": dict(protocol=4), "proto kernel": dict(protocol=2), "type unicast": dict(kind=1),
                   "type blackhole": dict(kind=6), "type 12": dict(kind=12), "scope host": dict(scope=254), "tos 8": dict(tos=8), "tos 1": dict(tos=1), "src": dict(prefsrc=gateways[family]),
                   "from": dict(src=gateways[family], source_length=32 if family == 2 else 128), "iif": dict(iif=D), "nhid 5": dict(nh_id=5), "nhid 0": dict(nh_id=0), "cloned": dict(flags=0x200),
                   "mtu": dict(metrics=attribute(2, u32(1400))), "metric of 2": dict(priority=b"ab"), "gateway of 2": dict(gateway=b"ab"), "mark": dict(mark=5), "pref 9": dict(pref=b"\x09"),
                   "dead": dict(flags=1), "onlink": dict(flags=4)}
        for (title, to, length), (name, fields) in itertools.product(targets[family], filters.items()):
            fields = {"scope": 255 if family == 2 else 0, "table": 254} | fields
            say(f"{title} {name}", DELROUTE, route(family, to, length, **fields))
        for (title, to, length), table in itertools.product(targets[family], (0, 252, 253, 255, 77, 1000)):
            say(f"{title} table {table}", DELROUTE, route(family, to, length, scope=255 if family == 2 else 0, table=min(table, 252 if table == 1000 else 255), **({"extra": attribute(15, u32(table))} if table == 1000 else {})))
    for family in (0, 1, 7, 28, 77, 255):
        say(f"family {family}", DELROUTE, route(family, None, 0, table=254))
    for size in (0, 1, 4, 11):
        say(f"header of {size}, family 10", DELROUTE, bytes([10, 0, 0, 0, 254, 0, 0, 0, 0, 0, 0][:size]))


def addresses():
    def ask(title, family, length, index, flags=0, scope=0, **named):
        body = struct.pack("BBBBI", family, length, flags, scope, index)
        for number, payload in named.values():
            body += attribute(number, payload)
        say(f"{family} /{length} index {index} {title}", DELADDR, body)

    # Nothing that fits: in no case is one of them deleted.
    other = {2: ("10.23.7.77", "10.23.7.1", "10.23.7.0"), 10: ("2001:db8:7::77", "2001:db8:7::1", "2001:db8:7::")}
    for family in (2, 10):
        missing, own, net = (address(text) for text in other[family])
        full = 32 if family == 2 else 128
        for index in (0, 1, D, P, 999, 0xffffffff):
            for length in (0, 24, 64, full, full + 1):
                ask("local missing", family, length, index, local=(2, missing))
                ask("address missing", family, length, index, address=(1, missing))
                ask("both missing", family, length, index, local=(2, missing), address=(1, missing))
                ask("own local, missing peer", family, length, index, local=(2, own), address=(1, address("192.0.2.1" if family == 2 else "2001:db8:99::1")))
            if index != D:
                ask("own local", family, 24 if family == 2 else 64, index, local=(2, own))
                ask("own both", family, 24 if family == 2 else 64, index, local=(2, own), address=(1, own))
                if family == 10 or index in (0, 1, P, 999, 0xffffffff):
                    ask("nothing named", family, 0, index)
        ask("own, another length", family, 25 if family == 2 else 65, D, local=(2, own), address=(1, own))
        ask("own, length 0", family, 0, D, address=(1, own), local=(2, missing))
        if family == 2:
            ask("another label", family, 24, D, local=(2, own), address=(1, own), label=(3, b"d0:x\0"))
            ask("label of 17", family, 24, D, local=(2, missing), label=(3, b"a" * 17))
            ask("empty label", family, 24, D, local=(2, missing), label=(3, b""))
        ask("local of 3", family, 24, D, local=(2, b"abc"))
        ask("address of 3", family, 24, D, address=(1, b"abc"))
        ask("long local", family, 24, D, local=(2, missing + b"abcd"))
        ask("broadcast", family, 24, D, local=(2, missing), broadcast=(4, missing))
        ask("flags", family, 24, D, local=(2, missing), flags_=(8, u32(0x100)))
        ask("unknown attribute", family, 24, D, local=(2, missing), unknown=(77, b"abcd"))
        ask("netns id", family, 24, D, local=(2, missing), netns=(10, u32(5)))
    for family in (0, 1, 7, 28, 77, 255):
        ask("", family, 24, D, local=(2, address("10.23.7.1")))
    for size in (0, 1, 4, 7):
        for family in (2, 10):
            say(f"header of {size}, family {family}", DELADDR, bytes([family, 24, 0, 0, D, 0, 0, 0][:size]))


{"route": routes, "address": addresses}[sys.argv[1]]()
