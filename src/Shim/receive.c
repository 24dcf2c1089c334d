/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "receive.h"

#include "address.h"
#include "frames.h"
#include "protocol.h"
#include "real.h"

#include <errno.h>
#include <limits.h>
#include <linux/netlink.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static int fail(int error)
{
    errno = error;
    return -1;
}

/* Ancillary data of one message, laid down as the kernel does: what does not fit is cut, and
 * MSG_CTRUNC says so. */
struct ancillary {
    unsigned char *at;
    size_t room;
    size_t used;
    int flags;
};

static void ancillary_put(struct ancillary *data, int level, int type, const void *value, size_t size)
{
    struct cmsghdr header = {.cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(size)};
    size_t space = CMSG_SPACE(size);

    if (data->at == NULL || data->room < sizeof(header)) {
        data->flags |= MSG_CTRUNC;
        return;
    }
    if (header.cmsg_len > data->room) {
        data->flags |= MSG_CTRUNC;
        header.cmsg_len = data->room;
    }
    memcpy(data->at, &header, sizeof(header));
    memcpy(data->at + CMSG_LEN(0), value, header.cmsg_len - CMSG_LEN(0));

    if (space > data->room)
        space = data->room;
    data->at += space;
    data->room -= space;
    data->used += space;
}

static int write_ancillary(const struct netlink_socket *socket, const struct frame_header *header,
                           struct msghdr *message)
{
    struct ancillary data = {.at = message->msg_control,
                             .room = message->msg_control != NULL ? message->msg_controllen : 0};

    if (socket->packet_info) {
        struct nl_pktinfo info = {.group = header->a};

        ancillary_put(&data, SOL_NETLINK, NETLINK_PKTINFO, &info, sizeof(info));
    }
    if (socket->all_nsid && (int32_t)header->b >= 0) {
        int nsid = (int32_t)header->b;

        ancillary_put(&data, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &nsid, sizeof(nsid));
    }
    if (socket->pass_credentials) {
        struct ucred kernel = {0};

        ancillary_put(&data, SOL_SOCKET, SCM_CREDENTIALS, &kernel, sizeof(kernel));
    }
    message->msg_controllen = data.used;
    return data.flags;
}

/* A frame that is no data was only looked at: take it from the queue. */
static void drop_frame(int fd)
{
    char byte;

    REAL(recv)(fd, &byte, 1, MSG_DONTWAIT);
}

/* An answer mostly comes before we could have slept and been woken: look for it a while, and let others run. */
static ssize_t receive_soon(int fd, struct msghdr *message, int flags)
{
    const long patience = 50 * 1000;
    struct timespec start, now;
    ssize_t received;

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        received = REAL(recvmsg)(fd, message, flags | MSG_DONTWAIT);
        if (received >= 0 || errno != EAGAIN)
            return received;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec > patience)
            return received;
        sched_yield();
    }
}

ssize_t netlink_receive(int fd, struct netlink_socket *socket, struct msghdr *message, int flags)
{
    const int passed = flags & (MSG_PEEK | MSG_DONTWAIT);
    struct frame_header header;
    size_t capacity = 0, length;
    ssize_t received;
    int error;

    if (message->msg_iovlen >= IOV_MAX)
        return fail(EMSGSIZE);
    if (flags & MSG_OOB)
        return fail(EOPNOTSUPP);
    error = atomic_exchange(&socket->pending_error, 0);
    if (error != 0)
        return fail(error);

    struct iovec parts[message->msg_iovlen + 1];

    parts[0] = (struct iovec){.iov_base = &header, .iov_len = sizeof(header)};
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        parts[i + 1] = message->msg_iov[i];
        if (parts[i + 1].iov_base == NULL)
            parts[i + 1].iov_len = 0;
        capacity += parts[i + 1].iov_len;
    }

    for (;;) {
        struct msghdr framed = {.msg_iov = parts, .msg_iovlen = message->msg_iovlen + 1};

        /* MSG_TRUNC always: the length of the datagram is what we answer from. */
        received = -1;
        errno = EAGAIN;
        if (!(passed & MSG_DONTWAIT) && atomic_load(&socket->unanswered))
            received = receive_soon(fd, &framed, passed | MSG_TRUNC);
        if (received < 0 && errno == EAGAIN)
            received = REAL(recvmsg)(fd, &framed, passed | MSG_TRUNC);
        if (received < 0 && errno == EAGAIN && atomic_exchange(&socket->unanswered, false)) {
            /* In the kernel the reply is in the queue as soon as the request was sent. */
            control_fence(socket);
            continue;
        }
        if (received < 0)
            return -1;
        if ((size_t)received < sizeof(header))
            return fail(ECONNRESET); /* the server is gone */
        if (header.kind == FRAME_DATA)
            break;
        if (passed & MSG_PEEK)
            drop_frame(fd);
        if (header.kind == FRAME_ERROR)
            return fail((int)header.a);
    }

    if (header.a == 0) {
        unsigned one = 1;

        atomic_store(&socket->unanswered, false);
        /* Of several that were sent it may be the first that is answered. */
        atomic_compare_exchange_strong(&socket->unfinished, &one, 0);
    }
    length = (size_t)received - sizeof(header);
    if (message->msg_name != NULL)
        address_write(header.c, header.a >= 1 && header.a <= 32 ? 1u << (header.a - 1) : 0,
                      message->msg_name, &message->msg_namelen);
    message->msg_flags = write_ancillary(socket, &header, message);
    if (length > capacity)
        message->msg_flags |= MSG_TRUNC;
    return (ssize_t)((flags & MSG_TRUNC) || length <= capacity ? length : capacity);
}

static bool is_past(const struct timespec *deadline)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > deadline->tv_sec ||
           (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

int netlink_receive_many(int fd, struct netlink_socket *socket, struct mmsghdr *messages,
                         unsigned count, int flags, const struct timespec *timeout)
{
    struct timespec deadline = {0};
    unsigned done = 0;

    if (timeout != NULL) {
        if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000)
            return fail(EINVAL);
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        deadline.tv_sec += timeout->tv_sec;
        deadline.tv_nsec += timeout->tv_nsec;
        if (deadline.tv_nsec >= 1000000000) {
            deadline.tv_nsec -= 1000000000;
            deadline.tv_sec++;
        }
    }

    while (done < count) {
        ssize_t length =
            netlink_receive(fd, socket, &messages[done].msg_hdr, flags & ~MSG_WAITFORONE);

        if (length < 0) {
            /* What came before counts; a true error is kept for the next call. */
            if (done > 0 && errno != EAGAIN && errno != EINTR)
                atomic_store(&socket->pending_error, errno);
            break;
        }
        messages[done++].msg_len = (unsigned)length;
        if (flags & MSG_WAITFORONE)
            flags |= MSG_DONTWAIT;
        /* As in the kernel, the time is looked at after a message, never while waiting for one. */
        if (timeout != NULL && is_past(&deadline))
            break;
    }
    return done > 0 || count == 0 ? (int)done : -1;
}
