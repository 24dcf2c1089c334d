/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "interface_addresses.h"

#include "session.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdlib.h>
#include <string.h>

#define DUMP_TRIES 8

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    /* A hardware address may be longer than sockaddr_ll's eight bytes (InfiniBand has twenty). */
    struct {
        struct sockaddr_ll packet;
        unsigned char more[24];
    } link;
};

/* One allocation an entry: the public part comes first, and points into the rest. */
struct entry {
    struct ifaddrs public;
    union any_address address, netmask, other;
    struct rtnl_link_stats statistics;
    char name[IF_NAMESIZE];
    int index; /* of a link's own entry, else 0 */
};

struct collection {
    struct ifaddrs *first;
    struct ifaddrs **end;
};

static struct entry *append(struct collection *collection)
{
    struct entry *entry = calloc(1, sizeof(*entry));

    if (entry == NULL)
        return NULL;
    entry->public.ifa_name = entry->name;
    *collection->end = &entry->public;
    collection->end = &entry->public.ifa_next;
    return entry;
}

static void set_name(struct entry *entry, const struct rtattr *attribute)
{
    size_t length = RTA_PAYLOAD(attribute);

    if (length >= sizeof(entry->name))
        length = sizeof(entry->name) - 1;
    memcpy(entry->name, RTA_DATA(attribute), length);
}

static struct sockaddr *hardware_address(union any_address *target, const struct ifinfomsg *link,
                                         const struct rtattr *attribute)
{
    size_t length = RTA_PAYLOAD(attribute);
    const size_t room = sizeof(target->link) - offsetof(struct sockaddr_ll, sll_addr);

    if (length > room)
        length = room;
    target->link.packet.sll_family = AF_PACKET;
    target->link.packet.sll_ifindex = link->ifi_index;
    target->link.packet.sll_hatype = link->ifi_type;
    target->link.packet.sll_halen = (unsigned char)length;
    memcpy((unsigned char *)target + offsetof(struct sockaddr_ll, sll_addr), RTA_DATA(attribute),
           length);
    return &target->any;
}

static int visit_link(const struct nlmsghdr *message, void *context)
{
    const struct ifinfomsg *link = NLMSG_DATA(message);
    const struct rtattr *attributes[IFLA_STATS + 1];
    struct entry *entry;

    if (message->nlmsg_type != RTM_NEWLINK)
        return 0;
    entry = append(context);
    if (entry == NULL)
        return -ENOMEM;

    attributes_find(message, sizeof(*link), attributes, IFLA_STATS);
    entry->index = link->ifi_index;
    entry->public.ifa_flags = link->ifi_flags;
    /* A link without a hardware address has a sockaddr_ll all the same. */
    entry->address.link.packet.sll_family = AF_PACKET;
    entry->address.link.packet.sll_ifindex = link->ifi_index;
    entry->address.link.packet.sll_hatype = link->ifi_type;
    entry->public.ifa_addr = &entry->address.any;
    if (attributes[IFLA_IFNAME] != NULL)
        set_name(entry, attributes[IFLA_IFNAME]);
    if (attributes[IFLA_ADDRESS] != NULL)
        hardware_address(&entry->address, link, attributes[IFLA_ADDRESS]);
    if (attributes[IFLA_BROADCAST] != NULL)
        entry->public.ifa_broadaddr =
            hardware_address(&entry->other, link, attributes[IFLA_BROADCAST]);
    if (attributes[IFLA_STATS] != NULL) {
        size_t size = RTA_PAYLOAD(attributes[IFLA_STATS]);

        memcpy(&entry->statistics, RTA_DATA(attributes[IFLA_STATS]),
               size < sizeof(entry->statistics) ? size : sizeof(entry->statistics));
        entry->public.ifa_data = &entry->statistics;
    }
    return 0;
}

static struct sockaddr *protocol_address(union any_address *target, const struct ifaddrmsg *message,
                                         const struct rtattr *attribute)
{
    if (message->ifa_family == AF_INET && RTA_PAYLOAD(attribute) == 4) {
        target->v4.sin_family = AF_INET;
        memcpy(&target->v4.sin_addr, RTA_DATA(attribute), 4);
        return &target->any;
    }
    if (message->ifa_family == AF_INET6 && RTA_PAYLOAD(attribute) == 16) {
        target->v6.sin6_family = AF_INET6;
        memcpy(&target->v6.sin6_addr, RTA_DATA(attribute), 16);
        if (IN6_IS_ADDR_LINKLOCAL(&target->v6.sin6_addr) ||
            IN6_IS_ADDR_MC_LINKLOCAL(&target->v6.sin6_addr))
            target->v6.sin6_scope_id = message->ifa_index;
        return &target->any;
    }
    return NULL;
}

static struct sockaddr *prefix_mask(union any_address *target, const struct ifaddrmsg *message)
{
    const unsigned width = message->ifa_family == AF_INET ? 32 : 128;
    unsigned bits = message->ifa_prefixlen < width ? message->ifa_prefixlen : width;
    unsigned char *bytes = message->ifa_family == AF_INET
                               ? (unsigned char *)&target->v4.sin_addr
                               : (unsigned char *)&target->v6.sin6_addr;

    target->any.sa_family = message->ifa_family;
    for (; bits >= 8; bits -= 8)
        *bytes++ = 0xff;
    if (bits > 0)
        *bytes = (unsigned char)(0xff << (8 - bits));
    return &target->any;
}

static const struct entry *link_of(const struct collection *collection, unsigned index)
{
    for (const struct ifaddrs *at = collection->first; at != NULL; at = at->ifa_next) {
        const struct entry *entry = (const struct entry *)at;

        if (entry->index == (int)index)
            return entry;
    }
    return NULL;
}

static int visit_address(const struct nlmsghdr *message, void *context)
{
    const struct ifaddrmsg *address = NLMSG_DATA(message);
    const struct rtattr *attributes[IFA_BROADCAST + 1];
    struct collection *collection = context;
    const struct rtattr *local, *peer;
    const struct entry *link;
    struct entry *entry;

    if (message->nlmsg_type != RTM_NEWADDR ||
        (address->ifa_family != AF_INET && address->ifa_family != AF_INET6))
        return 0;
    /* The link appeared after the links were listed: list again. */
    link = link_of(collection, address->ifa_index);
    if (link == NULL)
        return -EINTR;
    entry = append(collection);
    if (entry == NULL)
        return -ENOMEM;

    attributes_find(message, sizeof(*address), attributes, IFA_BROADCAST);
    memcpy(entry->name, link->name, sizeof(entry->name));
    if (attributes[IFA_LABEL] != NULL)
        set_name(entry, attributes[IFA_LABEL]);
    entry->public.ifa_flags = link->public.ifa_flags;

    /* With a peer, IFA_LOCAL is our end and IFA_ADDRESS the other; without, IPv6 has no IFA_LOCAL. */
    local = attributes[IFA_LOCAL] != NULL ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
    peer = attributes[IFA_LOCAL] != NULL ? attributes[IFA_ADDRESS] : NULL;
    if (local != NULL)
        entry->public.ifa_addr = protocol_address(&entry->address, address, local);
    if (attributes[IFA_BROADCAST] != NULL)
        entry->public.ifa_broadaddr =
            protocol_address(&entry->other, address, attributes[IFA_BROADCAST]);
    else if (peer != NULL)
        entry->public.ifa_dstaddr = protocol_address(&entry->other, address, peer);
    entry->public.ifa_netmask = prefix_mask(&entry->netmask, address);
    return 0;
}

static int collect(struct session *session, struct collection *collection)
{
    struct ifinfomsg links = {.ifi_family = AF_UNSPEC};
    struct ifaddrmsg addresses = {.ifa_family = AF_UNSPEC};
    struct request request;
    int error;

    request_begin(&request, RTM_GETLINK, NLM_F_DUMP, &links, sizeof(links));
    error = session_talk(session, &request, visit_link, collection);
    if (error != 0)
        return error;
    request_begin(&request, RTM_GETADDR, NLM_F_DUMP, &addresses, sizeof(addresses));
    return session_talk(session, &request, visit_address, collection);
}

int interface_addresses(struct ifaddrs **list)
{
    struct collection collection = {0};
    struct session session;
    int error = 0;

    *list = NULL;
    /* A fresh session each time: what is left of a dump that we gave up must not be read. */
    for (int tries = 0; tries < DUMP_TRIES; tries++) {
        interface_addresses_free(collection.first);
        collection.first = NULL;
        collection.end = &collection.first;
        error = session_open(&session);
        if (error != 0)
            break;
        error = collect(&session, &collection);
        session_close(&session);
        if (error != -EINTR)
            break;
    }
    if (error != 0) {
        interface_addresses_free(collection.first);
        errno = -error;
        return -1;
    }
    *list = collection.first;
    return 0;
}

void interface_addresses_free(struct ifaddrs *list)
{
    while (list != NULL) {
        struct ifaddrs *next = list->ifa_next;

        free(list);
        list = next;
    }
}
