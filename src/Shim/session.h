/* SPDX-License-Identifier: MIT
 *
 * A netlink conversation of our own with the server, for the calls that glibc or the kernel would
 * have answered: interface names, getifaddrs, interface ioctls. */
#ifndef RTNL_SHIM_SESSION_H
#define RTNL_SHIM_SESSION_H

#include "socket_table.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>

struct session {
    int fd;
    uint32_t sequence;
    unsigned char *buffer; /* mapped, not allocated: a session may be needed anywhere */
};

/* A request under construction. */
struct request {
    struct nlmsghdr header;
    unsigned char body[256];
};

/* Sees each message of an answer; what it returns other than 0 ends the conversation. */
typedef int (*session_visitor)(const struct nlmsghdr *message, void *context);

/* These return 0 or a negative errno. */
int session_open(struct session *session);
void session_close(struct session *session);
int session_talk(struct session *session, struct request *request, session_visitor visit,
                 void *context);

void request_begin(struct request *request, uint16_t type, uint16_t flags, const void *header,
                   size_t size);
void request_attribute(struct request *request, uint16_t type, const void *value, size_t size);

/* The attributes of a message behind its own header of `size` bytes, by type; NULL where absent. */
void attributes_find(const struct nlmsghdr *message, size_t size, const struct rtattr **table,
                     unsigned short highest);

/* A link as the small questions about it need it. */
struct link_facts {
    int index;
    unsigned flags;
    unsigned short type;
    char name[IF_NAMESIZE];
    unsigned char address[32];
    size_t address_length;
    uint32_t mtu;
    uint32_t queue_length;
};

/* By name, or by index when the name is NULL. 0 or a negative errno, ENODEV when there is none. */
int session_link(struct session *session, const char *name, int index, struct link_facts *facts);
void link_facts_read(const struct nlmsghdr *message, struct link_facts *facts);

#endif
