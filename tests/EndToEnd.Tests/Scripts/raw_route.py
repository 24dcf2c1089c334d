"""A raw rtnetlink socket for the sweeps: requests built by hand, replies told attribute by attribute."""
import ipaddress
import socket
import struct

NEWADDR, DELADDR, NEWROUTE, DELROUTE, GETROUTE = 20, 21, 24, 25, 26
NEWLINK, DELLINK = 16, 17
REQUEST, ACK, DUMP = 1, 4, 0x300
REPLACE, EXCL, CREATE, APPEND = 0x100, 0x200, 0x400, 0x800
RTA = dict(enumerate("""UNSPEC DST SRC IIF OIF GATEWAY PRIORITY PREFSRC METRICS MULTIPATH PROTOINFO FLOW CACHEINFO SESSION MP_ALGO
TABLE MARK MFC_STATS VIA NEWDST PREF ENCAP_TYPE ENCAP EXPIRES PAD UID TTL_PROPAGATE IP_PROTO SPORT DPORT NH_ID FLOWLABEL""".split()))
NUMBER = {name: number for number, name in RTA.items()}
ERRNO = {1: "EPERM", 2: "ENOENT", 3: "ESRCH", 11: "EAGAIN", 13: "EACCES", 17: "EEXIST", 19: "ENODEV", 22: "EINVAL", 34: "ERANGE", 90: "EMSGSIZE",
         95: "EOPNOTSUPP", 97: "EAFNOSUPPORT", 99: "EADDRNOTAVAIL", 100: "ENETDOWN", 101: "ENETUNREACH", 105: "ENOBUFS", 113: "EHOSTUNREACH", 16: "EBUSY"}
FAMILY = {2: "inet", 10: "inet6"}


def attribute(number, payload=b""):
    return struct.pack("HH", 4 + len(payload), number) + payload + b"\0" * (-len(payload) % 4)


def u32(value):
    return struct.pack("I", value & 0xffffffff)


def address(text):
    return ipaddress.ip_address(text).packed


def attributes(data):
    position = 0
    while position + 4 <= len(data):
        length, number = struct.unpack_from("HH", data, position)
        yield number & 0x3fff, data[position + 4:position + length]
        position += (length + 3) & ~3


class Client:
    def __init__(self, strict=False):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.bind((0, 0))
        self.socket.settimeout(10)
        for option, value in (10, 1), (11, 1), (12, int(strict)):
            self.socket.setsockopt(270, option, value)
        self.sequence = 0

    def ask(self, kind, body, flags=ACK):
        """The replies, and the last word: errno's name or "ok", with text and offset."""
        self.sequence += 1
        self.socket.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST | flags, self.sequence, 0) + body)
        replies = []
        while True:
            data = self.socket.recv(1 << 17)
            while len(data) >= 16:
                length, kind, flags, sequence, _ = struct.unpack_from("IHHII", data)
                message, data = data[:length], data[(length + 3) & ~3:]
                if sequence != self.sequence:
                    continue
                if kind in (2, 3):
                    return replies, verdict(message, flags)
                replies.append(message)

    def dump(self, family):
        replies, _ = self.ask(GETROUTE, struct.pack("BBBBBBBBI", family, 0, 0, 0, 0, 0, 0, 0, 0), DUMP)
        return replies


def verdict(message, flags):
    error = -struct.unpack_from("i", message, 16)[0] if len(message) >= 20 else 0
    words = ["ok" if error == 0 else ERRNO.get(error, str(error))]
    if flags & 0x200:
        for number, value in attributes(message[36:] if message[4] == 2 else message[20:]):
            words.append(repr(value.rstrip(b"\0").decode()) if number == 1 else f"at {struct.unpack('I', value)[0]}" if number == 2 else f"{number}")
    return " ".join(words)


def route(family, to=None, length=None, tos=0, table=0, protocol=0, scope=0, kind=0, flags=0, extra=b"", source_length=0, **named):
    """A struct rtmsg with its attributes; names are those of RTA_*, in lower case."""
    if length is None:
        length = 0 if to is None else 32 if family == 2 else 128
    body = struct.pack("BBBBBBBBI", family, length, source_length, tos, table, protocol, scope, kind, flags)
    if to is not None:
        body += attribute(1, address(to))
    for name, value in named.items():
        if value is None:
            continue
        payload = value if isinstance(value, bytes) else address(value) if isinstance(value, str) else u32(value)
        body += attribute(NUMBER[name.upper()], payload)
    return body + extra


def tell(message):
    """A reply in words: the header's fields, then the attributes in their order. What depends on time and use is left out."""
    family, dst, src, *fields, flags = struct.unpack_from("BBBBBBBBI", message, 16)
    named = zip(("tos", "table", "proto", "scope", "type"), fields)
    words = [f"{FAMILY.get(family, family)} /{dst} /{src}" + "".join(f" {name} {value}" for name, value in named if value) + (f" flags {flags:#x}" if flags else "")]
    for number, value in attributes(message[28:]):
        name = RTA.get(number, str(number))
        if name in ("DST", "SRC", "GATEWAY", "PREFSRC") and len(value) in (4, 16):
            words.append(f"{name} {ipaddress.ip_address(value)}")
        elif name == "CACHEINFO":
            # When it was last used, and how often, is the kernel's own.
            _, _, expires, *rest = struct.unpack("IIiIIIII", value)
            words.append(name + (" expires" if expires > 0 else "") + (f" {rest}" if expires < 0 or any(rest[:1] + rest[2:]) else ""))
        elif len(value) == 4:
            words.append(f"{name} {struct.unpack('I', value)[0]}")
        else:
            words.append(f"{name} {value.hex()}")
    return ", ".join(words)
