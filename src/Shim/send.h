/* SPDX-License-Identifier: MIT
 *
 * Sending on a netlink socket. */
#ifndef RTNL_SHIM_SEND_H
#define RTNL_SHIM_SEND_H

#include "socket_table.h"

#include <sys/socket.h>

ssize_t netlink_send(int fd, struct netlink_socket *socket, const struct msghdr *message, int flags);
int netlink_send_many(int fd, struct netlink_socket *socket, struct mmsghdr *messages,
                      unsigned count, int flags);

#endif
