/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "transfer.h"

#include "real.h"
#include "receive.h"
#include "send.h"
#include "socket_table.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the kernel moves at once: sixteen pages, a pipe's worth. One message is made of it. */
#define PIECE_MAX 65536

#define SPLICE_FLAGS (SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool is_of_type(int fd, mode_t type)
{
    struct stat status;

    return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

static ssize_t send_piece(int fd, struct netlink_socket *socket, void *bytes, size_t count)
{
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    const struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    return netlink_send(fd, socket, &message, 0);
}

static ssize_t from_pipe(int in, int out, struct netlink_socket *socket, void *buffer, size_t count,
                         unsigned flags)
{
    struct pollfd ready = {.fd = in, .events = POLLIN};
    ssize_t got;

    if ((flags & SPLICE_F_NONBLOCK) && REAL(poll)(&ready, 1, 0) == 0)
        return fail(EAGAIN);
    got = REAL(read)(in, buffer, count);
    return got <= 0 ? got : send_piece(out, socket, buffer, (size_t)got);
}

static ssize_t to_pipe(int in, struct netlink_socket *socket, int out, void *buffer, size_t count,
                       unsigned flags)
{
    struct iovec part = {.iov_base = buffer, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct pollfd room = {.fd = out, .events = POLLOUT};
    ssize_t got;

    if ((flags & SPLICE_F_NONBLOCK) && REAL(poll)(&room, 1, 0) == 0)
        return fail(EAGAIN);
    got = netlink_receive(in, socket, &message, flags & SPLICE_F_NONBLOCK ? MSG_DONTWAIT : 0);
    return got <= 0 ? got : REAL(write)(out, buffer, (size_t)got);
}

/* Moves one piece through a buffer of its own. */
static ssize_t move(int in, int out, size_t count, unsigned flags)
{
    struct netlink_socket *reader = socket_of(in), *writer = socket_of(out);
    size_t size = count < PIECE_MAX ? count : PIECE_MAX;
    void *buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ssize_t moved;
    int saved;

    if (buffer == MAP_FAILED)
        return fail(ENOMEM);
    moved = writer != NULL ? from_pipe(in, out, writer, buffer, size, flags)
                           : to_pipe(in, reader, out, buffer, size, flags);
    saved = errno;
    munmap(buffer, size);
    errno = saved;
    return moved;
}

ssize_t transfer_splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count,
                        unsigned flags)
{
    const bool from_us = socket_of(in) != NULL;
    const int other = from_us ? out : in;

    if (count == 0)
        return 0;
    if ((flags & ~SPLICE_FLAGS) != 0)
        return fail(EINVAL);
    if (fcntl(other, F_GETFD) < 0)
        return -1;
    if (!is_of_type(other, S_IFIFO))
        return fail(EINVAL);
    if ((from_us ? out_offset : in_offset) != NULL)
        return fail(ESPIPE);
    if ((from_us ? in_offset : out_offset) != NULL)
        return fail(EINVAL);
    return move(in, out, count, flags);
}

static ssize_t send_file(int out, struct netlink_socket *socket, int in, off64_t *offset, size_t count)
{
    unsigned char *buffer = mmap(NULL, PIECE_MAX, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t moved = 0;
    ssize_t got = 0;
    int saved;

    if (buffer == MAP_FAILED)
        return fail(ENOMEM);
    while (moved < count) {
        size_t piece = count - moved < PIECE_MAX ? count - moved : PIECE_MAX;

        got = offset != NULL ? pread64(in, buffer, piece, *offset) : REAL(read)(in, buffer, piece);
        if (got <= 0)
            break;
        piece = (size_t)got;
        got = send_piece(out, socket, buffer, piece);
        if (got < 0) {
            /* The file's place is behind what was sent. */
            if (offset == NULL)
                lseek64(in, -(off64_t)piece, SEEK_CUR);
            break;
        }
        if (offset != NULL)
            *offset += got;
        moved += (size_t)got;
    }
    saved = errno;
    munmap(buffer, PIECE_MAX);
    errno = saved;
    return moved == 0 && got < 0 ? -1 : (ssize_t)moved;
}

ssize_t transfer_sendfile(int out, int in, off64_t *offset, size_t count)
{
    struct netlink_socket *writer = socket_of(out);

    if (fcntl(writer != NULL ? in : out, F_GETFD) < 0)
        return -1;
    if (writer == NULL) {
        if (offset != NULL)
            return fail(ESPIPE);
        if (!is_of_type(out, S_IFIFO))
            return fail(EINVAL);
        return count == 0 ? 0 : move(in, out, count, 0);
    }
    if (!is_of_type(in, S_IFREG) && !is_of_type(in, S_IFBLK))
        return fail(EINVAL);
    if (offset != NULL && *offset < 0)
        return fail(EINVAL);
    return send_file(out, writer, in, offset, count);
}

int transfer_print(int fd, const char *format, va_list arguments)
{
    char *text;
    int length = vasprintf(&text, format, arguments);
    int saved;

    if (length < 0)
        return -1;
    if (length > 0 && write(fd, text, (size_t)length) < 0)
        length = -1;
    saved = errno;
    free(text);
    errno = saved;
    return length;
}

static ssize_t stream_read(void *cookie, char *bytes, size_t count)
{
    return read((int)(intptr_t)cookie, bytes, count);
}

static ssize_t stream_write(void *cookie, const char *bytes, size_t count)
{
    ssize_t written = write((int)(intptr_t)cookie, bytes, count);

    return written < 0 ? 0 : written;
}

static int stream_close(void *cookie)
{
    return close((int)(intptr_t)cookie);
}

FILE *transfer_stream(int fd, const char *mode)
{
    return fopencookie((void *)(intptr_t)fd, mode,
                       (cookie_io_functions_t){.read = stream_read,
                                               .write = stream_write,
                                               .close = stream_close});
}
