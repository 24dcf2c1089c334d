"""Sequences of changes to the routes of one prefix: replace-sweep.py FAMILY LENGTH COUNT [SEED]; COUNT "all" for every sequence of that length.

A line for each: what each step answered, with the flags of its echo, and the routes that are left, in order. A sequence ends where routes with
several next hops would begin: the kernel shows one, the server refuses and has changed nothing.
"""
import itertools
import random
import socket
import struct
import sys

from raw_route import ACK, APPEND, CREATE, DELROUTE, EXCL, NEWROUTE, RTA, REPLACE, Client, attributes, route

family = 10 if sys.argv[1] == "inet6" else 2
length, count, seed = int(sys.argv[2]), sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 1
D, E, LO = (socket.if_nametoindex(name) for name in ("d0", "e0", "lo"))
PREFIX, BITS, SIZE = ("2001:db8:77::", 48, 16) if family == 10 else ("192.0.2.0", 24, 4)
A, B, C = ("2001:db8:7::a", "2001:db8:7::b", "2001:db8:8::c") if family == 10 else ("10.23.7.10", "10.23.7.11", "10.23.8.12")
VERBS = {"add": CREATE | EXCL, "append": CREATE | APPEND, "prepend": CREATE, "replace": CREATE | REPLACE, "change": REPLACE, "plain": 0, "test": EXCL, "only": CREATE | REPLACE | EXCL,
         "join": APPEND}
WAYS = {
    "d0": dict(oif=D, scope=253), "e0": dict(oif=E, scope=253), "A": dict(gateway=A), "B": dict(gateway=B, oif=D), "C": dict(gateway=C),
    "blackhole": dict(kind=6), "unreachable": dict(kind=7), "d0/5": dict(oif=D, priority=5, scope=253), "A/5": dict(gateway=A, priority=5), "B/9": dict(gateway=B, priority=9),
}
WAYS |= {"prohibit/5": dict(kind=8, priority=5), "lo": dict(oif=LO), "A/static": dict(gateway=A, protocol=4)} if family == 10 else {
    "d0 tos": dict(oif=D, tos=8, scope=253), "A tos": dict(gateway=A, tos=8), "A src": dict(gateway=A, prefsrc="10.23.7.1"), "d0 far": dict(oif=D), "A/static": dict(gateway=A, protocol=4),
    "local": dict(oif=D, kind=2, scope=254)}
DELETES = {"": {}, "d0": dict(oif=D), "A": dict(gateway=A), "/5": dict(priority=5), "A/9": dict(gateway=A, priority=9), "blackhole": dict(kind=6), "tos": dict(tos=8)}
STEPS = [(verb, way) for verb in VERBS for way in WAYS if verb in ("append", "prepend", "replace") or way in ("d0", "A", "B", "d0/5", "blackhole")]
STEPS += [("del", way) for way in DELETES if way != "tos" or family == 2]
client = Client()


def ask(verb, way):
    fields = dict(DELETES[way] if verb == "del" else WAYS[way])
    if verb == "del":
        fields.setdefault("scope", 255 if family == 2 else 0)
        return client.ask(DELROUTE, route(family, PREFIX, BITS, table=254, **fields))
    fields = dict(protocol=3, kind=1) | fields
    return client.ask(NEWROUTE, route(family, PREFIX, BITS, table=254, **fields), ACK | 8 | VERBS[verb])


def routes():
    words = []
    for message in client.dump(family):
        found = {RTA[number]: value for number, value in attributes(message[28:])}
        if message[17] != BITS or found.get("DST") != socket.inet_pton(family, PREFIX):
            continue
        word = {1: "", 2: "local ", 6: "blackhole ", 7: "unreachable ", 8: "prohibit "}[message[23]]
        if "MULTIPATH" in found:
            return None
        if "GATEWAY" in found:
            word += "ABC"[found["GATEWAY"][-1] % 16 - 10]
        elif "OIF" in found:
            word += {D: "d0", E: "e0", LO: "lo"}[struct.unpack("I", found["OIF"])[0]]
        priority = struct.unpack("I", found["PRIORITY"])[0] if "PRIORITY" in found else 0
        word += f"/{priority}" if priority not in (0, 1024) else ""
        word += f" tos {message[19]}" if message[19] else ""
        word += " src" if "PREFSRC" in found else ""
        word += f" proto {message[21]}" if message[21] != 3 else ""
        words.append(word)
    return words


def run(steps):
    words = []
    for verb, way in steps:
        before = routes()
        replies, verdict = ask(verb, way)
        after = routes()
        if after is None or verdict.startswith("EOPNOTSUPP"):
            # Refused is refused: nothing has changed.
            words.append(f"{verb} {way}: several next hops" + ("" if after is None or after == before else ", and yet changed"))
            break
        words.append(f"{verb} {way}: {verdict}" + "".join(f" {struct.unpack_from('H', reply, 6)[0]:#x}" for reply in replies))
    print("; ".join(words), "->", ", ".join(routes() or []) if words[-1][-4:] != "hops" else "")
    client.ask(DELROUTE, route(family, PREFIX, BITS, table=254, scope=255 if family == 2 else 0))
    while client.ask(DELROUTE, route(family, PREFIX, BITS, table=254, scope=255 if family == 2 else 0))[1].startswith("ok"):
        pass
    if family == 2:
        while client.ask(DELROUTE, route(family, PREFIX, BITS, table=254, scope=255, tos=8))[1].startswith("ok"):
            pass


if count == "all":
    chosen = itertools.product(STEPS, repeat=length)
else:
    chance = random.Random(seed)
    # Most sequences begin with something that is there.
    chosen = ([(chance.choice(("append", "prepend", "replace")), chance.choice(list(WAYS)))] + [chance.choice(STEPS) for _ in range(length - 1)] for _ in range(int(count)))
for steps in chosen:
    run(steps)
