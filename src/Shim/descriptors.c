/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "descriptors.h"

#include "frames.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

int descriptor_open(int type)
{
    const int base = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct netlink_socket *socket;
    int fd;

    if (base != SOCK_RAW && base != SOCK_DGRAM) {
        errno = ESOCKTNOSUPPORT;
        return -1;
    }
    socket = socket_create();
    if (socket == NULL)
        return -1;
    socket->type = base;
    fd = data_connection_open(socket, (uint32_t)getpid(),
                              FEATURE_CREDENTIALS | FEATURE_ERROR_WORD | FEATURE_RECEIVES);
    if (fd < 0) {
        socket_release(socket);
        return -1;
    }
    if (!(type & SOCK_CLOEXEC))
        REAL(fcntl)(fd, F_SETFD, 0);
    if (type & SOCK_NONBLOCK)
        REAL(fcntl)(fd, F_SETFL, O_RDWR | O_NONBLOCK);
    if (socket_table_add(fd, socket) != 0) {
        int saved = errno;

        socket_release(socket);
        REAL(close)(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

int descriptor_copied(int original, int copy)
{
    struct netlink_socket *socket;

    if (copy < 0 || original == copy || !socket_table_is_own())
        return copy;
    socket = socket_of(original);
    if (socket != NULL) {
        socket_acquire(socket);
        if (socket_table_add(copy, socket) != 0)
            socket_release(socket);
    } else {
        /* dup2 may have put another file in a socket's place. */
        socket = socket_table_remove(copy);
        if (socket != NULL)
            socket_release(socket);
    }
    return copy;
}

void descriptor_closing(int fd)
{
    struct netlink_socket *socket = socket_of(fd);

    if (socket == NULL || !socket_table_is_own())
        return;
    /* What was sent has been done when the socket is gone, as in the kernel. */
    if (socket->references == 1 && socket->unfinished > 0)
        control_fence(socket);
    socket = socket_table_remove(fd);
    if (socket != NULL)
        socket_release(socket);
}

void descriptors_closing(unsigned first, unsigned last)
{
    for (int fd = socket_table_next(first, last); fd >= 0;
         fd = socket_table_next((unsigned)fd + 1, last))
        descriptor_closing(fd);
}

__attribute__((destructor)) void descriptors_finish(void)
{
    if (!socket_table_is_own())
        return;
    for (int fd = socket_table_next(0, UINT_MAX); fd >= 0;
         fd = socket_table_next((unsigned)fd + 1, UINT_MAX)) {
        struct netlink_socket *socket = socket_of(fd);

        if (socket != NULL && socket->unfinished > 0)
            control_fence(socket);
    }
}
