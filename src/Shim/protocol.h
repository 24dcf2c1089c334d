/* SPDX-License-Identifier: MIT
 *
 * The frames between a netlink client and the server: docs/protocol.md in constants. */
#ifndef RTNL_SHIM_PROTOCOL_H
#define RTNL_SHIM_PROTOCOL_H

#include <stdint.h>

#define RTNL_PROTOCOL_VERSION 1
#define RTNL_FRAME_MAX (512 * 1024)

enum frame_kind {
    FRAME_HELLO = 1,
    FRAME_WELCOME = 2,
    FRAME_DATA = 3,
    FRAME_ERROR = 4,
    FRAME_CONTROL = 5,
    FRAME_ANSWER = 6,
};

#define WELCOME_FAILED 0x01

enum control_op {
    OP_BIND = 1,
    OP_GETNAME = 2,
    OP_SETSOCKOPT = 3,
    OP_GETSOCKOPT = 4,
    OP_RCVBUF = 5,
    OP_FENCE = 6,
    OP_AUTOBIND = 7,

    /* Without a socket: used by the rtnl tool, listed here so that the numbers stay taken. */
    OP_NETNS_ADD = 16,
    OP_NETNS_DEL = 17,
    OP_NETNS_LIST = 18,
};

struct frame_header {
    uint8_t kind;
    uint8_t flags;
    uint16_t reserved;
    uint32_t a;
    uint32_t b;
    uint32_t c;
};

_Static_assert(sizeof(struct frame_header) == 16, "the frame header is 16 bytes");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "frames are little-endian; this host would need swapping");

#endif
