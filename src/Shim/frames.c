/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "frames.h"

#include "configuration.h"
#include "real.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>

/* Enough for the largest frame; what the kernel grants may be less for an ordinary user. */
#define SEND_BUFFER (2 * RTNL_FRAME_MAX)

/* A server that hangs must not hang its clients for ever. */
static const struct timeval answer_timeout = {.tv_sec = 60};

static void close_quietly(int fd)
{
    int saved = errno;

    REAL(close)(fd);
    errno = saved;
}

static int connect_to_server(void)
{
    const struct configuration *settings = configuration();
    int fd = REAL(socket)(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    while (REAL(connect)(fd, (const struct sockaddr *)&settings->server, sizeof(settings->server)) !=
           0) {
        if (errno == EINTR)
            continue;
        close_quietly(fd);
        return -1;
    }
    return fd;
}

static int send_frame(int fd, const struct frame_header *header, const void *payload, size_t length)
{
    struct iovec parts[2] = {
        {.iov_base = (void *)header, .iov_len = sizeof(*header)},
        {.iov_base = (void *)payload, .iov_len = length},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

    while (REAL(sendmsg)(fd, &message, MSG_NOSIGNAL) < 0) {
        if (errno == EINTR)
            continue;
        if (errno == EPIPE)
            errno = ECONNRESET;
        return -1;
    }
    return 0;
}

/* The payload's whole length, or -1 and errno. A descriptor that comes along is stored, -1 when there is none. */
static ssize_t receive_frame(int fd, struct frame_header *header, void *payload, size_t capacity,
                             int *descriptor)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec parts[2] = {
        {.iov_base = header, .iov_len = sizeof(*header)},
        {.iov_base = payload, .iov_len = capacity},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    const struct cmsghdr *first;
    ssize_t length;

    if (descriptor != NULL) {
        *descriptor = -1;
        message.msg_control = &control;
        message.msg_controllen = sizeof(control);
    }
    do
        length = REAL(recvmsg)(fd, &message, MSG_TRUNC | MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);

    first = length >= 0 && descriptor != NULL ? CMSG_FIRSTHDR(&message) : NULL;
    if (first != NULL && first->cmsg_level == SOL_SOCKET && first->cmsg_type == SCM_RIGHTS &&
        first->cmsg_len >= CMSG_LEN(sizeof(int)))
        memcpy(descriptor, CMSG_DATA(first), sizeof(int));

    if (length < 0) {
        if (errno == EAGAIN)
            errno = ETIMEDOUT;
        return -1;
    }
    if ((size_t)length < sizeof(*header)) {
        errno = ECONNRESET;
        return -1;
    }
    return length - (ssize_t)sizeof(*header);
}

static void set_answer_timeout(int fd, const struct timeval *timeout)
{
    REAL(setsockopt)(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, sizeof(*timeout));
}

int data_connection_open(struct netlink_socket *socket, uint32_t port_hint, uint8_t features)
{
    const char *netns = configuration()->netns;
    struct frame_header header = {
        .kind = FRAME_HELLO, .flags = features, .a = RTNL_PROTOCOL_VERSION, .b = port_hint};
    int size = SEND_BUFFER;
    int default_size = 212992;
    socklen_t length = sizeof(default_size);
    struct stat status;
    int error_word = -1;
    int fd = connect_to_server();

    if (fd < 0)
        return -1;

    REAL(getsockopt)(fd, SOL_SOCKET, SO_SNDBUF, &default_size, &length);
    if (REAL(setsockopt)(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0)
        REAL(setsockopt)(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));

    set_answer_timeout(fd, &answer_timeout);
    if (send_frame(fd, &header, netns, strlen(netns)) != 0 ||
        receive_frame(fd, &header, NULL, 0, &error_word) < 0 || fstat(fd, &status) != 0)
        goto failed;
    if (header.kind != FRAME_WELCOME) {
        errno = EPROTO;
        goto failed;
    }
    if (header.flags & WELCOME_FAILED) {
        errno = (int)header.a;
        goto failed;
    }
    set_answer_timeout(fd, &(struct timeval){0});

    socket->id = header.a;
    socket->token_low = header.b;
    socket->token_high = header.c;
    socket->device = status.st_dev;
    socket->inode = status.st_ino;
    socket->send_buffer = default_size;
    socket->header_size = header.flags & FEATURE_CREDENTIALS ? sizeof(struct credentialed_header)
                                                             : sizeof(struct frame_header);
    socket->tells = (header.flags & FEATURE_RECEIVES) != 0;
    if (error_word >= 0) {
        error_word_attach(socket, error_word);
        close_quietly(error_word);
    }
    return fd;

failed:
    if (error_word >= 0)
        close_quietly(error_word);
    close_quietly(fd);
    return -1;
}

int control_ask(const struct netlink_socket *socket, enum control_op op, const uint32_t *arguments,
                size_t count, struct control_answer *answer, void *payload, size_t capacity)
{
    struct frame_header header = {.kind = FRAME_CONTROL,
                                  .flags = (uint8_t)op,
                                  .a = socket->id,
                                  .b = socket->token_low,
                                  .c = socket->token_high};
    ssize_t length;
    int fd = connect_to_server();

    if (fd < 0)
        return -1;
    set_answer_timeout(fd, &answer_timeout);
    if (send_frame(fd, &header, arguments, count * sizeof(*arguments)) != 0 ||
        (length = receive_frame(fd, &header, payload, capacity, NULL)) < 0) {
        close_quietly(fd);
        return -1;
    }
    close_quietly(fd);

    if (header.kind != FRAME_ANSWER || header.flags != op) {
        errno = EPROTO;
        return -1;
    }
    if (header.a != 0) {
        errno = (int)header.a;
        return -1;
    }
    if (answer != NULL)
        *answer = (struct control_answer){.b = header.b, .c = header.c, .length = (size_t)length};
    return 0;
}

void tell_of_receive(int fd, struct netlink_socket *socket, size_t room)
{
    const struct frame_header header = {.kind = FRAME_RECEIVED,
                                        .a = room > RTNL_CHUNK_MAX ? RTNL_CHUNK_MAX : (uint32_t)room};
    int saved = errno;

    /* The next chunk is the answer: a receive that may not block waits for it as for any other. */
    atomic_store(&socket->unanswered, true);
    while (REAL(send)(fd, &header, sizeof(header), MSG_NOSIGNAL) < 0) {
        struct pollfd ready = {.fd = fd, .events = POLLOUT};

        if (errno == EAGAIN && REAL(poll)(&ready, 1, -1) >= 0)
            continue;
        if (errno != EINTR)
            break;
    }
    errno = saved;
}

void control_fence(struct netlink_socket *socket)
{
    int saved = errno;

    atomic_store(&socket->unanswered, false);
    atomic_store(&socket->unfinished, 0);
    control_ask(socket, OP_FENCE, NULL, 0, NULL, NULL, 0);
    errno = saved;
}
