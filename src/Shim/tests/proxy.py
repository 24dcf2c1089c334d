#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server of docs/protocol.md that hands every frame to the kernel.

Each data connection gets a real NETLINK_ROUTE socket in the network namespace that this process
runs in, so the kernel itself is the oracle of what a client sees through the preload library.

    proxy.py SOCKET-PATH

One thread: all that arrives on a data connection is handled before the next control operation,
which is what section 4 of the protocol asks for.
"""

import errno
import os
import random
import selectors
import socket
import struct
import sys

HEADER = struct.Struct("<BBHIII")
HELLO, WELCOME, DATA, ERROR, CONTROL, ANSWER = range(1, 7)
BIND, GETNAME, SETSOCKOPT, GETSOCKOPT, RCVBUF, FENCE, AUTOBIND, RCVBUFFORCE = range(1, 9)
FRAME_MAX = 512 * 1024
SOL_NETLINK = 270
PKTINFO, LISTEN_ALL_NSID, LIST_MEMBERSHIPS, NETLINK_ROUTE = 3, 8, 9, 0
# What the kernel has for it, the library builds: the proxy always wants to know the group.
SILENT = {PKTINFO}


SO_SNDBUF, SO_RCVBUF, FORCE = 7, 8, {7: 32, 8: 33}


def set_buffer(target, name, size):
    """Beyond the machine's limit where this process may."""
    try:
        target.setsockopt(socket.SOL_SOCKET, FORCE[name], size)
    except PermissionError:
        target.setsockopt(socket.SOL_SOCKET, name, size)


class NetlinkSocket:
    def __init__(self, proxy, connection, pid_hint):
        self.proxy = proxy
        self.connection = connection
        self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
        self.netlink.setblocking(False)
        self.netlink.setsockopt(SOL_NETLINK, PKTINFO, 1)
        # The message goes out whole, whatever the client set.
        set_buffer(self.netlink, SO_SNDBUF, 4 << 20)
        self.pid_hint = pid_hint
        # Not getsockname: after a failed bind that names the port which was refused.
        self.bound = False
        self.options = {}
        self.backlog = []
        proxy.last_id += 1
        self.id = proxy.last_id
        self.token = struct.unpack("<II", os.urandom(8))
        connection.setblocking(False)
        proxy.sockets[self.id] = self
        proxy.selector.register(connection, selectors.EVENT_READ, self.on_connection)
        proxy.selector.register(self.netlink, selectors.EVENT_READ, self.kernel_ready)
        connection.send(HEADER.pack(WELCOME, 0, 0, self.id, *self.token))

    def bind(self, port, groups):
        """The kernel's automatic choice would be the proxy's process id; prefer the client's."""
        if port == 0 and not self.bound:
            for choice in [self.pid_hint] * (self.pid_hint != 0) + [*random.sample(range(1 << 31, (1 << 32) - 4096), 3)]:
                try:
                    self.netlink.bind((choice, groups))
                    self.bound = True
                    return
                except OSError:
                    pass
        self.netlink.bind((port, groups))
        self.bound = True

    def autobind(self):
        if not self.bound:
            self.bind(0, 0)

    def client_ready(self):
        """Handles everything the client has sent; False when the client has closed."""
        while True:
            try:
                frame = self.connection.recv(FRAME_MAX)
            except BlockingIOError:
                return True
            except OSError:
                frame = b""
            if len(frame) < HEADER.size:
                self.close()
                return False
            kind, _, _, port, groups, _ = HEADER.unpack_from(frame)
            if kind != DATA:
                self.close()
                return False
            try:
                self.autobind()
                self.netlink.sendto(frame[HEADER.size:], (port, groups))
            except OSError as error:
                self.to_client(HEADER.pack(ERROR, 0, 0, error.errno, 0, 0))
            self.kernel_ready()

    def kernel_ready(self):
        """Forwards what the kernel has queued, as far as the client's connection takes it."""
        self.flush()
        while not self.backlog:
            try:
                data, ancillary, _, address = self.netlink.recvmsg(FRAME_MAX, 256)
            except BlockingIOError:
                return
            except OSError as error:
                self.to_client(HEADER.pack(ERROR, 0, 0, error.errno, 0, 0))
                continue
            group, nsid = 0, -1
            for level, kind, value in ancillary:
                if level == SOL_NETLINK and kind == PKTINFO:
                    group = struct.unpack("=I", value[:4])[0]
                elif level == SOL_NETLINK and kind == LISTEN_ALL_NSID:
                    nsid = struct.unpack("=i", value[:4])[0]
            self.to_client(HEADER.pack(DATA, 0, 0, group, nsid & 0xFFFFFFFF, address[0]) + data)

    def to_client(self, frame):
        self.backlog.append(frame)
        self.flush()

    def flush(self):
        try:
            while self.backlog:
                self.connection.send(self.backlog[0])
                self.backlog.pop(0)
        except BlockingIOError:
            pass
        except OSError:
            self.backlog.clear()
        if self.connection.fileno() >= 0:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.backlog else 0)
            self.proxy.selector.modify(self.connection, wanted, self.on_connection)

    def on_connection(self):
        if self.client_ready():
            self.kernel_ready()

    def close(self):
        self.proxy.selector.unregister(self.connection)
        self.proxy.selector.unregister(self.netlink)
        del self.proxy.sockets[self.id]
        self.connection.close()
        self.netlink.close()

    def operate(self, op, payload):
        """The answer's (b, c, payload); errors leave as OSError."""
        if op == BIND:
            # A port is free as soon as its socket is closed, also when we have not looked there yet.
            for other in list(self.proxy.sockets.values()):
                if other is not self:
                    other.client_ready()
            self.bind(*struct.unpack("<II", payload))
            return self.netlink.getsockname() + (b"",)
        if op == AUTOBIND:
            self.autobind()
            return self.netlink.getsockname() + (b"",)
        if op == GETNAME:
            return self.netlink.getsockname() + (b"",)
        if op == SETSOCKOPT:
            name, value = struct.unpack("<Ii", payload)
            if name not in SILENT:
                self.netlink.setsockopt(SOL_NETLINK, name, value)
            self.options[name] = int(value != 0)
            return 0, 0, b""
        if op == GETSOCKOPT:
            (name,) = struct.unpack("<I", payload)
            if name in SILENT:
                return 0, 0, struct.pack("<i", self.options.get(name, 0))
            size = 64 if name == LIST_MEMBERSHIPS else 4
            return 0, 0, self.netlink.getsockopt(SOL_NETLINK, name, size)
        if op == RCVBUF:
            (size,) = struct.unpack("<I", payload)
            self.netlink.setsockopt(socket.SOL_SOCKET, SO_RCVBUF, size // 2)
            return self.netlink.getsockopt(socket.SOL_SOCKET, SO_RCVBUF), 0, b""
        if op == RCVBUFFORCE:
            (size,) = struct.unpack("<I", payload)
            set_buffer(self.netlink, SO_RCVBUF, size // 2)
            return self.netlink.getsockopt(socket.SOL_SOCKET, SO_RCVBUF), 0, b""
        if op == FENCE:
            return 0, 0, b""
        raise OSError(errno.EOPNOTSUPP, "no such operation")


class Proxy:
    def __init__(self, path):
        self.selector = selectors.DefaultSelector()
        self.sockets = {}
        self.last_id = 0
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(path)
        self.listener.listen(128)
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)

    def accept(self):
        connection, _ = self.listener.accept()
        self.selector.register(connection, selectors.EVENT_READ, lambda: self.first_frame(connection))

    def first_frame(self, connection):
        self.selector.unregister(connection)
        try:
            frame = connection.recv(FRAME_MAX)
        except OSError:
            frame = b""
        if len(frame) < HEADER.size:
            connection.close()
            return
        kind, op, _, a, b, c = HEADER.unpack_from(frame)
        payload = frame[HEADER.size:]
        if kind == HELLO:
            if a != 1 or payload not in (b"", b"here"):
                error = errno.EPROTONOSUPPORT if a != 1 else errno.ENOENT
                connection.send(HEADER.pack(WELCOME, 1, 0, error, 0, 0))
                connection.close()
                return
            NetlinkSocket(self, connection, b)
            return
        if kind == CONTROL:
            connection.send(self.answer(op, a, (b, c), payload))
        connection.close()

    def answer(self, op, socket_id, token, payload):
        try:
            netlink = self.sockets.get(socket_id)
            if netlink is None or netlink.token != token:
                raise OSError(errno.EBADF, "no such socket")
            # Requests that were sent before come first.
            if not netlink.client_ready():
                raise OSError(errno.EBADF, "closed")
            b, c, result = netlink.operate(op, payload)
            netlink.kernel_ready()
            return HEADER.pack(ANSWER, op, 0, 0, b, c) + result
        except OSError as error:
            return HEADER.pack(ANSWER, op, 0, error.errno, 0, 0)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj.fileno() >= 0:
                    key.data()


if __name__ == "__main__":
    Proxy(sys.argv[1]).run()
