/* SPDX-License-Identifier: MIT
 *
 * Calls that move bytes between a netlink socket and another file: splice, sendfile, stdio. What they
 * move would reach the Unix socket below without its frame header. */
#ifndef RTNL_SHIM_TRANSFER_H
#define RTNL_SHIM_TRANSFER_H

#include <stdarg.h>
#include <stdio.h>
#include <sys/types.h>

/* One end at least is ours. */
ssize_t transfer_splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t count,
                        unsigned flags);
ssize_t transfer_sendfile(int out, int in, off64_t *offset, size_t count);

int transfer_print(int fd, const char *format, va_list arguments);

/* fdopen: a stream that calls us. It has no descriptor that fileno would tell. */
FILE *transfer_stream(int fd, const char *mode);

#endif
