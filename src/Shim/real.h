/* SPDX-License-Identifier: MIT
 *
 * The C library's own functions behind the ones that we interpose. */
#ifndef RTNL_SHIM_REAL_H
#define RTNL_SHIM_REAL_H

#include <aio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#define REAL_FUNCTIONS(X)                                                                        \
    X(int, socket, (int, int, int))                                                              \
    X(int, close, (int))                                                                         \
    X(int, close_range, (unsigned, unsigned, int))                                               \
    X(void, closefrom, (int))                                                                    \
    X(int, dup, (int))                                                                           \
    X(int, dup2, (int, int))                                                                     \
    X(int, dup3, (int, int, int))                                                                \
    X(int, fcntl, (int, int, ...))                                                               \
    X(int, fcntl64, (int, int, ...))                                                             \
    X(int, ioctl, (int, unsigned long, ...))                                                     \
    X(int, bind, (int, const struct sockaddr *, socklen_t))                                      \
    X(int, connect, (int, const struct sockaddr *, socklen_t))                                   \
    X(int, listen, (int, int))                                                                   \
    X(int, shutdown, (int, int))                                                                 \
    X(int, accept, (int, struct sockaddr *, socklen_t *))                                        \
    X(int, accept4, (int, struct sockaddr *, socklen_t *, int))                                  \
    X(int, getsockname, (int, struct sockaddr *, socklen_t *))                                   \
    X(int, getpeername, (int, struct sockaddr *, socklen_t *))                                   \
    X(int, setsockopt, (int, int, int, const void *, socklen_t))                                 \
    X(int, getsockopt, (int, int, int, void *, socklen_t *))                                     \
    X(ssize_t, send, (int, const void *, size_t, int))                                           \
    X(ssize_t, sendto, (int, const void *, size_t, int, const struct sockaddr *, socklen_t))     \
    X(ssize_t, sendmsg, (int, const struct msghdr *, int))                                       \
    X(int, sendmmsg, (int, struct mmsghdr *, unsigned, int))                                     \
    X(ssize_t, write, (int, const void *, size_t))                                               \
    X(ssize_t, writev, (int, const struct iovec *, int))                                         \
    X(ssize_t, recv, (int, void *, size_t, int))                                                 \
    X(ssize_t, recvfrom, (int, void *, size_t, int, struct sockaddr *, socklen_t *))             \
    X(ssize_t, recvmsg, (int, struct msghdr *, int))                                             \
    X(int, recvmmsg, (int, struct mmsghdr *, unsigned, int, struct timespec *))                  \
    X(ssize_t, read, (int, void *, size_t))                                                      \
    X(ssize_t, readv, (int, const struct iovec *, int))                                          \
    X(ssize_t, preadv2, (int, const struct iovec *, int, off64_t, int))                          \
    X(ssize_t, pwritev2, (int, const struct iovec *, int, off64_t, int))                         \
    X(ssize_t, splice, (int, off64_t *, int, off64_t *, size_t, unsigned))                       \
    X(ssize_t, sendfile64, (int, int, off64_t *, size_t))                                        \
    X(int, vdprintf, (int, const char *, va_list))                                               \
    X(int, __vdprintf_chk, (int, int, const char *, va_list))                                    \
    X(FILE *, fdopen, (int, const char *))                                                       \
    X(int, sockatmark, (int))                                                                    \
    X(int, poll, (struct pollfd *, nfds_t, int))                                                 \
    X(int, ppoll, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))          \
    X(int, __poll_chk, (struct pollfd *, nfds_t, int, size_t))                                   \
    X(int, __ppoll_chk,                                                                          \
      (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *, size_t))              \
    X(int, eventfd_read, (int, eventfd_t *))                                                     \
    X(int, eventfd_write, (int, eventfd_t))                                                      \
    X(int, lio_listio64, (int, struct aiocb64 *const[], int, struct sigevent *))                 \
    X(int, aio_read64, (struct aiocb64 *))                                                       \
    X(int, aio_write64, (struct aiocb64 *))                                                      \
    X(ssize_t, __read_chk, (int, void *, size_t, size_t))                                        \
    X(ssize_t, __recv_chk, (int, void *, size_t, size_t, int))                                   \
    X(ssize_t, __recvfrom_chk,                                                                   \
      (int, void *, size_t, size_t, int, struct sockaddr *, socklen_t *))                        \
    X(unsigned, if_nametoindex, (const char *))                                                  \
    X(char *, if_indextoname, (unsigned, char *))                                                \
    X(struct if_nameindex *, if_nameindex, (void))                                               \
    X(void, if_freenameindex, (struct if_nameindex *))                                           \
    X(int, getifaddrs, (struct ifaddrs **))                                                      \
    X(void, freeifaddrs, (struct ifaddrs *))                                                     \
    X(int, execve, (const char *, char *const *, char *const *))                                 \
    X(int, execvpe, (const char *, char *const *, char *const *))                                \
    X(int, fexecve, (int, char *const *, char *const *))                                         \
    X(int, execveat, (int, const char *, char *const *, char *const *, int))                     \
    X(int, posix_spawn,                                                                          \
      (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,     \
       char *const *, char *const *))                                                            \
    X(int, posix_spawnp,                                                                         \
      (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,     \
       char *const *, char *const *))                                                            \
    X(int, setns, (int, int))                                                                    \
    X(int, unshare, (int))                                                                       \
    X(int, clone, (int (*)(void *), void *, int, void *, ...))                                   \
    X(long, syscall, (long, ...))                                                                \
    X(int, mkdir, (const char *, mode_t))                                                        \
    X(int, mount, (const char *, const char *, const char *, unsigned long, const void *))       \
    X(int, umount, (const char *))                                                               \
    X(int, umount2, (const char *, int))                                                         \
    X(int, unlink, (const char *))                                                               \
    X(void *, dlopen, (const char *, int))

struct real_functions {
#define X(type, name, arguments) type(*name) arguments;
    REAL_FUNCTIONS(X)
#undef X
};

extern struct real_functions real;

void real_resolve(void);

/* Another library's constructor may call us before our own has run; hence the check. */
#define REAL(name)                                                                               \
    (__extension__({                                                                             \
        if (__builtin_expect(real.name == NULL, 0))                                              \
            real_resolve();                                                                      \
        real.name;                                                                               \
    }))

#endif
