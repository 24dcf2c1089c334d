/* SPDX-License-Identifier: MIT
 *
 * Which descriptors are netlink sockets of ours, and what we remember of each.
 *
 * There are no locks: look-ups are two loads, changes are single atomic stores, and objects are never
 * unmapped, so that the table is as usable in the child of a fork as in its parent. */
#ifndef RTNL_SHIM_SOCKET_TABLE_H
#define RTNL_SHIM_SOCKET_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct netlink_socket {
    atomic_int references; /* descriptors of this process; 0 = the slot is free */

    uint32_t id; /* how the server knows it */
    uint32_t token_low;
    uint32_t token_high;
    int type; /* SOCK_RAW or SOCK_DGRAM, as the client asked */

    /* Identity of the Unix socket below, to notice a descriptor that was closed behind our back. */
    dev_t device;
    ino_t inode;

    _Atomic uint32_t default_port; /* connect() */
    _Atomic uint32_t default_groups;
    atomic_int send_buffer; /* SO_SNDBUF as the client sees it; the Unix socket's own is larger */
    atomic_int pending_error; /* for the next receive, as sk_err */
    char device_name[16]; /* SO_BINDTODEVICE; "" for none */
    atomic_bool packet_info;
    atomic_bool all_nsid;
    atomic_bool pass_credentials;
    atomic_bool unanswered; /* something was sent and nothing unicast has come back since */
    atomic_uint unfinished; /* frames of which it is not known that the server has begun them */

    size_t header_size;          /* of frames from the server */
    _Atomic int *error_word;     /* the pending error, shared with the server; NULL: it comes in frames */
    bool tells;                  /* the server wants to know of receives */
    atomic_bool dumping;         /* a chunk has come and another one is made when we tell of a receive */
    _Atomic uint32_t offered;    /* the largest room that a receive has offered */
    atomic_int receive_buffer;   /* SO_RCVBUF as the server has it; 0: never set */
};

#define SOCKET_TABLE_CHUNK 1024
#define SOCKET_TABLE_CHUNKS 1024

typedef _Atomic(struct netlink_socket *) socket_table_entry;
extern _Atomic(socket_table_entry *) socket_table_chunks[SOCKET_TABLE_CHUNKS];

/* The entry as it stands; the caller still has to check that it is true (socket_of). */
static inline struct netlink_socket *socket_table_peek(int fd)
{
    unsigned chunk = (unsigned)fd / SOCKET_TABLE_CHUNK;
    socket_table_entry *entries;

    if (__builtin_expect(chunk >= SOCKET_TABLE_CHUNKS, 0))
        return NULL;
    entries = atomic_load_explicit(&socket_table_chunks[chunk], memory_order_acquire);
    if (__builtin_expect(entries == NULL, 1))
        return NULL;
    return atomic_load_explicit(&entries[(unsigned)fd % SOCKET_TABLE_CHUNK], memory_order_acquire);
}

struct netlink_socket *socket_table_verify(int fd, struct netlink_socket *socket);

/* The netlink socket behind a descriptor, or NULL when the descriptor is none of ours. */
static inline struct netlink_socket *socket_of(int fd)
{
    struct netlink_socket *socket = socket_table_peek(fd);

    if (__builtin_expect(socket == NULL, 1))
        return NULL;
    return socket_table_verify(fd, socket);
}

struct netlink_socket *socket_create(void); /* with one reference; NULL and ENOMEM */
void socket_acquire(struct netlink_socket *socket);
void socket_release(struct netlink_socket *socket);

/* Maps the file as the socket's error word; -1: it has none. */
void error_word_attach(struct netlink_socket *socket, int fd);
/* The pending error (sk_err), which is none then; 0 when there is none. */
int socket_take_error(struct netlink_socket *socket);
bool socket_has_error(struct netlink_socket *socket);

/* Takes over the caller's reference. 0, or -1 and ENOMEM or EMFILE. */
int socket_table_add(int fd, struct netlink_socket *socket);
/* Takes the entry out; the reference passes to the caller. NULL when there was none. */
struct netlink_socket *socket_table_remove(int fd);
/* The lowest descriptor of ours in first..last, or -1. */
int socket_table_next(unsigned first, unsigned last);

/* False in a child made by vfork, which runs in its parent's memory: what it closes and duplicates
 * must leave no trace in the table. */
bool socket_table_is_own(void);

#endif
