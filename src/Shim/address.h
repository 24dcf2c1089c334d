/* SPDX-License-Identifier: MIT
 *
 * struct sockaddr_nl: reading it, answering with it, and the calls that are about it. */
#ifndef RTNL_SHIM_ADDRESS_H
#define RTNL_SHIM_ADDRESS_H

#include "socket_table.h"

#include <sys/socket.h>

/* The destination in an address: its port id, and of its groups the lowest, as the kernel takes it.
 * 0, or -1 and EINVAL. */
int address_read(const void *address, socklen_t length, uint32_t *port, uint32_t *groups);

/* Answers as the kernel does: as much as fits, and the true length. */
void address_write(uint32_t port, uint32_t groups, void *address, socklen_t *length);

int netlink_bind(struct netlink_socket *socket, const struct sockaddr *address, socklen_t length);
int netlink_connect(struct netlink_socket *socket, const struct sockaddr *address, socklen_t length);
int netlink_own_name(struct netlink_socket *socket, struct sockaddr *address, socklen_t *length);
int netlink_peer_name(struct netlink_socket *socket, struct sockaddr *address, socklen_t *length);

#endif
