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
#include "real.h"
#include "receive.h"
#include "send.h"
#include "socket_table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <sys/ioctl.h>
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

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
    struct netlink_socket *socket = socket_of(fd);
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};

    if (socket == NULL)
        return REAL(writev)(fd, parts, count);
    return count < 0 ? fail(EINVAL) : netlink_send(fd, socket, &message, 0);
}

/* ---- receiving ---- */

static ssize_t receive_bytes(int fd, struct netlink_socket *socket, void *bytes, size_t count,
                             int flags, struct sockaddr *address, socklen_t *length)
{
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t received;

    if (address != NULL) {
        if (length == NULL)
            return fail(EFAULT);
        message.msg_name = address;
        message.msg_namelen = *length;
    }
    received = netlink_receive(fd, socket, &message, flags);
    if (received >= 0 && address != NULL)
        *length = message.msg_namelen;
    return received;
}

/* read and readv of nothing are 0 without a look at the socket, unlike recv. */
static ssize_t read_parts(int fd, struct netlink_socket *socket, const struct iovec *parts, int count)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    size_t total = 0;

    if (count < 0)
        return fail(EINVAL);
    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    return total == 0 ? 0 : netlink_receive(fd, socket, &message, 0);
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

    return socket != NULL ? read_parts(fd, socket, &part, 1) : REAL(read)(fd, bytes, count);
}

EXPORT ssize_t readv(int fd, const struct iovec *parts, int count)
{
    struct netlink_socket *socket = socket_of(fd);

    return socket != NULL ? read_parts(fd, socket, parts, count) : REAL(readv)(fd, parts, count);
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
