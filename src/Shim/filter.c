/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "filter.h"

#include "protocol.h"
#include "real.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

/* Only data is filtered: errors must pass. */
static const struct sock_filter prologue[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offsetof(struct frame_header, kind)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FRAME_DATA, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    /* A program may count on registers that are zero at its start. */
    BPF_STMT(BPF_LD | BPF_IMM, 0),
};

#define PROLOGUE (sizeof(prologue) / sizeof(prologue[0]))

/* False for what cannot be moved by one instruction; such a filter is refused, not ignored. */
static bool move_past_header(struct sock_filter *instruction, unsigned header)
{
    const unsigned class = BPF_CLASS(instruction->code);

    switch (class) {
    case BPF_LD:
    case BPF_LDX:
        switch (BPF_MODE(instruction->code)) {
        case BPF_ABS:
            if ((int)instruction->k < 0)
                return (int)instruction->k >= SKF_AD_OFF; /* not an offset into the packet */
            instruction->k += header;
            return true;
        case BPF_IND:
        case BPF_MSH:
            if ((int)instruction->k < 0)
                return false;
            instruction->k += header;
            return true;
        case BPF_LEN:
            return false;
        default:
            return true;
        }
    case BPF_RET:
        if (BPF_RVAL(instruction->code) == BPF_A)
            return false;
        /* 0 drops; anything else is a length to keep. */
        if (instruction->k != 0 && instruction->k < 0xffffffff - header)
            instruction->k += header;
        return true;
    default:
        return true;
    }
}

int filter_attach(int fd, size_t header_size, const struct sock_fprog *program)
{
    struct sock_filter moved[BPF_MAXINSNS];
    struct sock_fprog whole = {.filter = moved};

    if (program->len == 0 || program->filter == NULL || program->len > BPF_MAXINSNS - PROLOGUE) {
        errno = EINVAL;
        return -1;
    }
    for (size_t i = 0; i < PROLOGUE; i++)
        moved[i] = prologue[i];
    for (size_t i = 0; i < program->len; i++) {
        moved[PROLOGUE + i] = program->filter[i];
        if (!move_past_header(&moved[PROLOGUE + i], (unsigned)header_size)) {
            errno = EOPNOTSUPP;
            return -1;
        }
    }
    whole.len = (unsigned short)(PROLOGUE + program->len);
    return REAL(setsockopt)(fd, SOL_SOCKET, SO_ATTACH_FILTER, &whole, sizeof(whole));
}
