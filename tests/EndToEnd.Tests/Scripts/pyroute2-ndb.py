"""Starts pyroute2's NDB, makes a pair, an address and a route through it, and prints what its views then show."""
import sys
import time

from pyroute2 import NDB, IPRoute

LIMIT = 20


def until(what, condition):
    """Waits for NDB, which learns by events, to see something."""
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {LIMIT} s in vain for: {what}")
        time.sleep(0.02)


def views(ndb):
    for link in sorted(ndb.interfaces.summary(), key=lambda row: row["index"]):
        print("interface", link["index"], link["ifname"], link["address"], link["kind"])
    for address in sorted(str((row["ifname"], row["address"], row["prefixlen"])) for row in ndb.addresses.summary()):
        print("address", address)
    for route in sorted(str((row["dst"], row["dst_len"], row["table"], row["gateway"], row["oif"])) for row in ndb.routes.dump()
                        if row["family"] == 2):
        print("route", route)
    for rule in sorted(str((row["family"], row["priority"], row["table"], row["action"])) for row in ndb.rules.dump()):
        print("rule", rule)
    print("neighbours with an address", sum(1 for row in ndb.neighbours.dump() if row["NDA_DST"] and row["state"] != 0x40))


with NDB(log="off") as ndb:
    views(ndb)
    ndb.interfaces["lo"].set(state="up").commit()
    ndb.interfaces.create(ifname="v0", kind="veth", address="02:00:00:00:00:01", peer={"ifname": "v1", "address": "02:00:00:00:00:02"}).commit()
    until("v1", lambda: "v1" in ndb.interfaces)
    ndb.interfaces["v1"].set(state="up").commit()
    ndb.interfaces["v0"].set(state="up").add_ip("10.0.0.1/24").commit()
    ndb.routes.create(dst="192.0.2.0/24", gateway="10.0.0.9").commit()
    until("the route", lambda: any(row["dst"] == "192.0.2.0" for row in ndb.routes.dump()))
    until("the address's routes", lambda: sum(row["dst"].startswith("10.0.0.") for row in ndb.routes.dump() if row["dst"]) == 3)
    views(ndb)
    with ndb.routes[{"dst": "192.0.2.0/24"}] as route:
        route.remove()
    until("no route", lambda: not any(row["dst"] == "192.0.2.0" for row in ndb.routes.dump()))
    with ndb.interfaces["v0"] as link:
        link.remove()
    until("no pair", lambda: "v1" not in ndb.interfaces)
    views(ndb)

with IPRoute() as ipr:
    print("neighbours", ipr.get_neighbours(family=2), ipr.get_neighbours(family=10, match=lambda row: row["state"] != 0x40))
    for family in (2, 10):
        for rule in ipr.get_rules(family=family):
            print("rule", rule["family"], rule["table"], rule["action"], rule["attrs"])
