/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "send.h"

#include "address.h"
#include "protocol.h"
#include "real.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

/* What the kernel keeps back of SO_SNDBUF when it bounds a message. */
#define SEND_BUFFER_RESERVE 32

/* How long a socket that may not block waits for a server that does not read. The kernel never
 * answers EAGAIN to a message for itself, so clients do not expect it. */
#define FULL_TIMEOUT_MS 5000

static int fail(int error)
{
    errno = error;
    return -1;
}

/* The sum of the parts, or -1 and errno. */
static ssize_t total_length(const struct iovec *parts, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        if (parts[i].iov_len > (size_t)SSIZE_MAX - total)
            return fail(EINVAL);
        total += parts[i].iov_len;
    }
    return (ssize_t)total;
}

static ssize_t send_whole(int fd, const struct msghdr *framed, int flags)
{
    for (;;) {
        ssize_t sent = REAL(sendmsg)(fd, framed, flags | MSG_NOSIGNAL);
        struct pollfd room = {.fd = fd, .events = POLLOUT};

        if (sent >= 0)
            return sent;
        if (errno == EPIPE || errno == ENOTCONN)
            return fail(ECONNRESET);
        if (errno != EAGAIN)
            return -1;
        if (poll(&room, 1, FULL_TIMEOUT_MS) == 0)
            return fail(EAGAIN);
    }
}

ssize_t netlink_send(int fd, struct netlink_socket *socket, const struct msghdr *message, int flags)
{
    struct frame_header header = {.kind = FRAME_DATA};
    ssize_t length, sent;

    /* The order of these checks is the kernel's. */
    if (message->msg_iovlen >= IOV_MAX)
        return fail(EMSGSIZE);
    length = total_length(message->msg_iov, message->msg_iovlen);
    if (length < 0)
        return -1;
    if (flags & MSG_OOB)
        return fail(EOPNOTSUPP);
    if (length == 0)
        return fail(ENODATA);
    if (message->msg_namelen != 0) {
        if (message->msg_name == NULL)
            return fail(EFAULT);
        if (address_read(message->msg_name, message->msg_namelen, &header.a, &header.b) != 0)
            return -1;
    } else {
        header.a = socket->default_port;
        header.b = socket->default_groups;
    }
    if (length > socket->send_buffer - SEND_BUFFER_RESERVE ||
        (size_t)length > RTNL_FRAME_MAX - sizeof(header))
        return fail(EMSGSIZE);

    struct iovec parts[message->msg_iovlen + 1];
    struct msghdr framed = {.msg_iov = parts, .msg_iovlen = message->msg_iovlen + 1};

    parts[0] = (struct iovec){.iov_base = &header, .iov_len = sizeof(header)};
    for (size_t i = 0; i < message->msg_iovlen; i++)
        parts[i + 1] = message->msg_iov[i];

    atomic_store(&socket->unanswered, true);
    atomic_fetch_add(&socket->unfinished, 1);
    sent = send_whole(fd, &framed, flags & MSG_DONTWAIT);
    return sent < 0 ? -1 : sent - (ssize_t)sizeof(header);
}

int netlink_send_many(int fd, struct netlink_socket *socket, struct mmsghdr *messages,
                      unsigned count, int flags)
{
    unsigned done = 0;

    if (count > IOV_MAX)
        count = IOV_MAX;
    for (; done < count; done++) {
        ssize_t sent = netlink_send(fd, socket, &messages[done].msg_hdr, flags);

        if (sent < 0)
            break;
        messages[done].msg_len = (unsigned)sent;
    }
    /* An error after the first message is not reported, as sendmmsg(2) says. */
    return done > 0 || count == 0 ? (int)done : -1;
}
