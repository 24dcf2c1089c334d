/* SPDX-License-Identifier: MIT
 *
 * SO_ATTACH_FILTER: a client's packet filter reads netlink bytes, our datagrams start with a frame
 * header. The program is rewritten to look past it and runs in the kernel, on the Unix socket. */
#ifndef RTNL_SHIM_FILTER_H
#define RTNL_SHIM_FILTER_H

#include <stddef.h>

struct sock_fprog;

int filter_attach(int fd, size_t header_size, const struct sock_fprog *program);

#endif
