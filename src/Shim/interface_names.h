/* SPDX-License-Identifier: MIT
 *
 * if_nametoindex and its kin, asked of the server. */
#ifndef RTNL_SHIM_INTERFACE_NAMES_H
#define RTNL_SHIM_INTERFACE_NAMES_H

struct if_nameindex;

unsigned interface_index(const char *name);
char *interface_name(unsigned index, char *name);
struct if_nameindex *interface_list(void);
void interface_list_free(struct if_nameindex *list);

#endif
