/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "address.h"

#include "frames.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

static int fail(int error)
{
    errno = error;
    return -1;
}

static int copy_in(const void *address, socklen_t length, struct sockaddr_nl *copy)
{
    /* The kernel copies the address before it looks at it. */
    if ((int)length < 0 || length > sizeof(struct sockaddr_storage))
        return fail(EINVAL);
    if (address == NULL && length > 0)
        return fail(EFAULT);
    if (length < sizeof(*copy))
        return fail(EINVAL);
    memcpy(copy, address, sizeof(*copy));
    return copy->nl_family == AF_NETLINK ? 0 : fail(EINVAL);
}

int address_read(const void *address, socklen_t length, uint32_t *port, uint32_t *groups)
{
    struct sockaddr_nl copy;

    if (copy_in(address, length, &copy) != 0)
        return -1;
    *port = copy.nl_pid;
    *groups = copy.nl_groups & -copy.nl_groups;
    return 0;
}

void address_write(uint32_t port, uint32_t groups, void *address, socklen_t *length)
{
    struct sockaddr_nl own = {.nl_family = AF_NETLINK, .nl_pid = port, .nl_groups = groups};

    memcpy(address, &own, *length < sizeof(own) ? *length : sizeof(own));
    *length = sizeof(own);
}

int netlink_bind(struct netlink_socket *socket, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_nl wanted;

    if (copy_in(address, length, &wanted) != 0)
        return -1;
    return control_ask(socket, OP_BIND, (uint32_t[]){wanted.nl_pid, wanted.nl_groups}, 2, NULL, NULL,
                       0);
}

int netlink_connect(struct netlink_socket *socket, const struct sockaddr *address, socklen_t length)
{
    uint32_t port, groups;

    if ((int)length < 0 || length > sizeof(struct sockaddr_storage))
        return fail(EINVAL);
    if (address == NULL && length > 0)
        return fail(EFAULT);
    if (length < sizeof(address->sa_family))
        return fail(EINVAL);
    if (address->sa_family == AF_UNSPEC) {
        socket->default_port = 0;
        socket->default_groups = 0;
        return 0;
    }
    if (address_read(address, length, &port, &groups) != 0)
        return -1;
    if (control_ask(socket, OP_AUTOBIND, NULL, 0, NULL, NULL, 0) != 0)
        return -1;
    socket->default_port = port;
    socket->default_groups = groups;
    return 0;
}

int netlink_own_name(struct netlink_socket *socket, struct sockaddr *address, socklen_t *length)
{
    struct control_answer answer;

    if (address == NULL || length == NULL)
        return fail(EFAULT);
    if ((int)*length < 0)
        return fail(EINVAL);
    if (control_ask(socket, OP_GETNAME, NULL, 0, &answer, NULL, 0) != 0)
        return -1;
    address_write(answer.b, answer.c, address, length);
    return 0;
}

int netlink_peer_name(struct netlink_socket *socket, struct sockaddr *address, socklen_t *length)
{
    if (address == NULL || length == NULL)
        return fail(EFAULT);
    if ((int)*length < 0)
        return fail(EINVAL);
    address_write(socket->default_port, socket->default_groups, address, length);
    return 0;
}
