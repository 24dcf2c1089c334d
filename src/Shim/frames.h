/* SPDX-License-Identifier: MIT
 *
 * Connections to the server, and the frames on them other than data. */
#ifndef RTNL_SHIM_FRAMES_H
#define RTNL_SHIM_FRAMES_H

#include "protocol.h"
#include "socket_table.h"

#include <stddef.h>

/* A data connection, close-on-exec and blocking, with the server's welcome noted in *socket.
 * The port hint is what an automatic choice should give, 0 when it does not matter; the features
 * are what the connection is to have beyond the plain one, as far as the server knows them.
 * The descriptor, or -1 and errno. */
int data_connection_open(struct netlink_socket *socket, uint32_t port_hint, uint8_t features);

struct control_answer {
    uint32_t b;
    uint32_t c;
    size_t length; /* of the payload, as the server sent it */
};

/* One question about a socket and its answer. At most `capacity` bytes of the answer's payload are
 * stored. 0, or -1 and the server's errno. */
int control_ask(const struct netlink_socket *socket, enum control_op op, const uint32_t *arguments,
                size_t count, struct control_answer *answer, void *payload, size_t capacity);

/* Tells the server that a datagram has been received, or looked at, with so much room. Keeps errno. */
void tell_of_receive(int fd, struct netlink_socket *socket, size_t room);

/* Returns when the server has handled everything that was sent on the socket. Keeps errno. */
void control_fence(struct netlink_socket *socket);

#endif
