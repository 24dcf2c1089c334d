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
    FRAME_RECEIVED = 7,
};

#define WELCOME_FAILED 0x01

/* In HELLO asked for, in WELCOME granted. */
#define FEATURE_CREDENTIALS 0x02
#define FEATURE_ERROR_WORD 0x04
#define FEATURE_RECEIVES 0x08

/* In DATA from the server: what the datagram is to the dump in progress. */
#define DATA_DUMP_MORE 1
#define DATA_DUMP_LAST 2

/* In ERROR: it is in the error word as well. */
#define ERROR_IN_WORD 0x01

/* The largest room for a dump's chunk that there is any use in telling. */
#define RTNL_CHUNK_MAX (32768 - 320)

enum control_op {
    OP_BIND = 1,
    OP_GETNAME = 2,
    OP_SETSOCKOPT = 3,
    OP_GETSOCKOPT = 4,
    OP_RCVBUF = 5,
    OP_FENCE = 6,
    OP_AUTOBIND = 7,
    OP_RCVBUFFORCE = 8,

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

/* From the server, where FEATURE_CREDENTIALS is granted. */
struct credentialed_header {
    struct frame_header frame;
    uint32_t process;
    uint32_t user;
    uint32_t group;
    uint32_t reserved;
};

_Static_assert(sizeof(struct frame_header) == 16, "the frame header is 16 bytes");
_Static_assert(sizeof(struct credentialed_header) == 32, "with credentials it is 32 bytes");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "frames are little-endian; this host would need swapping");

#endif
