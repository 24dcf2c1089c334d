#!/usr/bin/env python3
"""What a client sees of a NETLINK_ROUTE socket beyond its messages: sizes of datagrams, receive buffers, errors, pointers, credentials.

socket-probe.py TOPIC; prints what the kernel answers, or whoever stands in for it. Links are made by the list that calls it.
"""

import ctypes
import errno
import os
import select
import socket
import struct
import sys
import tempfile
import time

SOL_SOCKET, SO_RCVBUF, SO_RCVBUFFORCE, SO_ERROR, SO_PASSCRED = 1, 8, 33, 4, 16
RTM_NEWLINK, RTM_GETLINK = 16, 18
C = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Header(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_int), ("parts", ctypes.c_void_p), ("count", ctypes.c_size_t),
                ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t), ("flags", ctypes.c_int)]


def opened(groups=0):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    s.bind((0, groups))
    return s


def say(name, call):
    try:
        print(name, call())
    except OSError as e:
        print(name, errno.errorcode[e.errno])


def called(name, *arguments):
    """A function of the C library, its result or errno."""
    def call():
        result = getattr(C, name)(*arguments)
        if result < 0:
            raise OSError(ctypes.get_errno(), "")
        return result
    say(name, call)


def message(kind, flags, body, sequence=1):
    return struct.pack("=IHHII", 16 + len(body), kind, flags, sequence, 0) + body


def link(index, attributes=b""):
    return struct.pack("=BxHiII", 0, 0, index, 0, 0) + attributes


GET_LO = message(RTM_GETLINK, 1, link(1))


def types(datagram):
    found, at = [], 0
    while at + 16 <= len(datagram):
        length, kind = struct.unpack_from("=IH", datagram, at)
        found.append(kind)
        at += max(length + 3 & ~3, 16)
    return found


def dump(s, room, peek=None):
    """The sizes of a dump's datagrams, how many were cut, and how many links came whole."""
    s.send(message(RTM_GETLINK, 0x301, link(0)))
    sizes, links, cut = [], 0, 0
    while True:
        if peek is not None:
            s.recvmsg(peek, 0, socket.MSG_PEEK | socket.MSG_TRUNC)
        datagram, _, flags, _ = s.recvmsg(room)
        kinds = types(datagram)
        sizes.append(len(datagram))
        links += kinds.count(RTM_NEWLINK)
        cut += bool(flags & socket.MSG_TRUNC)
        if 3 in kinds:
            return sizes, cut, links


def chunks():
    for room, peek in ((1024, None), (2000, None), (4096, None), (5000, None), (8192, None), (16384, None), (32768, None), (65536, None), (1 << 20, None),
                       (32768, 0), (16384, 4096), (4096, 4096)):
        with opened() as s:
            print("room", room, "peek", peek, dump(s, room, peek), "again", dump(s, room, peek))
    with opened() as s:
        print("growing", dump(s, 4096), dump(s, 12000), dump(s, 4096), dump(s, 40000), dump(s, 4096))
    # What another receive has offered counts as well.
    with opened() as s:
        s.send(GET_LO)
        s.recv(20000)
        print("after a reply", dump(s, 4096))
    # Two receives that do not wait for what they have not seen.
    with opened() as s:
        s.send(message(RTM_GETLINK, 0x301, link(0)))
        s.setblocking(False)
        sizes = []
        while 20 not in sizes:
            sizes.append(len(s.recv(8192)))
        print("without waiting", sizes)


def rename(name, new):
    attribute = struct.pack("=HH", 5 + len(new), 3) + new.encode() + b"\0"
    with opened() as s:
        s.send(message(RTM_NEWLINK, 5, link(socket.if_nametoindex(name), attribute + bytes(-len(attribute) % 4))))
        if struct.unpack_from("=i", s.recv(4096), 16)[0] != 0:
            raise SystemExit("cannot rename " + name)


def renames(count):
    """Names of one length, so that every message has the same size."""
    name = "d0"
    for i in range(count):
        rename(name, new := "d%04d" % i)
        name = new
    rename(name, "d0")


def received(s):
    seen = []
    while True:
        try:
            what = str(len(s.recv(65536)))
        except BlockingIOError:
            return [(what, count) for what, count in seen]
        except OSError as e:
            what = errno.errorcode[e.errno]
        if seen and seen[-1][0] == what:
            seen[-1][1] += 1
        else:
            seen.append([what, 1])


def overrun():
    for size, count in ((512, 80), (3000, 80), (4096, 80), (20000, 80), (None, 400), (1 << 20, 400)):
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
            if size is not None:
                s.setsockopt(SOL_SOCKET, SO_RCVBUF, size)
            s.bind((0, 1))
            s.setblocking(False)
            renames(count)
            poll = select.poll()
            poll.register(s, select.POLLIN)
            print("buffer", s.getsockopt(SOL_SOCKET, SO_RCVBUF), "poll", [found[1] for found in poll.poll(0)], received(s), "left", poll.poll(0))
            renames(1)
            print("after", received(s))
    with opened(1) as s:
        s.setsockopt(SOL_SOCKET, SO_RCVBUF, 512)
        s.setblocking(False)
        renames(5)
        poll = select.poll()
        poll.register(s, 0)
        print("SO_ERROR", poll.poll(0)[0][1], s.getsockopt(SOL_SOCKET, SO_ERROR), s.getsockopt(SOL_SOCKET, SO_ERROR), poll.poll(0), received(s))
    with opened(1) as s:
        s.setsockopt(SOL_SOCKET, SO_RCVBUF, 512)
        s.setsockopt(270, 5, 1)
        s.setblocking(False)
        renames(5)
        print("NO_ENOBUFS", received(s))
    # Its own answers are lost likewise.
    with opened() as s:
        s.setsockopt(SOL_SOCKET, SO_RCVBUF, 512)
        s.setblocking(False)
        for _ in range(4):
            s.send(GET_LO)
        # Answered after what was sent before, wherever that is handled.
        s.getsockname()
        print("replies", [found[0] for found in received(s)])
    # A reader that reads in between has room again.
    with opened(1) as s:
        s.setsockopt(SOL_SOCKET, SO_RCVBUF, 512)
        s.setblocking(False)
        found = []
        for _ in range(3):
            renames(0)
            found += received(s)
        print("in step", [what for what, _ in found])


def buffers():
    with open("/proc/sys/net/core/rmem_max") as f:
        most = 2 * int(f.read())

    def capped(size):
        return "the machine's most %+d" % (size - most) if abs(size - most) <= 4 else size

    with opened() as s:
        print("default", s.getsockopt(SOL_SOCKET, SO_RCVBUF))
        for option in (SO_RCVBUF, SO_RCVBUFFORCE):
            for size in (0, 1, 2, 1151, 1152, 1153, 4096, 100000, most // 2 - 1, most // 2, most // 2 + 1, -1, -2147483648, 0x3fffffff, 0x40000000, 0x7fffffff):
                say("option %d size %s" % (option, "the most" if abs(size - most // 2) < 2 else size), lambda: (s.setsockopt(SOL_SOCKET, option, size), capped(s.getsockopt(SOL_SOCKET, SO_RCVBUF)))[1])


def transfers():
    s = opened()
    s.setblocking(False)
    r, w = os.pipe()

    def reply():
        datagram = s.recv(65536)
        return types(datagram)

    os.write(w, GET_LO)
    say("splice in", lambda: os.splice(r, s.fileno(), 4096))
    say("reply", reply)
    os.write(w, GET_LO)
    say("splice half", lambda: os.splice(r, s.fileno(), 20))
    say("splice rest", lambda: os.splice(r, s.fileno(), 100))
    say("reply", reply)
    say("splice nothing", lambda: os.splice(r, s.fileno(), 100, flags=2))
    say("splice zero", lambda: os.splice(r, s.fileno(), 0))
    say("splice offset", lambda: os.splice(r, s.fileno(), 100, offset_dst=0))
    s.send(GET_LO)
    say("splice out", lambda: os.splice(s.fileno(), w, 100))
    say("pipe", lambda: len(os.read(r, 4096)))
    say("splice none", lambda: os.splice(s.fileno(), w, 100))
    say("splice offset", lambda: os.splice(s.fileno(), w, 100, offset_src=0))
    with tempfile.TemporaryFile() as f:
        f.write(GET_LO * 2)
        f.flush()
        f.seek(0)
        f = f.fileno()
        say("splice to file", lambda: os.splice(s.fileno(), f, 100))
        say("splice from file", lambda: os.splice(f, s.fileno(), 100))
        say("sendfile both", lambda: os.sendfile(s.fileno(), f, 0, 64))
        for _ in range(3):
            say("reply", reply)
        say("sendfile one", lambda: os.sendfile(s.fileno(), f, 32, 32))
        say("reply", reply)
        say("sendfile end", lambda: os.sendfile(s.fileno(), f, 64, 32))
        say("sendfile place", lambda: (os.sendfile(s.fileno(), f, None, 32), os.lseek(f, 0, 1)))
        say("reply", reply)
        say("sendfile out", lambda: os.sendfile(f, s.fileno(), None, 100))
        say("sendfile out", lambda: os.sendfile(f, s.fileno(), 0, 100))
        say("sendfile pipe", lambda: os.sendfile(s.fileno(), r, None, 100))
        say("copy_file_range", lambda: os.copy_file_range(s.fileno(), f, 10))
        say("copy_file_range", lambda: os.copy_file_range(f, s.fileno(), 10))
        s.send(GET_LO)
        say("sendfile to pipe", lambda: os.sendfile(w, s.fileno(), None, 100))
    fd = s.fileno()
    bytes_ = ctypes.create_string_buffer(100)
    part = Vector(ctypes.addressof(bytes_), 100)
    minus = ctypes.c_long(-1)
    for name, arguments in (("tee", (fd, w, 10, 0)), ("tee", (r, fd, 10, 0)), ("vmsplice", (fd, ctypes.byref(part), 1, 0)), ("lseek", (fd, 0, 0)),
                            ("ftruncate", (fd, 0)), ("fsync", (fd,)), ("fdatasync", (fd,)), ("pread", (fd, bytes_, 10, 0)), ("pwrite", (fd, bytes_, 10, 0)),
                            ("preadv", (fd, ctypes.byref(part), 1, 0)), ("pwritev", (fd, ctypes.byref(part), 1, 0)),
                            ("preadv2", (fd, ctypes.byref(part), 1, minus, 0)), ("pwritev2", (fd, ctypes.byref(part), 1, minus, 0)),
                            ("preadv2", (fd, ctypes.byref(part), 1, minus, 64)), ("fallocate", (fd, 0, 0, 10)), ("readahead", (fd, 0, 10)),
                            ("sync_file_range", (fd, 0, 0, 0)), ("sockatmark", (fd,)), ("isatty", (fd,)), ("fchdir", (fd,)), ("dprintf", (fd, b"%s", GET_LO[:16])),
                            ("dprintf", (fd, b"twenty bytes of text")), ("listen", (fd, 1)), ("shutdown", (fd, 2))):
        called(name, *arguments)
    s.send(GET_LO)
    say("reply", reply)


def pointers():
    s = opened()
    s.setblocking(False)
    fd = s.fileno()
    bytes_ = ctypes.create_string_buffer(100)
    s.send(GET_LO)
    for name, arguments in (("recv", (None, 100, 0)), ("recv", (None, 100, 0)), ("recv", (None, 0, 0)), ("send", (None, 100, 0)), ("send", (None, 0, 0)),
                            ("sendmsg", (None, 0)), ("recvmsg", (None, 0)), ("read", (None, 10)), ("write", (None, 10)), ("readv", (None, 1)), ("writev", (None, 1)),
                            ("readv", (None, 1025)), ("writev", (None, 1025)), ("readv", (None, -1)), ("writev", (None, 0)), ("readv", (None, 0)),
                            ("sendmmsg", (None, 1, 0)), ("recvmmsg", (None, 1, 0, None)), ("recvmmsg", (None, 0, 0, None)), ("sendto", (bytes_, 20, 0, None, 12)),
                            ("bind", (None, 12)), ("bind", (None, 0)), ("bind", (bytes_, 200)), ("connect", (None, 12)), ("connect", (None, 0)),
                            ("connect", (bytes_, 200)), ("sendto", (bytes_, 20, 0, bytes_, 200)), ("sendto", (bytes_, 20, 0, bytes_, 4)),
                            ("getsockname", (None, None)), ("getpeername", (bytes_, None)), ("setsockopt", (270, 1, None, 4)), ("setsockopt", (1, 8, None, 4)),
                            ("setsockopt", (1, 8, bytes_, 3)), ("getsockopt", (1, 8, bytes_, None)), ("getsockopt", (270, 3, None, ctypes.byref(ctypes.c_int(4))))):
        called(name, fd, *arguments)

    parts = (Vector * 1025)()
    request = ctypes.create_string_buffer(GET_LO, 32)
    answer = ctypes.create_string_buffer(4096)

    def header(count, name_length=0, array=parts):
        return ctypes.byref(Header(None, name_length, ctypes.cast(array, ctypes.c_void_p) if array else None, count, None, 0, 0))

    for i in range(1025):
        parts[i] = Vector(ctypes.addressof(request) + min(i, 31), 1 if i < 32 else 0)
    called("sendmsg", fd, header(1023), 0)
    called("sendmsg", fd, header(1024), 0)
    called("sendmsg", fd, header(1025), 0)
    for i in range(1025):
        parts[i] = Vector(ctypes.addressof(answer) + 4 * min(i, 1023), 4)
    called("recvmsg", fd, header(1023), 0)
    print(struct.unpack_from("=HHI", answer.raw, 4))
    called("recvmsg", fd, header(1024), 0)
    print(struct.unpack_from("=HHI", answer.raw, 4))
    called("recvmsg", fd, header(1025), 0)
    called("readv", fd, ctypes.byref(parts), 1025)
    s.send(GET_LO)
    called("recvmsg", fd, header(1), 0x20)
    called("sendmsg", fd, header(2, array=None), 0)
    called("recvmsg", fd, header(2, array=None), 0)
    called("sendmsg", fd, header(0, array=None), 0)
    called("recvmsg", fd, header(1, name_length=-1), 0)
    parts[1].base = None
    s.send(GET_LO)
    called("recvmsg", fd, header(3), 0)
    called("sendmsg", fd, header(3), 0)
    for length in (None, ctypes.byref(ctypes.c_int(-1))):
        s.send(GET_LO)
        called("recvfrom", fd, answer, 100, 0, bytes_, length)
        called("recvfrom", fd, answer, 100, 0, bytes_, length)
    s.send(GET_LO)
    print("still", types(s.recv(4096)))


def child(run):
    """Runs in another process, one after the other."""
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        try:
            run()
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.waitpid(process, 0)
    return process


def credentials():
    with opened() as s:
        s.setsockopt(SOL_SOCKET, SO_PASSCRED, 1)
        port = s.getsockname()[0]

        def got():
            datagram, ancillary, _, _ = s.recvmsg(4096, 256)
            return len(datagram), [(level, kind) for level, kind, _ in ancillary], struct.unpack("=iII", ancillary[0][2])

        s.send(GET_LO)
        print("the kernel", got()[1:])

        def sends(gid):
            os.setgid(gid)
            with opened() as other:
                other.sendto(b"x" * 20, (port, 0))

        for gid in (0, 1234):
            process = child(lambda: sends(gid))
            length, kinds, (pid, uid, group) = got()
            print("another", length, kinds, pid == process, uid, group)
        s.sendto(b"y" * 24, (port, 0))
        length, kinds, (pid, uid, group) = got()
        print("itself", length, kinds, pid == os.getpid(), uid, group)


def drop_net_admin():
    header = (ctypes.c_uint * 2)(0x20080522, 0)
    data = (ctypes.c_uint * 6)()
    C.capget(header, data)
    data[0] &= ~(1 << 12)
    data[1] &= ~(1 << 12)
    C.capset(header, data)


def capabilities():
    up = message(RTM_NEWLINK, 5, struct.pack("=BxHiII", 0, 0, 1, 1, 1))

    def asked(s):
        s.send(up)
        return struct.unpack_from("=i", s.recv(4096), 16)[0]

    def before():
        drop_net_admin()
        with opened() as s:
            print("dropped before", asked(s))

    def after():
        with opened() as s:
            print("held", asked(s))
            # Over a transport it is looked up so often, not at every message of a fast client.
            time.sleep(0.01)
            drop_net_admin()
            print("dropped after", asked(s), "reads", types((s.send(GET_LO), s.recv(4096))[1]))

    def forced():
        drop_net_admin()
        with opened() as s:
            say("force", lambda: s.setsockopt(SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24))

    child(before)
    child(after)
    child(forced)


{f.__name__: f for f in (chunks, overrun, buffers, transfers, pointers, credentials, capabilities)}[sys.argv[1]]()
