/* SPDX-License-Identifier: MIT
 *
 * if_nametoindex and its kin, asked of the server. */
#ifndef RTNL_SHIM_INTERFACE_NAMES_H
#define RTNL_SHIM_INTERFACE_NAMES_H

#include <stdbool.h>

struct if_nameindex;

/* The legacy interface's rule, the same at each of its entries: "eth0:1" is about eth0. DEVICE has IF_NAMESIZE bytes. */
void interface_of_label(const char *label, char *device);
/* Of this very name: what is no part of the legacy interface (SO_BINDTODEVICE) does not cut. */
bool interface_exists(const char *name);
unsigned interface_index(const char *name);
char *interface_name(unsigned index, char *name);
struct if_nameindex *interface_list(void);
void interface_list_free(struct if_nameindex *list);

#endif
