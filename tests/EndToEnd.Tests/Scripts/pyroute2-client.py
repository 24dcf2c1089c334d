"""Calls pyroute2's IPRoute and prints what each call returned or raised, without what must differ between two runs."""
import os
import time

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

SHOWN_OF_LINK = ("IFLA_IFNAME", "IFLA_MTU", "IFLA_TXQLEN", "IFLA_OPERSTATE", "IFLA_ADDRESS", "IFLA_QDISC", "IFLA_CARRIER",
                 "IFLA_NUM_TX_QUEUES", "IFLA_LINK", "IFLA_GROUP", "IFLA_PROMISCUITY", "IFLA_MIN_MTU", "IFLA_MAX_MTU", "IFLA_IFALIAS")
HIDDEN = ("IFA_CACHEINFO", "RTA_CACHEINFO")


def describe(message):
    names = [k for k in ("index", "flags", "ifi_type", "family", "prefixlen", "scope", "dst_len", "table", "proto", "type") if k in message]
    head = [f"{name}={message[name]}" for name in names]
    attrs = message["attrs"]
    if any(a[0] == "IFLA_IFNAME" for a in attrs):
        body = [f"{a[0]}={a[1]}" for a in attrs if a[0] in SHOWN_OF_LINK]
        info = message.get_attr("IFLA_LINKINFO")
        body += [f"kind={info.get_attr('IFLA_INFO_KIND')}"] if info else []
    else:
        body = [f"{a[0]}={a[1]}" for a in attrs if a[0] not in HIDDEN]
    return " ".join([message.get("event", "?")] + head + body)


def call(title, function, *args, **kwargs):
    print(f"{title}:")
    try:
        result = function(*args, **kwargs)
        for message in result if result is not None else ():
            if "attrs" in message:
                print("  ", describe(message))
            else:
                print("  ", "ack")
    except NetlinkError as error:
        print("   error", error.code, error)


def settle(seconds=1.3):
    if os.environ.get("SIDE") == "kernel":
        time.sleep(seconds)


with IPRoute() as ipr:
    call("links at first", ipr.get_links)
    call("lo up", ipr.link, "set", index=1, state="up")
    call("add veth", ipr.link, "add", ifname="v0", kind="veth", address="02:00:00:00:00:01",
         peer={"ifname": "v1", "address": "02:00:00:00:00:02"})
    call("add veth again", ipr.link, "add", ifname="v0", kind="veth", peer="v1")
    print("lookup:", ipr.link_lookup(ifname="v0"), ipr.link_lookup(ifname="v1"), ipr.link_lookup(ifname="nosuch"))
    v0, v1 = ipr.link_lookup(ifname="v0")[0], ipr.link_lookup(ifname="v1")[0]
    call("v0 up", ipr.link, "set", index=v0, state="up")
    call("v1 up", ipr.link, "set", index=v1, state="up")
    settle(2)
    call("links", ipr.get_links)
    call("one link", ipr.get_links, v0)
    call("mtu, alias, group", ipr.link, "set", index=v0, mtu=1400, ifalias="lab", group=5)
    call("mtu too small", ipr.link, "set", index=v0, mtu=10)
    call("rename", ipr.link, "set", index=v0, ifname="left")
    call("get by name", ipr.link, "get", ifname="left")
    call("get by a name that is gone", ipr.link, "get", ifname="v0")
    call("addr add", ipr.addr, "add", index=v0, address="10.0.0.1", prefixlen=24, broadcast="10.0.0.255")
    call("addr add again", ipr.addr, "add", index=v0, address="10.0.0.1", prefixlen=24)
    call("addr add second", ipr.addr, "add", index=v0, address="10.0.0.2", prefixlen=24)
    call("addr add v6", ipr.addr, "add", index=v0, address="2001:db8::1", prefixlen=64)
    call("addr add to a link that is missing", ipr.addr, "add", index=99, address="10.0.0.1", prefixlen=24)
    settle()
    call("addresses", ipr.get_addr)
    call("addresses v4 of v0", ipr.get_addr, family=2, index=v0)
    call("addresses by label", ipr.get_addr, label="left")
    call("route add", ipr.route, "add", dst="192.0.2.0/24", gateway="10.0.0.9")
    call("route add again", ipr.route, "add", dst="192.0.2.0/24", gateway="10.0.0.9")
    call("route replace", ipr.route, "replace", dst="192.0.2.0/24", gateway="10.0.0.8")
    call("route add table 100", ipr.route, "add", dst="192.0.3.0/24", oif=v0, table=100, priority=7)
    call("route add table 1000", ipr.route, "add", dst="192.0.4.0/24", oif=v0, table=1000)
    call("route add blackhole", ipr.route, "add", dst="198.51.100.0/24", type="blackhole")
    call("route add v6", ipr.route, "add", dst="2001:db8:1::/48", gateway="2001:db8::9")
    call("route add, gateway out of reach", ipr.route, "add", dst="192.0.5.0/24", gateway="172.16.0.1")
    call("routes v4", ipr.get_routes, family=2)
    call("routes v6", ipr.get_routes, family=10)
    call("routes of table 100", ipr.get_routes, family=2, table=100)
    call("routes by gateway", ipr.get_routes, family=2, gateway="10.0.0.8")
    call("route get", ipr.route, "get", dst="192.0.2.7")
    call("route get, no route", ipr.route, "get", dst="8.8.8.8")
    call("route del", ipr.route, "del", dst="192.0.2.0/24")
    call("route del again", ipr.route, "del", dst="192.0.2.0/24")
    call("flush routes of table 100", ipr.flush_routes, table=100)
    call("addr del", ipr.addr, "del", index=v0, address="10.0.0.1", prefixlen=24)
    call("addr del again", ipr.addr, "del", index=v0, address="10.0.0.1", prefixlen=24)
    call("flush addresses", ipr.flush_addr, index=v0, family=2)
    call("addresses left", ipr.get_addr)
    call("routes left", ipr.get_routes, family=2)
    call("del link", ipr.link, "del", index=v0)
    call("links left", ipr.get_links)
