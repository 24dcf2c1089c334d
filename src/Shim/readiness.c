/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "readiness.h"

#include "frames.h"
#include "real.h"
#include "socket_table.h"

#include <stdbool.h>

struct ours {
    bool any;
    bool error;      /* one of them has a pending error: it is ready whatever was asked */
    bool unanswered; /* one of them has sent something that may not have been handled yet */
};

static struct ours look(const struct pollfd *files, nfds_t count)
{
    struct ours found = {0};

    for (nfds_t i = 0; files != NULL && i < count; i++) {
        struct netlink_socket *socket = files[i].fd < 0 ? NULL : socket_of(files[i].fd);

        if (socket == NULL)
            continue;
        found.any = true;
        found.error |= socket_has_error(socket);
        found.unanswered |= (files[i].events & POLLIN) && atomic_load(&socket->unanswered);
    }
    return found;
}

/* What the kernel has done when sendmsg returns. */
static void finish_requests(const struct pollfd *files, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++) {
        struct netlink_socket *socket = files[i].fd < 0 ? NULL : socket_of(files[i].fd);

        if (socket != NULL && atomic_load(&socket->unanswered))
            control_fence(socket);
    }
}

/* Errors are always told, and may have come while others were waited for. */
static int add_errors(struct pollfd *files, nfds_t count, int ready)
{
    for (nfds_t i = 0; i < count; i++) {
        struct netlink_socket *socket = files[i].fd < 0 ? NULL : socket_of(files[i].fd);

        if (socket == NULL || !socket_has_error(socket))
            continue;
        if (files[i].revents == 0)
            ready++;
        files[i].revents |= POLLERR;
    }
    return ready;
}

int readiness_poll(struct pollfd *files, nfds_t count, int milliseconds)
{
    struct ours found = look(files, count);
    int ready;

    if (!found.any)
        return REAL(poll)(files, count, milliseconds);
    ready = REAL(poll)(files, count, found.error ? 0 : milliseconds);
    if (ready == 0 && milliseconds == 0 && found.unanswered) {
        finish_requests(files, count);
        ready = REAL(poll)(files, count, 0);
    }
    return ready < 0 ? ready : add_errors(files, count, ready);
}

int readiness_ppoll(struct pollfd *files, nfds_t count, const struct timespec *timeout,
                    const sigset_t *mask)
{
    const struct timespec at_once = {0};
    struct ours found = look(files, count);
    int ready;

    if (!found.any)
        return REAL(ppoll)(files, count, timeout, mask);
    ready = REAL(ppoll)(files, count, found.error ? &at_once : timeout, mask);
    if (ready == 0 && timeout != NULL && timeout->tv_sec == 0 && timeout->tv_nsec == 0 &&
        found.unanswered) {
        finish_requests(files, count);
        ready = REAL(ppoll)(files, count, &at_once, mask);
    }
    return ready < 0 ? ready : add_errors(files, count, ready);
}
