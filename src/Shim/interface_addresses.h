/* SPDX-License-Identifier: MIT
 *
 * getifaddrs, asked of the server. */
#ifndef RTNL_SHIM_INTERFACE_ADDRESSES_H
#define RTNL_SHIM_INTERFACE_ADDRESSES_H

struct ifaddrs;

int interface_addresses(struct ifaddrs **list);
void interface_addresses_free(struct ifaddrs *list);

#endif
