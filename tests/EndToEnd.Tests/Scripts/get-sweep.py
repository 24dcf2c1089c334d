"""Asks for every way from a table of sources, destinations, input and output interfaces: get-sweep.py FAMILY IIF [OIF …] [fibmatch] [lookup] [all]."""
import socket
import sys

from raw_route import GETROUTE, Client, route, tell

family = 10 if sys.argv[1] == "inet6" else 2
words = sys.argv[2:]
flags = sum({"fibmatch": 0x2000, "lookup": 0x1000}.get(word, 0) for word in words)
names = [word for word in words if word not in ("fibmatch", "lookup", "all")]


def index(name):
    return None if name == "none" else 999 if name == "unknown" else socket.if_nametoindex(name)


SOURCES, TARGETS = {
    2: ("- 0.0.0.0 0.0.0.7 10.23.7.1 10.23.9.1 10.23.7.12 10.23.8.12 10.23.7.255 192.0.2.9 203.0.113.3 203.0.113.50 8.8.8.8 127.0.0.1 127.0.0.9 224.0.0.1 239.1.2.3 255.255.255.255",
        "- 0.0.0.0 0.0.0.9 10.23.7.1 10.23.7.9 10.23.7.255 10.23.7.0 10.23.8.1 10.23.8.9 10.23.9.1 10.23.9.9 10.23.9.255 192.0.2.9 192.0.2.130 198.51.100.9 203.0.113.3 203.0.113.20 "
        "203.0.113.35 203.0.113.50 203.0.113.70 8.8.8.8 127.0.0.1 127.1.2.3 127.255.255.255 224.0.0.1 224.0.0.9 239.1.2.3 239.9.2.3 255.255.255.255 240.0.0.1 10.77.0.5"),
    10: ("- :: ::1 2001:db8:7::1 2001:db8:9::1 2001:db8:7::12 2001:db8:8::12 2001:db8:c::3 2001:4860::1 fe80::1 ff02::1 ::ffff:10.23.7.1",
         "- :: ::1 2001:db8:7::1 2001:db8:7:: 2001:db8:7::9 2001:db8:8::1 2001:db8:8::9 2001:db8:9::1 2001:db8:9::9 2001:db8:a::9 2001:db8:b::9 2001:db8:c::3 2001:db8:c:1::3 "
         "2001:db8:c:2::3 2001:db8:c:3::3 2001:db8:d::9 2001:db8:e::9 2001:db8:f::9 2001:4860::1 fe80::1 fe80::ff:fe00:1 ff02::1 ff02::1:ff00:1 ff05::3 ff1e::7 ::ffff:10.23.7.1 fc00::5"),
}[family]

# Without "all": the most telling ones.
FEW = "- 0.0.0.0 10.23.7.1 10.23.7.12 203.0.113.3 127.0.0.1 224.0.0.1 :: ::1 2001:db8:7::1 2001:db8:7::12 ff02::1".split()
sources = SOURCES.split() if "all" in words else [source for source in SOURCES.split() if source in FEW]
client = Client()
for oif in names[1:] or ["none"]:
    for source in sources:
        for target in TARGETS.split():
            body = route(family, None if target == "-" else target, src=None if source == "-" else source, iif=index(names[0]), oif=index(oif), flags=flags,
                         source_length=0 if source == "-" else 32 if family == 2 else 128)
            replies, verdict = client.ask(GETROUTE, body)
            print(f"{target} from {source} oif {oif}: {'; '.join([tell(reply) for reply in replies] + [verdict])}")
