/* SPDX-License-Identifier: MIT
 *
 * poll on netlink sockets: the Unix socket below knows nothing of the pending error. */
#ifndef RTNL_SHIM_READINESS_H
#define RTNL_SHIM_READINESS_H

#include <poll.h>
#include <signal.h>
#include <time.h>

int readiness_poll(struct pollfd *files, nfds_t count, int milliseconds);
int readiness_ppoll(struct pollfd *files, nfds_t count, const struct timespec *timeout,
                    const sigset_t *mask);

#endif
