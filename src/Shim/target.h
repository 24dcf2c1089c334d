/* SPDX-License-Identifier: MIT
 *
 * Whether a program would load a preloaded library, and go through it. Allocates nothing: it is asked
 * between vfork and exec. Compiled into the shim, for what a program starts, and into the launcher. */
#ifndef RTNL_SHIM_TARGET_H
#define RTNL_SHIM_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#define TARGET_PATH_MAX 1024

/* What a command without a slash means along a PATH; one with a slash is itself. */
bool target_find(const char *command, const char *folders, char *path, size_t size);

/* NULL for a program that is served, or that cannot be run at all; else why not, as the end of a
 * sentence that begins with the culprit: the program itself, or the interpreter of a script. */
const char *target_judge(const char *path, char *culprit, size_t size);

#endif
