/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "send.h"

#include "address.h"
#include "protocol.h"
#include "real.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>

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
        if (REAL(poll)(&room, 1, FULL_TIMEOUT_MS) == 0)
            return fail(EAGAIN);
    }
}

/* With as many parts as there may be the header has no place among them: they go as one. */
static ssize_t send_gathered(int fd, struct netlink_socket *socket, struct frame_header *header,
                             const struct msghdr *message, size_t length, int flags)
{
    unsigned char *buffer = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec parts[2] = {{.iov_base = header, .iov_len = sizeof(*header)},
                             {.iov_base = buffer, .iov_len = length}};
    const struct msghdr framed = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t sent;
    size_t at = 0;
    int saved;

    if (buffer == MAP_FAILED)
        return fail(ENOBUFS);
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        const struct iovec *part = &message->msg_iov[i];

        if (part->iov_len > 0 && part->iov_base == NULL) {
            munmap(buffer, length);
            return fail(EFAULT);
        }
        if (part->iov_len > 0)
            memcpy(buffer + at, part->iov_base, part->iov_len);
        at += part->iov_len;
    }
    atomic_store(&socket->unanswered, true);
    sent = send_whole(fd, &framed, flags & MSG_DONTWAIT);
    saved = errno;
    munmap(buffer, length);
    errno = saved;
    return sent < 0 ? -1 : sent - (ssize_t)sizeof(*header);
}

ssize_t netlink_send(int fd, struct netlink_socket *socket, const struct msghdr *message, int flags)
{
    struct frame_header header = {.kind = FRAME_DATA};
    ssize_t length, sent;

    /* The order of these checks is the kernel's. */
    if (message == NULL)
        return fail(EFAULT);
    if (message->msg_name != NULL && (int)message->msg_namelen < 0)
        return fail(EINVAL);
    if (message->msg_iovlen > IOV_MAX)
        return fail(EMSGSIZE);
    if (message->msg_iov == NULL && message->msg_iovlen > 0)
        return fail(EFAULT);
    length = total_length(message->msg_iov, message->msg_iovlen);
    if (length < 0)
        return -1;
    if (flags & MSG_OOB)
        return fail(EOPNOTSUPP);
    if (length == 0)
        return fail(ENODATA);
    if (message->msg_name != NULL && message->msg_namelen != 0) {
        if (address_read(message->msg_name, message->msg_namelen, &header.a, &header.b) != 0)
            return -1;
    } else {
        header.a = socket->default_port;
        header.b = socket->default_groups;
    }
    if (length > socket->send_buffer - SEND_BUFFER_RESERVE ||
        (size_t)length > RTNL_FRAME_MAX - sizeof(header))
        return fail(EMSGSIZE);

    header.c = atomic_load(&socket->offered);
    if (message->msg_iovlen == IOV_MAX)
        return send_gathered(fd, socket, &header, message, (size_t)length, flags);

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

    if (messages == NULL && count > 0)
        return fail(EFAULT);
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
