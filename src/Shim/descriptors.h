/* SPDX-License-Identifier: MIT
 *
 * Making, duplicating and closing descriptors of netlink sockets. */
#ifndef RTNL_SHIM_DESCRIPTORS_H
#define RTNL_SHIM_DESCRIPTORS_H

#include "socket_table.h"

/* `type` with SOCK_CLOEXEC and SOCK_NONBLOCK. */
int descriptor_open(int type);

/* After the descriptor `copy` was made of `original`, which may be none of ours. */
int descriptor_copied(int original, int copy);

/* Before a descriptor is closed. */
void descriptor_closing(int fd);
void descriptors_closing(unsigned first, unsigned last);

/* The process is about to end by itself: what it sent is done first, as in the kernel. */
void descriptors_finish(void);

#endif
