/* SPDX-License-Identifier: MIT
 *
 * Network namespaces of the kernel are not the server's: to enter or make one would leave every netlink
 * socket where it was, and the next change would succeed on the wrong object. These fail with
 * EOPNOTSUPP, whatever way the C library is asked, and one line says so once a process. */
#define _GNU_SOURCE
#include "configuration.h"
#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

#ifndef CLONE_NEWNET
#define CLONE_NEWNET 0x40000000
#endif

static atomic_bool told;

static int refused(const char *what)
{
    char line[256];

    if (!atomic_exchange(&told, true)) {
        int length = snprintf(line, sizeof(line),
                              "rtnl: %s is not served and fails; the server's own namespaces are `rtnl netns` and `rtnl exec --netns`\n",
                              what);

        (void)!REAL(write)(STDERR_FILENO, line, (size_t)length);
    }
    errno = EOPNOTSUPP;
    return -1;
}

/* A descriptor of a namespace says of what kind it is; one of a process is told by the flags. */
static bool enters_network(int fd, int kind)
{
    return (kind & CLONE_NEWNET) != 0 || (kind == 0 && REAL(ioctl)(fd, NS_GET_NSTYPE) == CLONE_NEWNET);
}

EXPORT int setns(int fd, int kind)
{
    if (configuration_enabled() && enters_network(fd, kind))
        return refused("setns of a network namespace");
    return REAL(setns)(fd, kind);
}

EXPORT int unshare(int flags)
{
    if (configuration_enabled() && (flags & CLONE_NEWNET))
        return refused("unshare of the network namespace");
    return REAL(unshare)(flags);
}

EXPORT int clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
    va_list arguments;
    void *parent, *storage, *child;

    va_start(arguments, argument);
    parent = va_arg(arguments, void *);
    storage = va_arg(arguments, void *);
    child = va_arg(arguments, void *);
    va_end(arguments);
    if (configuration_enabled() && (flags & CLONE_NEWNET))
        return refused("clone with a network namespace");
    return REAL(clone)(function, stack, flags, argument, parent, storage, child);
}

EXPORT long syscall(long number, ...)
{
    va_list arguments;
    long a, b, c, d, e, f;

    va_start(arguments, number);
    a = va_arg(arguments, long);
    b = va_arg(arguments, long);
    c = va_arg(arguments, long);
    d = va_arg(arguments, long);
    e = va_arg(arguments, long);
    f = va_arg(arguments, long);
    va_end(arguments);
    if (configuration_enabled()) {
        switch (number) {
        case SYS_setns:
            return setns((int)a, (int)b);
        case SYS_unshare:
            return unshare((int)a);
        case SYS_clone:
            if (a & CLONE_NEWNET)
                return refused("clone with a network namespace");
            break;
        case SYS_clone3:
            if (a != 0 && ((const struct clone_args *)a)->flags & CLONE_NEWNET)
                return refused("clone with a network namespace");
            break;
        case SYS_execve:
            return execve((const char *)a, (char *const *)b, (char *const *)c);
        case SYS_execveat:
            return execveat((int)a, (const char *)b, (char *const *)c, (char *const *)d, (int)e);
        case SYS_socket:
            /* Its messages would be read and written past us as well. */
            if (a == AF_NETLINK && c == NETLINK_ROUTE)
                return refused("a netlink socket made by syscall()");
            break;
        default:
            break;
        }
    }
    return REAL(syscall)(number, a, b, c, d, e, f);
}

/* ---- the names of the kernel's namespaces, as `ip netns` keeps them ---- */

static bool names_namespace(const char *path)
{
    static const char *const folders[] = {"/run/netns", "/var/run/netns"};

    for (size_t i = 0; path != NULL && i < sizeof(folders) / sizeof(folders[0]); i++) {
        size_t length = strlen(folders[i]);

        if (strncmp(path, folders[i], length) == 0 && (path[length] == '\0' || path[length] == '/'))
            return configuration_enabled();
    }
    return false;
}

static const char named[] = "a named network namespace of the kernel (/run/netns)";

EXPORT int mkdir(const char *path, mode_t mode)
{
    return names_namespace(path) ? refused(named) : REAL(mkdir)(path, mode);
}

EXPORT int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)
{
    return names_namespace(target) ? refused(named) : REAL(mount)(source, target, type, flags, data);
}

EXPORT int umount(const char *target)
{
    return names_namespace(target) ? refused(named) : REAL(umount)(target);
}

EXPORT int umount2(const char *target, int flags)
{
    return names_namespace(target) ? refused(named) : REAL(umount2)(target, flags);
}

EXPORT int unlink(const char *path)
{
    return names_namespace(path) ? refused(named) : REAL(unlink)(path);
}

/* ---- a C library that is asked for by name ---- */

/* ctypes.CDLL("libc.so.6").setns would go past us: the program's own scope has the same names, and ours before them.
 * Another library must be looked for on the caller's behalf, by its RUNPATH: hence a jump, not a call. */
EXPORT void *dlopen(const char *name, int flags)
{
    const char *slash = name != NULL ? strrchr(name, '/') : NULL;
    const char *file = slash != NULL ? slash + 1 : name;

    if (file != NULL && (strncmp(file, "libc.so", 7) == 0 || strncmp(file, "libc.musl", 9) == 0) &&
        configuration_enabled())
        name = NULL;
    return REAL(dlopen)(name, flags);
}
