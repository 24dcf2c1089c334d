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
#include <sys/mman.h>
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

static int write_ancillary(const struct netlink_socket *socket,
                           const struct credentialed_header *whole, struct msghdr *message)
{
    const struct frame_header *header = &whole->frame;
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
        /* The kernel's own are zeros. */
        const struct ucred sender = {.pid = (pid_t)whole->process,
                                     .uid = whole->user,
                                     .gid = whole->group};

        ancillary_put(&data, SOL_SOCKET, SCM_CREDENTIALS, &sender, sizeof(sender));
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

/* What the kernel notes when it has a datagram in hand: how much the reader can take. A dump's next
 * chunk is made then, and no larger than the largest that has been offered. */
static void note_receive(int fd, struct netlink_socket *socket, const struct frame_header *header,
                         size_t room)
{
    uint32_t offered = room > RTNL_CHUNK_MAX ? RTNL_CHUNK_MAX : (uint32_t)room;

    if (!socket->tells)
        return;
    if (offered > atomic_load(&socket->offered))
        atomic_store(&socket->offered, offered);
    if (header->flags == DATA_DUMP_MORE)
        atomic_store(&socket->dumping, true);
    else if (header->flags == DATA_DUMP_LAST)
        atomic_store(&socket->dumping, false);
    if (atomic_load(&socket->dumping))
        tell_of_receive(fd, socket, room);
}

/* The next frame of data, with its header before what the client asked for. Its length with the
 * header, or -1 and errno; the header's kind says whether a datagram was at hand. */
static ssize_t receive_data(int fd, struct netlink_socket *socket, struct iovec *parts, size_t count,
                            struct credentialed_header *header, int passed)
{
    ssize_t received;

    for (;;) {
        struct msghdr framed = {.msg_iov = parts, .msg_iovlen = count};

        header->frame.kind = 0;
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
        if ((size_t)received < sizeof(header->frame))
            return fail(ECONNRESET); /* the server is gone */
        if (header->frame.kind == FRAME_DATA)
            return received;
        if (passed & MSG_PEEK)
            drop_frame(fd);
        if (header->frame.kind != FRAME_ERROR)
            continue;
        if (header->frame.flags & ERROR_IN_WORD) {
            int error = socket_take_error(socket);

            /* Taken already, before what stood in front of it. */
            if (error == 0)
                continue;
            return fail(error);
        }
        return fail((int)header->frame.a);
    }
}

/* With as many parts as there may be the header has no place among them: the datagram goes through a
 * buffer of our own. */
static ssize_t receive_scattered(int fd, struct netlink_socket *socket, struct iovec *parts,
                                 size_t count, size_t room, struct credentialed_header *header,
                                 int passed)
{
    const size_t size = room < RTNL_FRAME_MAX ? room : RTNL_FRAME_MAX;
    unsigned char *buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec whole[2] = {parts[0], {.iov_base = buffer, .iov_len = size}};
    ssize_t received;
    size_t left, at = 0;
    int saved;

    if (buffer == MAP_FAILED)
        return fail(ENOBUFS);
    received = receive_data(fd, socket, whole, 2, header, passed);
    saved = errno;
    left = received < 0 ? 0 : (size_t)received - socket->header_size;
    if (left > size)
        left = size;
    for (size_t i = 1; i < count && left > 0; i++) {
        size_t piece = parts[i].iov_len < left ? parts[i].iov_len : left;

        if (piece > 0 && parts[i].iov_base == NULL) {
            received = -1;
            saved = EFAULT;
            break;
        }
        memcpy(parts[i].iov_base, buffer + at, piece);
        at += piece;
        left -= piece;
    }
    munmap(buffer, size);
    errno = saved;
    return received;
}

ssize_t netlink_receive(int fd, struct netlink_socket *socket, struct msghdr *message, int flags)
{
    const int passed = flags & (MSG_PEEK | MSG_DONTWAIT);
    struct credentialed_header header = {0};
    size_t capacity = 0, length;
    ssize_t received;
    int error;

    if (message == NULL)
        return fail(EFAULT);
    if ((int)message->msg_namelen < 0)
        message->msg_namelen = 0;
    if (message->msg_iovlen > IOV_MAX)
        return fail(EMSGSIZE);
    if (message->msg_iov == NULL && message->msg_iovlen > 0)
        return fail(EFAULT);

    struct iovec parts[message->msg_iovlen + 1];

    parts[0] = (struct iovec){.iov_base = &header, .iov_len = socket->header_size};
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        parts[i + 1] = message->msg_iov[i];
        if (parts[i + 1].iov_len > (size_t)SSIZE_MAX - capacity)
            return fail(EINVAL);
        capacity += parts[i + 1].iov_len;
    }
    if (flags & MSG_OOB)
        return fail(EOPNOTSUPP);
    error = socket_take_error(socket);
    if (error != 0)
        return fail(error);

    received = message->msg_iovlen < IOV_MAX
                   ? receive_data(fd, socket, parts, message->msg_iovlen + 1, &header, passed)
                   : receive_scattered(fd, socket, parts, message->msg_iovlen + 1, capacity, &header,
                                       passed);
    /* A buffer that cannot be written loses its datagram, and is a receive all the same. */
    if (header.frame.kind == FRAME_DATA) {
        if (header.frame.a == 0) {
            unsigned one = 1;

            atomic_store(&socket->unanswered, false);
            /* Of several that were sent it may be the first that is answered. */
            atomic_compare_exchange_strong(&socket->unfinished, &one, 0);
        }
        note_receive(fd, socket, &header.frame, capacity);
    }
    if (received < 0)
        return -1;
    length = (size_t)received - socket->header_size;
    if (message->msg_name != NULL)
        address_write(header.frame.c,
                      header.frame.a >= 1 && header.frame.a <= 32 ? 1u << (header.frame.a - 1) : 0,
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

    if (messages == NULL && count > 0)
        return fail(EFAULT);
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
