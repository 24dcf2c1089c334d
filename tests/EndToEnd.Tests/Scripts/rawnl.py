"""Raw rtnetlink for the scripts that compare the kernel and the server byte by byte: sockets, requests, and messages read attribute by attribute.

Standard library only. The same script runs in a namespace of the kernel and under `rtnl exec`.
"""
import errno, os, socket, struct

REQUEST, MULTI, ACK, ECHO, DUMP = 1, 2, 4, 8, 0x300
REPLACE, EXCL, CREATE, APPEND = 0x100, 0x200, 0x400, 0x800
NEWLINK, DELLINK, GETLINK, SETLINK, NEWADDR, DELADDR, GETADDR, NEWROUTE, DELROUTE, GETROUTE = 16, 17, 18, 19, 20, 21, 22, 24, 25, 26
NEWNSID, DELNSID, GETNSID = 88, 89, 90
RTM = {2: "ERROR", 3: "DONE", 16: "NEWLINK", 17: "DELLINK", 18: "GETLINK", 19: "SETLINK", 20: "NEWADDR", 21: "DELADDR",
       22: "GETADDR", 24: "NEWROUTE", 25: "DELROUTE", 26: "GETROUTE", 28: "NEWNEIGH", 29: "DELNEIGH", 32: "NEWRULE", 33: "DELRULE",
       36: "NEWQDISC", 37: "DELQDISC", 52: "NEWPREFIX", 80: "NEWNETCONF", 81: "DELNETCONF", 58: "GETMULTICAST", 59: "DELMULTICAST",
       88: "NEWNSID", 89: "DELNSID", 90: "GETNSID"}
IFLA = dict(enumerate("""UNSPEC ADDRESS BROADCAST IFNAME MTU LINK QDISC STATS COST PRIORITY MASTER WIRELESS PROTINFO TXQLEN MAP
WEIGHT OPERSTATE LINKMODE LINKINFO NET_NS_PID IFALIAS NUM_VF VFINFO_LIST STATS64 VF_PORTS PORT_SELF AF_SPEC GROUP NET_NS_FD
EXT_MASK PROMISCUITY NUM_TX_QUEUES NUM_RX_QUEUES CARRIER PHYS_PORT_ID CARRIER_CHANGES PHYS_SWITCH_ID LINK_NETNSID
PHYS_PORT_NAME PROTO_DOWN GSO_MAX_SEGS GSO_MAX_SIZE PAD XDP EVENT NEW_NETNSID TARGET_NETNSID CARRIER_UP_COUNT
CARRIER_DOWN_COUNT NEW_IFINDEX MIN_MTU MAX_MTU PROP_LIST ALT_IFNAME PERM_ADDRESS PROTO_DOWN_REASON PARENT_DEV_NAME
PARENT_DEV_BUS_NAME GRO_MAX_SIZE TSO_MAX_SIZE TSO_MAX_SEGS ALLMULTI DEVLINK_PORT GSO_IPV4_MAX_SIZE GRO_IPV4_MAX_SIZE DPLL_PIN
MAX_PACING_OFFLOAD_HORIZON NETNS_IMMUTABLE HEADROOM TAILROOM""".split()))
IFA = dict(enumerate("UNSPEC ADDRESS LOCAL LABEL BROADCAST ANYCAST CACHEINFO MULTICAST FLAGS RT_PRIORITY TARGET_NETNSID PROTO".split()))
RTA = dict(enumerate("""UNSPEC DST SRC IIF OIF GATEWAY PRIORITY PREFSRC METRICS MULTIPATH PROTOINFO FLOW CACHEINFO SESSION MP_ALGO
TABLE MARK MFC_STATS VIA NEWDST PREF ENCAP_TYPE ENCAP EXPIRES PAD UID TTL_PROPAGATE IP_PROTO SPORT DPORT NH_ID FLOWLABEL""".split()))
RTAX = dict(enumerate("UNSPEC LOCK MTU WINDOW RTT RTTVAR SSTHRESH CWND ADVMSS REORDERING HOPLIMIT INITCWND FEATURES RTO_MIN INITRWND QUICKACK CC_ALGO FASTOPEN_NO_COOKIE".split()))
INET6 = dict(enumerate("UNSPEC FLAGS CONF STATS MCAST CACHEINFO ICMP6STATS TOKEN ADDR_GEN_MODE RA_MTU".split()))
INFO = dict(enumerate("UNSPEC KIND DATA XSTATS SLAVE_KIND SLAVE_DATA".split()))
XDP = dict(enumerate("UNSPEC FD ATTACHED FLAGS PROG_ID DRV_PROG_ID SKB_PROG_ID HW_PROG_ID EXPECTED_FD".split()))
ERR = dict(enumerate("UNUSED MSG OFFS COOKIE POLICY MISS_TYPE MISS_NEST".split()))
NSID = dict(enumerate("UNSPEC NSID PID FD TARGET_NSID CURRENT_NSID".split()))
NEST = {("IFLA", "LINKINFO"): ("INFO", INFO), ("IFLA", "XDP"): ("XDP", XDP), ("IFLA", "AF_SPEC"): ("AF", {2: "INET", 10: "INET6"}),
        ("AF", "INET"): ("INET", {1: "CONF"}), ("AF", "INET6"): ("INET6", INET6), ("IFLA", "PROTINFO"): ("INET6", INET6),
        ("RTA", "METRICS"): ("RTAX", RTAX), ("IFLA", "DEVLINK_PORT"): ("DEVLINK", {}), ("IFLA", "DPLL_PIN"): ("DPLL", {}),
        ("IFLA", "PROP_LIST"): ("IFLA", IFLA)}

# What must differ between two machines, or from one run to the next, is shown as "*": counters, the times of IPv6's view of a link, lifetimes that
# end and what else a CACHEINFO holds (of an address or route without an end nothing but that). Random MACs, ports and sequences: see the scripts.
MASKED = {("IFLA", "STATS"), ("IFLA", "STATS64"), ("INET6", "STATS"), ("INET6", "ICMP6STATS"), ("INET6", "CACHEINFO")}
TEXT = {"IFNAME", "QDISC", "IFALIAS", "LABEL", "KIND", "MSG", "CC_ALGO", "ALT_IFNAME"}


def attr(kind, data=b""):
    return struct.pack("HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


def u32(value):
    return struct.pack("I", value & 0xffffffff)


def text(value):
    return value.encode() + b"\0"


def mac(last):
    return bytes((2, 0, 0, 0, 0, last))


def link(index=0, flags=0, change=0, family=0, kind=0, pad=0):
    return struct.pack("BBHiII", family, pad, kind, index, flags, change)


def addr(family=2, plen=0, index=0, scope=0, flags=0):
    return struct.pack("BBBBI", family, plen, flags, scope, index)


def route(family=2, dst=0, table=0, proto=0, scope=0, kind=0, flags=0, src=0, tos=0):
    return struct.pack("BBBBBBBBI", family, dst, src, tos, table, proto, scope, kind, flags)


def v4(value):
    return socket.inet_pton(socket.AF_INET, value)


def v6(value):
    return socket.inet_pton(socket.AF_INET6, value)


def pairs(data):
    """(number with its bits, payload) of each attribute; what is no attribute ends the walk."""
    while len(data) >= 4:
        length, kind = struct.unpack_from("HH", data)
        if length < 4 or length > len(data):
            break
        yield kind, data[4:length]
        data = data[(length + 3) & ~3:]


def printable(data):
    return data.decode() if data and all(32 < c < 127 for c in data) else data.hex()


def shown(space, names, data, into=None, prefix=""):
    """Attributes as text, in their order: NAME=value, NAME={…}. With a list to add to, each attribute of a nest by itself: NAME.INNER=value."""
    out = [] if into is None else into
    for kind, body in pairs(data):
        number = kind & 0x3fff
        name = names.get(number, str(number))
        bits = ("!" if kind & 0x8000 else "") + ("~" if kind & 0x4000 else "")
        inner = NEST.get((space, name))
        if (space, name) in MASKED:
            value = "*" + str(len(body))
        elif inner and into is not None and body:
            shown(inner[0], inner[1], body, out, f"{prefix}{name}{bits}.")
            continue
        elif inner:
            value = "{" + " ".join(shown(inner[0], inner[1], body)) + "}"
        elif (space, name) in (("INET", "CONF"), ("INET6", "CONF")):
            values = [v[0] for v in struct.iter_unpack("=i", body)]
            if into is not None:
                out += [f"{prefix}{name}[{i}]={v}" for i, v in enumerate(values)]
                continue
            value = ",".join(map(str, values))
        elif name in TEXT:
            value = printable(body.removesuffix(b"\0")) + ("" if body.endswith(b"\0") else "(no NUL)")
        elif space == "IFA" and name == "CACHEINFO" and len(body) == 16:
            value = "forever" if body[:8] == b"\xff" * 8 else "deprecated" if body[:4] == bytes(4) else "*"
        elif space == "RTA" and name == "CACHEINFO" and len(body) == 32:
            value = "*" if any(body[8:12]) else "-"
        elif len(body) == 4 and space in ("IFLA", "INET6", "RTAX", "NSID"):
            value = str(struct.unpack("=I", body)[0])
        elif not body:
            value = "-"
        else:
            value = body.hex()
        out.append(f"{prefix}{name}{bits}={value}")
    return out


def body_of(kind, body, flat=False):
    """A message's fixed header and attributes as text."""
    into = [] if flat else None
    if 16 <= kind <= 19:
        family, pad, arp, index, flags, change = struct.unpack_from("BBHiII", body)
        return [f"ifinfomsg({family},{pad},{arp},{index},{flags:#x},{change:#x})"] + shown("IFLA", IFLA, body[16:], into)
    if 20 <= kind <= 22 or kind in (58, 59):
        family, plen, flags, scope, index = struct.unpack_from("BBBBI", body)
        return [f"ifaddrmsg({family},{plen},{flags:#x},{scope},{index})"] + shown("IFA", IFA, body[8:], into)
    if 24 <= kind <= 26:
        family, dst, src, tos, table, proto, scope, rtype, flags = struct.unpack_from("BBBBBBBBI", body)
        return [f"rtmsg({family},{dst},{src},{tos},{table},{proto},{scope},{rtype},{flags:#x})"] + shown("RTA", RTA, body[12:], into)
    if kind in (88, 89, 90):
        return [f"rtgenmsg({body[0]})"] + shown("NSID", NSID, body[4:], into)
    return [body.hex()]


def messages(data):
    """(type, flags, seq, pid, body) of each message of a datagram."""
    while len(data) >= 16:
        length, kind, flags, seq, pid = struct.unpack_from("IHHII", data)
        yield kind, flags, seq, pid, data[16:length]
        data = data[(length + 3) & ~3:]


class Socket:
    """A rtnetlink socket with extended acknowledgements, which do not repeat the request."""

    def __init__(self, strict=False, groups=(), wait=20):
        self.raw = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.raw.setsockopt(270, 11, 1)
        self.raw.setsockopt(270, 10, 1)
        if strict:
            self.raw.setsockopt(270, 12, 1)
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.raw.bind((0, 0))
        for group in groups:
            self.raw.setsockopt(270, 1, group)
        self.raw.settimeout(wait)
        self.port = self.raw.getsockname()[0]
        self.seq = 0

    def send(self, kind, flags, body):
        self.seq += 1
        self.raw.send(struct.pack("IHHII", 16 + len(body), kind, flags | REQUEST, self.seq, 0) + body)

    def ask(self, kind, flags, body):
        """Sends, and returns the datagrams up to the answer's end, each a list of messages."""
        self.send(kind, flags, body)
        datagrams = []
        while True:
            datagram = list(messages(self.raw.recv(1 << 17)))
            datagrams.append(datagram)
            for got, got_flags, seq, _, _ in datagram:
                if seq == self.seq and (got in (2, 3) or not (got_flags & MULTI or flags & ACK)):
                    return datagrams

    def outcome(self, kind, flags, body):
        """The answer in a line: "ok", an errno with what goes with it, and how many messages came before."""
        answers = [m for datagram in self.ask(kind, flags, body) for m in datagram]
        got, got_flags, _, _, rest = answers[-1]
        said = f"{len(answers) - 1} messages, " if len(answers) > 1 else ""
        if got not in (2, 3):
            return "answered"
        return said + verdict(got, got_flags, rest)

    def dump(self, kind, body):
        return [(k, b) for datagram in self.ask(kind, DUMP, body) for k, _, _, _, b in datagram if k not in (2, 3)]


def verdict(kind, flags, body):
    """An ERROR's or a DONE's errno, and its extack."""
    code = -struct.unpack_from("i", body)[0]
    out = errno.errorcode.get(code, str(code)) if code else "ok"
    if flags & 0x200:
        rest = body[4:] if kind == 3 else body[20:] if flags & 0x100 or not code else body[4 + (struct.unpack_from("I", body, 4)[0] + 3 & ~3):]
        for number, value in pairs(rest):
            name = ERR.get(number & 0x3fff, "?")
            if name == "MSG":
                out += " '" + value.decode("utf-8", "replace").rstrip("\0") + "'"
            elif name == "OFFS":
                out += " @" + str(struct.unpack("I", value)[0])
            elif name == "POLICY":
                out += " policy " + value.hex()
            else:
                out += f" {name} {value.hex()}"
    return out


def prepare(side):
    """In the kernel: no duplicate address detection, so that an address is usable at once, as it is on the server."""
    if side != "kernel":
        return
    for where in ("default", "all", "lo"):
        for knob in ("accept_dad", "dad_transmits"):
            with open(f"/proc/sys/net/ipv6/conf/{where}/{knob}", "w") as file:
                file.write("0")


class Record:
    """What `run-list.sh` writes, too: "$ case", "= code", "| line" …"""

    def __init__(self, path):
        self.file = open(path, "w")

    def add(self, title, lines, code=0):
        self.file.write(f"$ {title}\n= {code}\n" + "".join(f"| {line}\n" for line in lines))

    def close(self):
        self.file.close()
