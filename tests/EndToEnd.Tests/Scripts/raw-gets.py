#!/usr/bin/env python3
"""Asks with raw GET messages and prints how each is answered: errno, text and place of a refusal, framing of what is listed.

  raw-gets.py sweep OBJECT FAMILY      every byte of the header, every length of it, every attribute at several lengths; strict and not
  raw-gets.py dumps OBJECT...          the dump of an object for every family, strict and not, with a whole and with a short header
  raw-gets.py frames OBJECT FAMILY     the datagrams of one dump, for readers with large and with small buffers
  raw-gets.py rows OBJECT FAMILY       the dump's messages byte by byte

Run by run-list.sh, in a fresh namespace of the kernel and under `rtnl exec`.
"""
import os
import socket
import struct
import sys

DUMP = 0x300
OBJECTS = """LINK ADDR ROUTE NEIGH RULE QDISC TCLASS TFILTER ACTION PREFIX MULTICAST ANYCAST NEIGHTBL NDUSEROPT ADDRLABEL DCB
NETCONF MDB NSID STATS CACHEREPORT CHAIN NEXTHOP LINKPROP VLAN NEXTHOPBUCKET TUNNEL""".split()
# The fixed header's size, and the highest attribute number that the kernel knows, by object.
SHAPES = {"LINK": (16, 69), "ADDR": (8, 11), "ROUTE": (12, 31), "NSID": (1, 5), "RULE": (12, 28), "NEIGH": (12, 16), "NEXTHOP": (8, 13),
          "NEXTHOPBUCKET": (8, 3), "ADDRLABEL": (12, 2), "NETCONF": (1, 9), "MDB": (8, 1), "MULTICAST": (8, 11), "ANYCAST": (8, 11),
          "NEIGHTBL": (4, 9), "STATS": (12, 5), "TUNNEL": (8, 1), "ACTION": (4, 5), "QDISC": (20, 17), "TCLASS": (20, 17),
          "TFILTER": (20, 17), "CHAIN": (20, 17)}
FAMILIES = (0, 2, 7, 10, 16, 17, 77, 127, 128, 129, 130, 255)
LENGTHS = (0, 1, 2, 3, 4, 5, 8, 16, 17, 32, 40)
# Beside ones: what is zero often counts as absent.
ZEROS = (4, 16)


class Asker:
    """One socket. What it answers is a line."""

    def __init__(self, strict, buffer=32768):
        self.buffer = buffer
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.setsockopt(270, 11, 1)
        self.socket.setsockopt(270, 10, 1)
        if strict:
            self.socket.setsockopt(270, 12, 1)
        self.socket.bind((0, 0))
        self.socket.settimeout(5)
        self.sequence = 0

    def datagrams(self, kind, flags, body):
        self.sequence += 1
        self.socket.send(struct.pack("IHHII", 16 + len(body), kind, 1 | flags, self.sequence, 0) + body)
        over = False
        while not over:
            data = self.socket.recv(self.buffer)
            messages = []
            at = 0
            while at + 16 <= len(data):
                length, answer, bits, sequence, _ = struct.unpack_from("IHHII", data, at)
                if sequence == self.sequence:
                    messages.append((answer, bits, data[at + 16:at + length]))
                    over = over or answer in (2, 3) or not bits & 2
                at += (length + 3) & ~3
            yield len(data), messages

    def outcome(self, kind, flags, body):
        count = 0
        for _, messages in self.datagrams(kind, flags, body):
            for answer, bits, rest in messages:
                if answer in (2, 3):
                    return end(answer, bits, rest, count)
                count += 1
        return f"{count} answered"


def end(answer, bits, rest, count):
    """NLMSG_ERROR or NLMSG_DONE in words."""
    errno = -struct.unpack_from("i", rest)[0]
    words = [("done" if answer == 3 else "error") if errno else f"{count} listed" if answer == 3 else "ack"]
    words += [os.strerror(errno)] if errno else []
    words += [f"after {count}"] if errno and count else []
    if bits & 0x200:
        at = 4 + (16 if answer == 2 else 0)
        while at + 4 <= len(rest):
            length, number = struct.unpack_from("HH", rest, at)
            value = rest[at + 4:at + length]
            words.append(repr(value.rstrip(b"\0").decode()) if number == 1 else f"at {struct.unpack('I', value)[0]}" if number == 2
                         else f"attribute {struct.unpack('I', value)[0]} missing" if number == 5 else f"policy {value.hex()}")
            at += (length + 3) & ~3
    return " ".join(words)


def attribute(number, value):
    return struct.pack("HH", 4 + len(value), number) + value + b"\0" * (-len(value) % 4)


def sweep(name, family):
    kind = 18 + 4 * OBJECTS.index(name)
    size, highest = SHAPES[name]
    bare = bytes([family]) + bytes(size - 1)
    # What one object is asked for by, so that a doit has something to find.
    named, behind = bare, b""
    if name == "LINK":
        named = bare[:4] + struct.pack("i", 1) + bare[8:]
    elif name == "ADDR" and family == 10:
        behind = attribute(2, bytes(15) + b"\1")
    elif name == "ROUTE" and family in (2, 10):
        bits = 32 if family == 2 else 128
        named = bytes([family, bits, bits]) + bare[3:]
        behind = attribute(1, b"\x7f\0\0\1" if family == 2 else bytes(15) + b"\1")
    elif name == "NEIGH" and family in (2, 10):
        named, behind = bare[:4] + struct.pack("i", 1) + bare[8:], attribute(1, bytes(4 if family == 2 else 16))
    elif name == "NETCONF":
        behind = attribute(1, struct.pack("i", -1))
    for strict in (True, False):
        asker = Asker(strict)
        for flags in (0, DUMP):
            base, tail = (bare, b"") if flags else (named, behind)
            cases = Cases(f"{'strict' if strict else 'lenient'} {'dump' if flags else 'doit'}")
            cases.add(asker.outcome(kind, flags, base + tail), "as it should be")
            for length in range(1, size):
                cases.add(asker.outcome(kind, flags, base[:length]), f"{length} bytes")
            for byte in range(1, size):
                answers = {}
                for value in (1, 2, 0x80, 0xff):
                    body = base[:byte] + bytes([value]) + base[byte + 1:]
                    answers.setdefault(asker.outcome(kind, flags, body + tail), []).append(str(value))
                for answer, values in answers.items():
                    cases.add(answer, f"byte {byte}" + (f" = {' '.join(values)}" if len(answers) > 1 else ""))
            padded = base + bytes(-size % 4)
            for left in (b"\0", bytes(4), b"\xff" * 4, struct.pack("HH", 3, 1), struct.pack("HH", 40, 1) + bytes(4)):
                cases.add(asker.outcome(kind, flags, padded + left), f"left over {left.hex()}")
            for number in list(range(highest + 3)) + [0x3fff]:
                answers = {}
                for length, fill in [(length, 1) for length in LENGTHS] + [(length, 0) for length in ZEROS]:
                    answer = asker.outcome(kind, flags, padded + tail + attribute(number, bytes([fill]) * length))
                    answers.setdefault(answer, []).append(f"{length}{'' if fill else 'z'}")
                for answer, lengths in answers.items():
                    cases.add(answer, f"attribute {number}" + (f" ({' '.join(lengths)})" if len(answers) > 1 else ""))
            cases.print()


class Cases:
    """What was tried, by what came of it."""

    def __init__(self, head):
        self.head = head
        self.cases = {}

    def add(self, outcome, case):
        self.cases.setdefault(outcome, []).append(case)

    def print(self):
        for outcome, cases in self.cases.items():
            print(f"{self.head}: {outcome}: {', '.join(cases)}")


def dumps(*names):
    for name in names:
        kind = 18 + 4 * OBJECTS.index(name)
        for strict in (True, False):
            asker = Asker(strict)
            for size in (1, 2, 4, 8, 12, 16, 20):
                answers = {}
                for family in FAMILIES:
                    answers.setdefault(frames_of(asker, kind, bytes([family]) + bytes(size - 1)), []).append(str(family))
                for answer, families in answers.items():
                    print(f"{name} {'strict' if strict else 'lenient'}, {size} bytes, families {' '.join(families)}: {answer}")


def frames_of(asker, kind, body):
    frames = []
    for length, messages in asker.datagrams(kind, DUMP, body):
        rows = sum(answer not in (2, 3) for answer, _, _ in messages)
        last = [end(answer, bits, rest, 0) for answer, bits, rest in messages if answer in (2, 3)]
        frames.append(f"{length}[{' + '.join(([str(rows)] if rows else []) + last)}]")
    return " ".join(frames)


def plain(name, family):
    """A header that says nothing but the family, padded."""
    return bytes([family]) + bytes(max(4, SHAPES[name][0]) - 1)


def frames(name, family):
    kind = 18 + 4 * OBJECTS.index(name)
    for buffer in (32768, 8192, 4096):
        asker = Asker(True, buffer)
        # A socket's first dump does not know its reader yet, the second does.
        for turn in ("first", "second"):
            print(f"{buffer}, {turn}: {frames_of(asker, kind, plain(name, family))}")


def rows(name, family):
    asker = Asker(True)
    for _, messages in asker.datagrams(18 + 4 * OBJECTS.index(name), DUMP, plain(name, family)):
        for answer, bits, rest in messages:
            print(f"{answer} {bits:#x} {rest.hex()}")


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    globals()[what](*(int(a) if a.isdigit() else a for a in arguments))
