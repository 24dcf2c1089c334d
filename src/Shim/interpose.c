/* SPDX-License-Identifier: MIT
 *
 * The C library's entry points that we stand in front of. Each asks the table whether the
 * descriptor is ours and hands on; nothing else is decided here. */
#define _GNU_SOURCE
#include "address.h"
#include "configuration.h"
#include "descriptors.h"
#include "interface_addresses.h"
#include "interface_ioctl.h"
#include "interface_names.h"
#include "options.h"
#include "readiness.h"
#include "real.h"
#include "receive.h"
#include "send.h"
#include "socket_table.h"
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <aio.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

__attribute__((constructor)) static void resolve_early(void)
{
    real_resolve();
}

static int fail(int error)
{
    errno = error;
    return -1;
}

/* ---- making and closing ---- */

EXPORT int socket(int domain, int type, int protocol)
{
    if (domain == AF_NETLINK && protocol == NETLINK_ROUTE && configuration_enabled())
        return descriptor_open(type);
    return REAL(socket)(domain, type, protocol);
}

EXPORT int close(int fd)
{
    if (socket_table_peek(fd) != NULL)
        descriptor_closing(fd);
    return REAL(close)(fd);
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    if (first <= last && !(flags & CLOSE_RANGE_CLOEXEC))
        descriptors_closing(first, last);
    return REAL(close_range)(first, last, flags);
}

EXPORT void closefrom(int first)
{
    descriptors_closing(first < 0 ? 0 : (unsigned)first, UINT_MAX);
    REAL(closefrom)(first);
}

/* The ends of a process that run no destructors. */

EXPORT __attribute__((noreturn)) void _exit(int status)
{
    descriptors_finish();
    for (;;)
        syscall(SYS_exit_group, status);
}

EXPORT __attribute__((noreturn)) void _Exit(int status)
{
    _exit(status);
}

EXPORT int dup(int fd)
{
    return descriptor_copied(fd, REAL(dup)(fd));
}

EXPORT int dup2(int fd, int copy)
{
    return descriptor_copied(fd, REAL(dup2)(fd, copy));
}

EXPORT int dup3(int fd, int copy, int flags)
{
    return descriptor_copied(fd, REAL(dup3)(fd, copy, flags));
}

/* The argument may be an int, a pointer or absent; a register wide enough carries all three. */
EXPORT int fcntl(int fd, int command, ...)
{
    va_list arguments;
    void *argument;
    int result;

    va_start(arguments, command);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    result = REAL(fcntl)(fd, command, argument);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? descriptor_copied(fd, result) : result;
}

EXPORT int fcntl64(int fd, int command, ...)
{
    va_list arguments;
    void *argument;
    int result;

    va_start(arguments, command);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    result = REAL(fcntl64)(fd, command, argument);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? descriptor_copied(fd, result) : result;
}

EXPORT int ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    void *argument;
    int result;

    va_start(arguments, request);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    /* Queue lengths: netlink has none, the Unix socket's would count our headers. */
    if ((request == FIONREAD || request == TIOCOUTQ) && socket_of(fd) != NULL)
        return fail(ENOTTY);
    if (configuration_enabled() && interface_ioctl(fd, request, argument, &result))
        return result;
    return REAL(ioctl)(fd, request, argument);
}

/* ---- names ---- */

EXPORT int bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_bind(socket, address.__sockaddr__, length)
                          : REAL(bind)(fd, address.__sockaddr__, length);
}

EXPORT int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_connect(socket, address.__sockaddr__, length)
                          : REAL(connect)(fd, address.__sockaddr__, length);
}

EXPORT int getsockname(int fd, __SOCKADDR_ARG address, socklen_t *length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_own_name(socket, address.__sockaddr__, length)
                          : REAL(getsockname)(fd, address.__sockaddr__, length);
}

EXPORT int getpeername(int fd, __SOCKADDR_ARG address, socklen_t *length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_peer_name(socket, address.__sockaddr__, length)
                          : REAL(getpeername)(fd, address.__sockaddr__, length);
}

/* What netlink does not do, the Unix socket below must not do either. */

EXPORT int listen(int fd, int backlog)
{
    return socket_of(fd) != NULL ? fail(EOPNOTSUPP) : REAL(listen)(fd, backlog);
}

EXPORT int shutdown(int fd, int how)
{
    return socket_of(fd) != NULL ? fail(EOPNOTSUPP) : REAL(shutdown)(fd, how);
}

EXPORT int accept(int fd, __SOCKADDR_ARG address, socklen_t *length)
{
    return socket_of(fd) != NULL ? fail(EOPNOTSUPP)
                                 : REAL(accept)(fd, address.__sockaddr__, length);
}

EXPORT int accept4(int fd, __SOCKADDR_ARG address, socklen_t *length, int flags)
{
    return socket_of(fd) != NULL ? fail(EOPNOTSUPP)
                                 : REAL(accept4)(fd, address.__sockaddr__, length, flags);
}

/* ---- options ---- */

EXPORT int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_set_option(fd, socket, level, name, value, length)
                          : REAL(setsockopt)(fd, level, name, value, length);
}

EXPORT int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_get_option(fd, socket, level, name, value, length)
                          : REAL(getsockopt)(fd, level, name, value, length);
}

/* ---- sending ---- */

static ssize_t send_bytes(int fd, struct netlink_socket *socket, const void *bytes, size_t count,
                          int flags, const struct sockaddr *address, socklen_t length)
{
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_name = (void *)address,
                             .msg_namelen = address != NULL ? length : 0};

    return netlink_send(fd, socket, &message, flags);
}

EXPORT ssize_t send(int fd, const void *bytes, size_t count, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? send_bytes(fd, socket, bytes, count, flags, NULL, 0)
                          : REAL(send)(fd, bytes, count, flags);
}

EXPORT ssize_t sendto(int fd, const void *bytes, size_t count, int flags,
                      __CONST_SOCKADDR_ARG address, socklen_t length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL
               ? send_bytes(fd, socket, bytes, count, flags, address.__sockaddr__, length)
               : REAL(sendto)(fd, bytes, count, flags, address.__sockaddr__, length);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_send(fd, socket, message, flags)
                          : REAL(sendmsg)(fd, message, flags);
}

EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_send_many(fd, socket, messages, count, flags)
                          : REAL(sendmmsg)(fd, messages, count, flags);
}

EXPORT ssize_t write(int fd, const void *bytes, size_t count)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? send_bytes(fd, socket, bytes, count, 0, NULL, 0)
                          : REAL(write)(fd, bytes, count);
}

static ssize_t write_parts(int fd, struct netlink_socket *socket, const struct iovec *parts, int count,
                           int flags)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    size_t total = 0;

    if (count < 0 || count > IOV_MAX)
        return fail(EINVAL);
    if (parts == NULL && count > 0)
        return fail(EFAULT);
    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    return total == 0 ? 0 : netlink_send(fd, socket, &message, flags);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? write_parts(fd, socket, parts, count, 0)
                          : REAL(writev)(fd, parts, count);
}

/* At no offset they are readv and writev; a socket has no other. */

#define VECTOR_FLAGS (RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT)

EXPORT ssize_t pwritev2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    if (socket == NULL || offset != -1)
        return REAL(pwritev2)(fd, parts, count, offset, flags);
    if (flags & ~VECTOR_FLAGS)
        return fail(EOPNOTSUPP);
    return write_parts(fd, socket, parts, count, flags & RWF_NOWAIT ? MSG_DONTWAIT : 0);
}

EXPORT ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags);
EXPORT ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
    return pwritev2(fd, parts, count, offset, flags);
}

EXPORT ssize_t splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count,
                      unsigned flags)
{
    return socket_of(in) != NULL || socket_of(out) != NULL
               ? transfer_splice(in, in_offset, out, out_offset, count, flags)
               : REAL(splice)(in, in_offset, out, out_offset, count, flags);
}

EXPORT ssize_t sendfile64(int out, int in, off64_t *offset, size_t count)
{
    return socket_of(in) != NULL || socket_of(out) != NULL
               ? transfer_sendfile(out, in, offset, count)
               : REAL(sendfile64)(out, in, offset, count);
}

EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
    _Static_assert(sizeof(off_t) == sizeof(off64_t), "one call serves both");
    return sendfile64(out, in, (off64_t *)offset, count);
}

/* The C library writes a formatted text without the write that others can see. */

EXPORT int vdprintf(int fd, const char *format, va_list arguments)
{
    return socket_of(fd) != NULL ? transfer_print(fd, format, arguments)
                                 : REAL(vdprintf)(fd, format, arguments);
}

EXPORT int dprintf(int fd, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vdprintf(fd, format, arguments);
    va_end(arguments);
    return result;
}

EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list arguments);
EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list arguments)
{
    return socket_of(fd) != NULL ? transfer_print(fd, format, arguments)
                                 : REAL(__vdprintf_chk)(fd, flag, format, arguments);
}

EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...);
EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = __vdprintf_chk(fd, flag, format, arguments);
    va_end(arguments);
    return result;
}

EXPORT FILE *fdopen(int fd, const char *mode)
{
    return socket_of(fd) != NULL ? transfer_stream(fd, mode) : REAL(fdopen)(fd, mode);
}

EXPORT int eventfd_read(int fd, eventfd_t *value)
{
    if (socket_of(fd) == NULL)
        return REAL(eventfd_read)(fd, value);
    return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

EXPORT int eventfd_write(int fd, eventfd_t value)
{
    if (socket_of(fd) == NULL)
        return REAL(eventfd_write)(fd, value);
    return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}

/* Threads of the C library would read and write the Unix socket. */

EXPORT int lio_listio64(int mode, struct aiocb64 *const list[], int count, struct sigevent *event)
{
    for (int i = 0; i < count; i++)
        if (list[i] != NULL && list[i]->aio_lio_opcode != LIO_NOP &&
            socket_of(list[i]->aio_fildes) != NULL)
            return fail(ENOSYS);
    return REAL(lio_listio64)(mode, list, count, event);
}

EXPORT int lio_listio(int mode, struct aiocb *const list[], int count, struct sigevent *event)
{
    return lio_listio64(mode, (struct aiocb64 *const *)list, count, event);
}

EXPORT int aio_read64(struct aiocb64 *control)
{
    return socket_of(control->aio_fildes) != NULL ? fail(ENOSYS) : REAL(aio_read64)(control);
}

EXPORT int aio_write64(struct aiocb64 *control)
{
    return socket_of(control->aio_fildes) != NULL ? fail(ENOSYS) : REAL(aio_write64)(control);
}

EXPORT int aio_read(struct aiocb *control)
{
    return aio_read64((struct aiocb64 *)control);
}

EXPORT int aio_write(struct aiocb *control)
{
    return aio_write64((struct aiocb64 *)control);
}

/* ---- receiving ---- */

static ssize_t receive_bytes(int fd, struct netlink_socket *socket, void *bytes, size_t count,
                             int flags, struct sockaddr *address, socklen_t *length)
{
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t received;

    if (address != NULL && length != NULL && (int)*length >= 0) {
        message.msg_name = address;
        message.msg_namelen = *length;
    }
    received = netlink_receive(fd, socket, &message, flags);
    if (received < 0 || address == NULL)
        return received;
    /* As in the kernel the datagram has been taken by then. */
    if (length == NULL)
        return fail(EFAULT);
    if ((int)*length < 0)
        return fail(EINVAL);
    *length = message.msg_namelen;
    return received;
}

/* read and readv of nothing are 0 without a look at the socket, unlike recv. */
static ssize_t read_parts(int fd, struct netlink_socket *socket, const struct iovec *parts, int count,
                          int flags)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    size_t total = 0;

    if (count < 0 || count > IOV_MAX)
        return fail(EINVAL);
    if (parts == NULL && count > 0)
        return fail(EFAULT);
    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    return total == 0 ? 0 : netlink_receive(fd, socket, &message, flags);
}

EXPORT ssize_t recv(int fd, void *bytes, size_t count, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? receive_bytes(fd, socket, bytes, count, flags, NULL, NULL)
                          : REAL(recv)(fd, bytes, count, flags);
}

EXPORT ssize_t recvfrom(int fd, void *bytes, size_t count, int flags, __SOCKADDR_ARG address,
                        socklen_t *length)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL
               ? receive_bytes(fd, socket, bytes, count, flags, address.__sockaddr__, length)
               : REAL(recvfrom)(fd, bytes, count, flags, address.__sockaddr__, length);
}

EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_receive(fd, socket, message, flags)
                          : REAL(recvmsg)(fd, message, flags);
}

EXPORT int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? netlink_receive_many(fd, socket, messages, count, flags, timeout)
                          : REAL(recvmmsg)(fd, messages, count, flags, timeout);
}

EXPORT ssize_t read(int fd, void *bytes, size_t count)
{
    struct netlink_socket *socket = socket_of(fd);
    struct iovec part = {.iov_base = bytes, .iov_len = count};

    return socket != NULL ? read_parts(fd, socket, &part, 1, 0) : REAL(read)(fd, bytes, count);
}

EXPORT ssize_t readv(int fd, const struct iovec *parts, int count)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? read_parts(fd, socket, parts, count, 0) : REAL(readv)(fd, parts, count);
}

EXPORT ssize_t preadv2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
    struct netlink_socket *socket = socket_of(fd);

    if (socket == NULL || offset != -1)
        return REAL(preadv2)(fd, parts, count, offset, flags);
    if (flags & ~VECTOR_FLAGS)
        return fail(EOPNOTSUPP);
    return read_parts(fd, socket, parts, count, flags & RWF_NOWAIT ? MSG_DONTWAIT : 0);
}

EXPORT ssize_t preadv64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
    return preadv2(fd, parts, count, offset, flags);
}

/* ---- waiting ---- */

EXPORT int poll(struct pollfd *files, nfds_t count, int milliseconds)
{
    return readiness_poll(files, count, milliseconds);
}

EXPORT int ppoll(struct pollfd *files, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask)
{
    return readiness_ppoll(files, count, timeout, mask);
}

EXPORT int __poll_chk(struct pollfd *files, nfds_t count, int milliseconds, size_t room);
EXPORT int __poll_chk(struct pollfd *files, nfds_t count, int milliseconds, size_t room)
{
    return count <= room / sizeof(*files) ? readiness_poll(files, count, milliseconds)
                                          : REAL(__poll_chk)(files, count, milliseconds, room);
}

EXPORT int __ppoll_chk(struct pollfd *files, nfds_t count, const struct timespec *timeout,
                       const sigset_t *mask, size_t room);
EXPORT int __ppoll_chk(struct pollfd *files, nfds_t count, const struct timespec *timeout,
                       const sigset_t *mask, size_t room)
{
    return count <= room / sizeof(*files)
               ? readiness_ppoll(files, count, timeout, mask)
               : REAL(__ppoll_chk)(files, count, timeout, mask, room);
}

EXPORT int sockatmark(int fd)
{
    return socket_of(fd) != NULL ? fail(ENOTTY) : REAL(sockatmark)(fd);
}

/* Programs built with _FORTIFY_SOURCE call these. A count beyond the buffer is left to the C
 * library, which ends the program. */

EXPORT ssize_t __read_chk(int fd, void *bytes, size_t count, size_t room);
EXPORT ssize_t __read_chk(int fd, void *bytes, size_t count, size_t room)
{
    return count <= room && socket_table_peek(fd) != NULL ? read(fd, bytes, count)
                                                          : REAL(__read_chk)(fd, bytes, count, room);
}

EXPORT ssize_t __recv_chk(int fd, void *bytes, size_t count, size_t room, int flags);
EXPORT ssize_t __recv_chk(int fd, void *bytes, size_t count, size_t room, int flags)
{
    return count <= room && socket_table_peek(fd) != NULL
               ? recv(fd, bytes, count, flags)
               : REAL(__recv_chk)(fd, bytes, count, room, flags);
}

EXPORT ssize_t __recvfrom_chk(int fd, void *bytes, size_t count, size_t room, int flags,
                              __SOCKADDR_ARG address, socklen_t *length);
EXPORT ssize_t __recvfrom_chk(int fd, void *bytes, size_t count, size_t room, int flags,
                              __SOCKADDR_ARG address, socklen_t *length)
{
    return count <= room && socket_table_peek(fd) != NULL
               ? recvfrom(fd, bytes, count, flags, address, length)
               : REAL(__recvfrom_chk)(fd, bytes, count, room, flags, address.__sockaddr__, length);
}

/* ---- the same functions by the names that the C library has for itself ---- */

#if __has_attribute(copy)
#define LIKE(name) , copy(name)
#else
#define LIKE(name)
#endif
#define ALSO(name, other)                                                                        \
    EXPORT extern __typeof(name) other __attribute__((alias(#name) LIKE(name)))

ALSO(socket, __socket);
ALSO(close, __close);
ALSO(dup2, __dup2);
ALSO(fcntl, __fcntl);
ALSO(connect, __connect);
ALSO(send, __send);
ALSO(sendmmsg, __sendmmsg);
ALSO(write, __write);
ALSO(recv, __recv);
ALSO(read, __read);
ALSO(poll, __poll);
ALSO(fdopen, _IO_fdopen);

/* ---- what the C library would ask the kernel itself ---- */

EXPORT unsigned if_nametoindex(const char *name)
{
    return configuration_enabled() ? interface_index(name) : REAL(if_nametoindex)(name);
}

EXPORT char *if_indextoname(unsigned index, char name[IF_NAMESIZE])
{
    return configuration_enabled() ? interface_name(index, name) : REAL(if_indextoname)(index, name);
}

EXPORT struct if_nameindex *if_nameindex(void)
{
    return configuration_enabled() ? interface_list() : REAL(if_nameindex)();
}

EXPORT void if_freenameindex(struct if_nameindex *list)
{
    if (configuration_enabled())
        interface_list_free(list);
    else
        REAL(if_freenameindex)(list);
}

EXPORT int getifaddrs(struct ifaddrs **list)
{
    return configuration_enabled() ? interface_addresses(list) : REAL(getifaddrs)(list);
}

EXPORT void freeifaddrs(struct ifaddrs *list)
{
    if (configuration_enabled())
        interface_addresses_free(list);
    else
        REAL(freeifaddrs)(list);
}
