/* SPDX-License-Identifier: MIT
 *
 * What the environment asks for: RTNL_SOCKET and RTNL_NETNS, read once. */
#ifndef RTNL_SHIM_CONFIGURATION_H
#define RTNL_SHIM_CONFIGURATION_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

struct configuration {
    struct sockaddr_un server;
    char netns[256];
};

/* False when RTNL_SOCKET is not set: then the library does nothing at all. */
bool configuration_enabled(void);
const struct configuration *configuration(void);

#endif
