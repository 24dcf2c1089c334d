/* SPDX-License-Identifier: MIT
 *
 * What the environment asks for: RTNL_SOCKET, RTNL_NETNS and RTNL_UNSERVED, read once. */
#ifndef RTNL_SHIM_CONFIGURATION_H
#define RTNL_SHIM_CONFIGURATION_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

struct configuration {
    struct sockaddr_un server;
    char netns[256];
    char unserved[16]; /* as it was given */
    char library[1024]; /* our own file, as it was preloaded */
};

/* What becomes of a program that would not load us. */
enum unserved { UNSERVED_ALLOW, UNSERVED_WARN, UNSERVED_REFUSE };

/* False when RTNL_SOCKET is not set: then the library does nothing at all. */
bool configuration_enabled(void);
const struct configuration *configuration(void);
/* As asked for; else root's programs are refused and others' are named. */
enum unserved configuration_unserved(void);

#endif
