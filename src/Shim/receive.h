/* SPDX-License-Identifier: MIT
 *
 * Receiving on a netlink socket. */
#ifndef RTNL_SHIM_RECEIVE_H
#define RTNL_SHIM_RECEIVE_H

#include "socket_table.h"

#include <sys/socket.h>

ssize_t netlink_receive(int fd, struct netlink_socket *socket, struct msghdr *message, int flags);
int netlink_receive_many(int fd, struct netlink_socket *socket, struct mmsghdr *messages,
                         unsigned count, int flags, const struct timespec *timeout);

#endif
