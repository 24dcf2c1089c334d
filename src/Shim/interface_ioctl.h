/* SPDX-License-Identifier: MIT
 *
 * Interface requests of ioctl (SIOCGIFINDEX and the like), translated to rtnetlink. */
#ifndef RTNL_SHIM_INTERFACE_IOCTL_H
#define RTNL_SHIM_INTERFACE_IOCTL_H

#include <stdbool.h>

/* True when the request was an interface request on a socket, with what ioctl returns in *result
 * and errno; false when it is none of our business. */
bool interface_ioctl(int fd, unsigned long request, void *argument, int *result);

#endif
