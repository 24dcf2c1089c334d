"""Routes that say one thing, or two, more than they must: new-sweep.py FAMILY COUNT. What each request answers, and the route that it has made."""
import itertools
import random
import socket
import struct
import sys

from raw_route import ACK, CREATE, DELROUTE, EXCL, NEWROUTE, NUMBER, Client, attribute, route, tell, u32

family = 10 if sys.argv[1] == "inet6" else 2
D, E, DOWN = (socket.if_nametoindex(name) for name in ("d0", "e0", "x0"))
PREFIX, BITS, NEAR, OWN, FAR = ("2001:db8:77::", 48, "2001:db8:7::9", "2001:db8:7::1", "2001:db8:99::1") if family == 10 else ("192.0.2.0", 24, "10.23.7.9", "10.23.7.1", "10.99.0.1")
HOP = struct.pack("HBBi", 8, 0, 0, D)
MORE = {
    "oif e0": dict(oif=E), "oif down": dict(oif=DOWN), "oif unknown": dict(oif=999), "oif 0": dict(oif=0), "via": dict(gateway=NEAR), "via far": dict(gateway=FAR), "via own": dict(gateway=OWN),
    "via any": dict(gateway="::" if family == 10 else "0.0.0.0"), "metric 0": dict(priority=0), "metric 5": dict(priority=5), "src own": dict(prefsrc=OWN), "src far": dict(prefsrc=FAR),
    "src any": dict(prefsrc="::" if family == 10 else "0.0.0.0"), "mtu": dict(metrics=attribute(2, u32(1400))), "mtu large": dict(metrics=attribute(2, u32(70000))),
    "metric 18": dict(metrics=attribute(18, u32(1))), "lock": dict(metrics=attribute(1, u32(4)) + attribute(2, u32(1400))),
    "hop limit": dict(metrics=attribute(10, u32(300))), "advmss": dict(metrics=attribute(8, u32(70000))), "features": dict(metrics=attribute(12, u32(0x100))),
    "cc": dict(metrics=attribute(16, b"reno\0")), "cc unknown": dict(metrics=attribute(16, b"nosuch\0")), "no metrics": dict(metrics=b""), "flow": dict(flow=7),
    "nhid 5": dict(nh_id=5), "nhid 0": dict(nh_id=0), "pref 1": dict(pref=b"\1"), "pref 2": dict(pref=b"\2"), "pref 9": dict(pref=b"\x09"), "expires 100": dict(expires=100), "expires 0": dict(expires=0),
    "expires max": dict(expires=0xffffffff), "mark": dict(mark=5), "uid": dict(uid=5), "iif": dict(iif=D), "ttl": dict(ttl_propagate=b"\1"), "ip_proto": dict(ip_proto=b"\x06"), "sport": dict(sport=b"\0\x50"),
    "from": dict(src=NEAR), "from len": dict(src=NEAR, source_length=32 if family == 2 else 128), "tos 8": dict(tos=8), "tos 3": dict(tos=3), "type 0": dict(kind=0), "type 2": dict(kind=2), "type 3": dict(kind=3),
    "type 4": dict(kind=4), "type 5": dict(kind=5), "type 6": dict(kind=6), "type 9": dict(kind=9), "type 10": dict(kind=10), "type 11": dict(kind=11), "type 12": dict(kind=12), "scope 0": dict(scope=0),
    "scope 200": dict(scope=200), "scope 254": dict(scope=254), "scope 255": dict(scope=255), "proto 0": dict(protocol=0), "proto 2": dict(protocol=2), "proto 186": dict(protocol=186),
    "table 0": dict(table=0), "table 253": dict(table=253), "table 255": dict(table=255), "table 7": dict(extra=attribute(15, u32(7))), "dead": dict(flags=1), "pervasive": dict(flags=2), "onlink": dict(flags=4),
    "linkdown": dict(flags=0x10), "notify": dict(flags=0x100), "cloned": dict(flags=0x200), "unresolved": dict(flags=0x20), "length 0": dict(length=0), "length 33": dict(length=33), "length 129": dict(length=129),
    "host bits": dict(length=16), "no destination": dict(to=None, length=0),
}
if family == 10:
    # Routes by source are refused as by a kernel without CONFIG_IPV6_SUBTREES.
    del MORE["from len"]
client = Client()


def run(names):
    fields = dict(to=PREFIX, length=BITS, oif=D, protocol=3, kind=1, table=254, scope=253 if family == 2 else 0)
    for name in names:
        fields |= MORE[name]
    if fields.get("oif") == 0 or "via" in names:
        fields.pop("oif", None)
    to, length = fields.pop("to"), fields.pop("length")
    replies, verdict = client.ask(NEWROUTE, route(family, to, length, **fields), ACK | 8 | CREATE | EXCL)
    print(f"{', '.join(names)}: {'; '.join([tell(reply) for reply in replies] + [verdict])}")
    for reply in replies:
        # As it was told it goes.
        client.ask(DELROUTE, reply[16:28] + reply[28:])


chance = random.Random(7)
pairs = list(itertools.combinations(MORE, 2))
for name in MORE:
    run([name])
for names in chance.sample(pairs, int(sys.argv[2])) if sys.argv[2] != "all" else pairs:
    run(names)
