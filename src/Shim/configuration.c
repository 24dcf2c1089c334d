/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "configuration.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNREAD, DISABLED, ENABLED };

static struct configuration current;
static atomic_int state = UNREAD;

/* Runs from our constructor, or from a call that another library's constructor makes before it:
 * the process has one thread then, so writing `current` needs no lock. */
__attribute__((constructor)) static void read_environment(void)
{
    const char *path = getenv("RTNL_SOCKET");
    const char *netns = getenv("RTNL_NETNS");
    const char *unserved = getenv("RTNL_UNSERVED");
    Dl_info own;

    if (atomic_load_explicit(&state, memory_order_acquire) != UNREAD)
        return;
    if (path == NULL || path[0] == '\0') {
        atomic_store_explicit(&state, DISABLED, memory_order_release);
        return;
    }
    /* Going on to the kernel instead would change the real machine: refuse to run. */
    if (strlen(path) >= sizeof(current.server.sun_path)) {
        fprintf(stderr, "rtnl-shim: RTNL_SOCKET is longer than %zu bytes: %s\n",
                sizeof(current.server.sun_path) - 1, path);
        abort();
    }
    if (netns != NULL && strlen(netns) >= sizeof(current.netns)) {
        fprintf(stderr, "rtnl-shim: RTNL_NETNS is longer than %zu bytes: %s\n",
                sizeof(current.netns) - 1, netns);
        abort();
    }
    current.server.sun_family = AF_UNIX;
    strcpy(current.server.sun_path, path);
    strcpy(current.netns, netns != NULL ? netns : "");
    snprintf(current.unserved, sizeof(current.unserved), "%s", unserved != NULL ? unserved : "");
    if (dladdr(&current, &own) != 0 && own.dli_fname != NULL)
        snprintf(current.library, sizeof(current.library), "%s", own.dli_fname);
    atomic_store_explicit(&state, ENABLED, memory_order_release);
}

bool configuration_enabled(void)
{
    int seen = atomic_load_explicit(&state, memory_order_acquire);

    if (__builtin_expect(seen == UNREAD, 0)) {
        read_environment();
        seen = atomic_load_explicit(&state, memory_order_acquire);
    }
    return seen == ENABLED;
}

const struct configuration *configuration(void)
{
    return &current;
}

enum unserved configuration_unserved(void)
{
    if (strcmp(current.unserved, "allow") == 0)
        return UNSERVED_ALLOW;
    if (strcmp(current.unserved, "warn") == 0)
        return UNSERVED_WARN;
    if (strcmp(current.unserved, "refuse") == 0)
        return UNSERVED_REFUSE;
    return geteuid() == 0 ? UNSERVED_REFUSE : UNSERVED_WARN;
}
