# SPDX-License-Identifier: MIT
"""What pyroute2 and Python's own socket module see; printed for comparison."""

import errno
import os
import socket
import struct
import subprocess

from pyroute2 import IPRoute, NetlinkError

with IPRoute() as ip:
    for link in ip.get_links():
        print("link", link["index"], link.get_attr("IFLA_IFNAME"), link.get_attr("IFLA_MTU"), link["flags"])
    index = ip.link_lookup(ifname="br0")[0]
    ip.addr("add", index=index, address="10.8.0.1", prefixlen=24)
    for address in ip.get_addr(index=index):
        print("address", address.get_attr("IFA_ADDRESS"), address["prefixlen"])
    try:
        ip.addr("add", index=index, address="10.8.0.1", prefixlen=24)
    except NetlinkError as error:
        print("again", errno.errorcode[error.code])
    try:
        ip.link("add", ifname="q", kind="nonsense")
    except NetlinkError as error:
        print("kind", errno.errorcode[error.code])
    ip.route("add", dst="10.66.0.0/16", gateway="10.8.0.9")
    for route in ip.get_routes(family=socket.AF_INET, dst="10.66.0.0/16"):
        print("route", route.get_attr("RTA_DST"), route.get_attr("RTA_GATEWAY"))
    ip.bind()
    ip.link("set", index=index, mtu=1450)
    print("events", sorted({message["event"] for message in ip.get()}))
    ip.flush_addr(index=index)
    print("left", len(list(ip.get_addr(index=index))))

# A child made by vfork closes what it inherits: the parent's socket must not notice.
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as raw:
    raw.bind((0, 0))
    print("bound", raw.getsockname()[0] in (os.getpid(),), raw.family, raw.type, raw.proto)
    subprocess.run(["true"], close_fds=True, check=True)
    raw.send(struct.pack("=IHHIIBxHiII", 32, 18, 1, 5, 0, 0, 0, 1, 0, 0))
    data, ancillary, flags, sender = raw.recvmsg(65536, 256)
    print("reply", struct.unpack_from("=HHI", data, 4), ancillary, flags, sender)

print("names", socket.if_nameindex(), socket.if_nametoindex("br0"), socket.if_indextoname(1))
