/* SPDX-License-Identifier: MIT
 *
 * Socket options of a netlink socket. */
#ifndef RTNL_SHIM_OPTIONS_H
#define RTNL_SHIM_OPTIONS_H

#include "socket_table.h"

#include <sys/socket.h>

int netlink_set_option(int fd, struct netlink_socket *socket, int level, int name, const void *value,
                       socklen_t length);
int netlink_get_option(int fd, struct netlink_socket *socket, int level, int name, void *value,
                       socklen_t *length);

#endif
