# Every entry point that takes an interface's name, asked with names that have a colon: a link's, a label's, neither's.
# Prints one line an answer; the same lines are expected from the kernel and under `rtnl exec`.
# The links and addresses are there already: lo, d0 and d0 with the labels of `interface-names.sh`.
import ctypes
import errno
import fcntl
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
NAMES = ["lo", "lo:x", "lo:", "lo:nothing", "d0", "d0:1", "d0:two", "d0:1:2", "d0:", "d0:nothing", ":", ":x", "", "nothing", "nothing:x",
         "a234567890123:5", "a2345678901234:", "a23456789012345", "a234567890123456", "d0:34567890123456", "d0 ", "d0%", "D0"]
READS = {
    "SIOCGIFFLAGS": (0x8913, lambda r: hex(struct.unpack_from("=H", r, 16)[0] & ~0x40)),
    "SIOCGIFADDR": (0x8915, lambda r: r[16:32].hex()),
    "SIOCGIFDSTADDR": (0x8917, lambda r: r[16:32].hex()),
    "SIOCGIFBRDADDR": (0x8919, lambda r: r[16:32].hex()),
    "SIOCGIFNETMASK": (0x891b, lambda r: r[16:32].hex()),
    "SIOCGIFMETRIC": (0x891d, lambda r: struct.unpack_from("=i", r, 16)[0]),
    "SIOCGIFMTU": (0x8921, lambda r: struct.unpack_from("=i", r, 16)[0]),
    "SIOCGIFHWADDR": (0x8927, lambda r: r[16:18].hex()),
    "SIOCGIFINDEX": (0x8933, lambda r: struct.unpack_from("=i", r, 16)[0]),
    "SIOCGIFTXQLEN": (0x8942, lambda r: struct.unpack_from("=i", r, 16)[0]),
}


def say(*words):
    print(*words, flush=True)


def failed(error):
    return errno.errorcode.get(error, str(error))


def ask(family, request, name, rest=b""):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        question = bytearray(name.encode()[:16].ljust(16, b"\0") + rest.ljust(24, b"\0"))
        try:
            fcntl.ioctl(s, request, question)
        except OSError as e:
            return failed(e.errno), bytes(question)
        return None, bytes(question)


for name in NAMES:
    ctypes.set_errno(0)
    index = libc.if_nametoindex(name.encode())
    say("if_nametoindex", repr(name), index if index else failed(ctypes.get_errno()))

for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    for name in NAMES:
        for title, (request, read) in READS.items():
            error, answer = ask(family, request, name)
            # The name comes back as it was, colon and all.
            say(title, int(family), repr(name), error or read(answer), answer[:16].rstrip(b"\0"))

for name in NAMES:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as s:
        try:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, name.encode()[:15] + b"\0")
            say("SO_BINDTODEVICE", repr(name), "bound")
        except OSError as e:
            say("SO_BINDTODEVICE", repr(name), failed(e.errno))

# Changes, last: by a label they are about the address, or the link of that name.
CHANGES = [
    ("SIOCSIFMTU", 0x8922, struct.pack("=i", 1400)),
    ("SIOCSIFTXQLEN", 0x8943, struct.pack("=i", 77)),
    ("SIOCSIFFLAGS up", 0x8914, struct.pack("=H", 0x1)),
    ("SIOCSIFFLAGS down", 0x8914, struct.pack("=H", 0x0)),
]
for title, request, value in CHANGES:
    for name in ("nothing:x", "d0:nothing", "d0:1", "d0:two", "d0"):
        error, _ = ask(socket.AF_INET, request, name, value)
        say(title, repr(name), error or "done")


class ifaddrs(ctypes.Structure):
    pass


ifaddrs._fields_ = [("next", ctypes.POINTER(ifaddrs)), ("name", ctypes.c_char_p), ("flags", ctypes.c_uint), ("addr", ctypes.POINTER(ctypes.c_ushort))]
first = ctypes.POINTER(ifaddrs)()
libc.getifaddrs(ctypes.byref(first))
at = first
while at:
    say("getifaddrs", at.contents.name.decode(), at.contents.addr[0] if at.contents.addr else None, hex(at.contents.flags & ~0x40))
    at = at.contents.next
