/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "options.h"

#include "filter.h"
#include "frames.h"
#include "interface_names.h"
#include "real.h"

#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* What the server begins with: net.core.rmem_default as the kernel has it. */
#define DEFAULT_RECEIVE_BUFFER 212992

/* The longest value that an option has: the list of memberships. */
#define VALUE_MAX 512

static int fail(int error)
{
    errno = error;
    return -1;
}

static int get_unix_option(int fd, int name)
{
    int value = 0;
    socklen_t length = sizeof(value);

    REAL(getsockopt)(fd, SOL_SOCKET, name, &value, &length);
    return value;
}

static int set_netlink_option(struct netlink_socket *socket, int name, int value)
{
    if (control_ask(socket, OP_SETSOCKOPT, (uint32_t[]){(uint32_t)name, (uint32_t)value}, 2, NULL,
                    NULL, 0) != 0)
        return -1;
    /* We build these two's ancillary data. */
    if (name == NETLINK_PKTINFO)
        socket->packet_info = value != 0;
    if (name == NETLINK_LISTEN_ALL_NSID)
        socket->all_nsid = value != 0;
    return 0;
}

/* The Unix socket is asked for the limits and the doubling that the machine applies, then gets back
 * the large buffer that frames need. */
static int set_send_buffer(int fd, struct netlink_socket *socket, int name, const void *value,
                           socklen_t length)
{
    int large = get_unix_option(fd, SO_SNDBUF) / 2;

    if (REAL(setsockopt)(fd, SOL_SOCKET, name, value, length) != 0)
        return -1;
    socket->send_buffer = get_unix_option(fd, SO_SNDBUF);
    if (REAL(setsockopt)(fd, SOL_SOCKET, SO_SNDBUFFORCE, &large, sizeof(large)) != 0)
        REAL(setsockopt)(fd, SOL_SOCKET, SO_SNDBUF, &large, sizeof(large));
    return 0;
}

static int set_receive_buffer(struct netlink_socket *socket, int name, const void *value,
                              socklen_t length)
{
    struct control_answer answer;
    int wanted;

    if (length < sizeof(wanted))
        return fail(EINVAL);
    memcpy(&wanted, value, sizeof(wanted));
    /* The limits are the server's; a negative number is a large one to SO_RCVBUF, and none to SO_RCVBUFFORCE. */
    if (wanted > INT_MAX / 2 || (wanted < 0 && name == SO_RCVBUF))
        wanted = INT_MAX / 2;
    if (wanted < 0)
        wanted = 0;
    if (control_ask(socket, name == SO_RCVBUF ? OP_RCVBUF : OP_RCVBUFFORCE,
                    (uint32_t[]){2 * (uint32_t)wanted}, 1, &answer, NULL, 0) != 0)
        return -1;
    socket->receive_buffer = (int)answer.b;
    return 0;
}

/* The machine's own devices are not what is meant. The whole name, up to its end or IF_NAMESIZE - 1 bytes; none unbinds. */
static int bind_to_device(struct netlink_socket *socket, const void *value, socklen_t length)
{
    char name[IF_NAMESIZE] = "";

    if (value == NULL && length > 0)
        return fail(EFAULT);
    memcpy(name, value, length < sizeof(name) ? length : sizeof(name) - 1);
    if (name[0] != '\0' && !interface_exists(name))
        return fail(ENODEV);
    memcpy(socket->device_name, name, sizeof(name));
    return 0;
}

int netlink_set_option(int fd, struct netlink_socket *socket, int level, int name, const void *value,
                       socklen_t length)
{
    int number = 0;

    if ((int)length < 0)
        return fail(EINVAL);
    if (length >= sizeof(number)) {
        if (value == NULL)
            return fail(EFAULT);
        memcpy(&number, value, sizeof(number));
    }
    if (level == SOL_NETLINK)
        return set_netlink_option(socket, name, number);
    if (level != SOL_SOCKET)
        return fail(ENOPROTOOPT);

    switch (name) {
    case SO_BINDTODEVICE:
        return bind_to_device(socket, value, length);
    case SO_SNDBUF:
    case SO_SNDBUFFORCE:
        return set_send_buffer(fd, socket, name, value, length);
    case SO_RCVBUF:
    case SO_RCVBUFFORCE:
        return set_receive_buffer(socket, name, value, length);
    case SO_PASSCRED:
        if (length < sizeof(number))
            return fail(EINVAL);
        socket->pass_credentials = number != 0;
        return 0;
    case SO_ATTACH_FILTER:
        if (length != sizeof(struct sock_fprog))
            return fail(EINVAL);
        return filter_attach(fd, socket->header_size, value);
    default:
        return REAL(setsockopt)(fd, level, name, value, length);
    }
}

static int answer_value(const void *whole, size_t size, void *value, socklen_t *length)
{
    if (*length > size)
        *length = (socklen_t)size;
    memcpy(value, whole, *length);
    return 0;
}

static int answer_number(int number, void *value, socklen_t *length)
{
    return answer_value(&number, sizeof(number), value, length);
}

static int get_netlink_option(struct netlink_socket *socket, int name, void *value, socklen_t *length)
{
    unsigned char whole[VALUE_MAX];
    struct control_answer answer;

    if (control_ask(socket, OP_GETSOCKOPT, (uint32_t[]){(uint32_t)name}, 1, &answer, whole,
                    sizeof(whole)) != 0)
        return -1;
    if (answer.length > sizeof(whole))
        return fail(EPROTO);
    if (name == NETLINK_LIST_MEMBERSHIPS) {
        /* Whole words that fit, and how long the list really is. */
        size_t fitting = *length < answer.length ? *length : answer.length;

        memcpy(value, whole, fitting & ~(size_t)3);
    } else {
        if (*length < answer.length)
            return fail(EINVAL);
        memcpy(value, whole, answer.length);
    }
    *length = (socklen_t)answer.length;
    return 0;
}

int netlink_get_option(int fd, struct netlink_socket *socket, int level, int name, void *value,
                       socklen_t *length)
{
    if (length == NULL || (value == NULL && *length != 0))
        return fail(EFAULT);
    if ((int)*length < 0)
        return fail(EINVAL);
    if (level == SOL_NETLINK)
        return get_netlink_option(socket, name, value, length);
    if (level != SOL_SOCKET)
        return fail(ENOPROTOOPT);

    switch (name) {
    case SO_DOMAIN:
        return answer_number(AF_NETLINK, value, length);
    case SO_TYPE:
        return answer_number(socket->type, value, length);
    case SO_PROTOCOL:
        return answer_number(NETLINK_ROUTE, value, length);
    case SO_BINDTODEVICE:
        if (socket->device_name[0] == '\0') {
            *length = 0;
            return 0;
        }
        if (*length < IF_NAMESIZE)
            return fail(EINVAL);
        return answer_value(socket->device_name, strlen(socket->device_name) + 1, value, length);
    case SO_SNDBUF:
        return answer_number(socket->send_buffer, value, length);
    case SO_RCVBUF:
        return answer_number(socket->receive_buffer != 0 ? socket->receive_buffer
                                                         : DEFAULT_RECEIVE_BUFFER,
                             value, length);
    case SO_PASSCRED:
        return answer_number(socket->pass_credentials, value, length);
    case SO_PEERCRED: {
        /* Nobody: the Unix socket would name the server. */
        const struct ucred nobody = {.uid = (uid_t)-1, .gid = (gid_t)-1};

        return answer_value(&nobody, sizeof(nobody), value, length);
    }
    case SO_ERROR: {
        int error = socket_take_error(socket);

        if (error != 0)
            return answer_number(error, value, length);
        return REAL(getsockopt)(fd, level, name, value, length);
    }
    default:
        return REAL(getsockopt)(fd, level, name, value, length);
    }
}
