/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "session.h"

#include "frames.h"
#include "protocol.h"
#include "real.h"

#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <sys/mman.h>

int session_open(struct session *session)
{
    struct netlink_socket unused = {0};

    session->sequence = 0;
    session->buffer = mmap(NULL, RTNL_FRAME_MAX, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (session->buffer == MAP_FAILED)
        return -ENOMEM;
    /* No port hint: the process id is for the client's own sockets. */
    session->fd = data_connection_open(&unused, 0, 0);
    if (session->fd < 0) {
        int error = errno;

        munmap(session->buffer, RTNL_FRAME_MAX);
        return -error;
    }
    return 0;
}

void session_close(struct session *session)
{
    int saved = errno;

    REAL(close)(session->fd);
    munmap(session->buffer, RTNL_FRAME_MAX);
    errno = saved;
}

void request_begin(struct request *request, uint16_t type, uint16_t flags, const void *header,
                   size_t size)
{
    memset(request, 0, sizeof(*request));
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = NLM_F_REQUEST | flags;
    request->header.nlmsg_len = NLMSG_LENGTH(size);
    memcpy(request->body, header, size);
}

void request_attribute(struct request *request, uint16_t type, const void *value, size_t size)
{
    size_t start = NLMSG_ALIGN(request->header.nlmsg_len) - sizeof(request->header);
    struct rtattr *attribute = (struct rtattr *)(request->body + start);

    attribute->rta_type = type;
    attribute->rta_len = RTA_LENGTH(size);
    memcpy(RTA_DATA(attribute), value, size);
    request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

/* The next datagram's netlink bytes; their number or a negative errno. */
static ssize_t receive_datagram(struct session *session)
{
    struct frame_header *header = (struct frame_header *)session->buffer;
    ssize_t length;

    do
        length = REAL(recv)(session->fd, session->buffer, RTNL_FRAME_MAX, 0);
    while (length < 0 && errno == EINTR);

    if (length < 0)
        return -errno;
    if ((size_t)length < sizeof(*header))
        return -ECONNRESET;
    if (header->kind == FRAME_ERROR)
        return -(int)header->a;
    return header->kind == FRAME_DATA ? length - (ssize_t)sizeof(*header) : 0;
}

int session_talk(struct session *session, struct request *request, session_visitor visit,
                 void *context)
{
    const bool dump = (request->header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
    struct frame_header frame = {.kind = FRAME_DATA};
    struct iovec parts[2] = {
        {.iov_base = &frame, .iov_len = sizeof(frame)},
        {.iov_base = request, .iov_len = request->header.nlmsg_len},
    };
    struct msghdr framed = {.msg_iov = parts, .msg_iovlen = 2};
    bool interrupted = false;

    /* The acknowledgement is the end of an answer to a doit, also of one that has none. */
    request->header.nlmsg_flags |= dump ? 0 : NLM_F_ACK;
    request->header.nlmsg_seq = ++session->sequence;
    while (REAL(sendmsg)(session->fd, &framed, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return -errno;

    for (;;) {
        ssize_t left = receive_datagram(session);
        const struct nlmsghdr *message =
            (const struct nlmsghdr *)(session->buffer + sizeof(struct frame_header));

        if (left < 0)
            return (int)left;
        for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            int verdict;

            if (message->nlmsg_seq != session->sequence)
                continue;
            if (message->nlmsg_flags & NLM_F_DUMP_INTR)
                interrupted = true;
            if (message->nlmsg_type == NLMSG_ERROR)
                return ((const struct nlmsgerr *)NLMSG_DATA(message))->error;
            if (message->nlmsg_type == NLMSG_DONE) {
                int error = message->nlmsg_len >= NLMSG_LENGTH(sizeof(int))
                                ? *(const int *)NLMSG_DATA(message)
                                : 0;

                return error < 0 ? error : interrupted ? -EINTR : 0;
            }
            verdict = visit != NULL ? visit(message, context) : 0;
            if (verdict != 0)
                return verdict;
        }
    }
}

void attributes_find(const struct nlmsghdr *message, size_t size, const struct rtattr **table,
                     unsigned short highest)
{
    const unsigned char *start = (const unsigned char *)NLMSG_DATA(message) + NLMSG_ALIGN(size);
    int left = (int)message->nlmsg_len - (int)NLMSG_SPACE(size);

    memset(table, 0, (highest + 1u) * sizeof(*table));
    for (const struct rtattr *attribute = (const struct rtattr *)start; RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        unsigned short type = attribute->rta_type & NLA_TYPE_MASK;

        if (type <= highest)
            table[type] = attribute;
    }
}

static uint32_t number(const struct rtattr *attribute)
{
    uint32_t value = 0;

    if (attribute != NULL && RTA_PAYLOAD(attribute) >= sizeof(value))
        memcpy(&value, RTA_DATA(attribute), sizeof(value));
    return value;
}

void link_facts_read(const struct nlmsghdr *message, struct link_facts *facts)
{
    const struct ifinfomsg *header = NLMSG_DATA(message);
    const struct rtattr *attributes[IFLA_TXQLEN + 1];

    memset(facts, 0, sizeof(*facts));
    facts->index = header->ifi_index;
    facts->flags = header->ifi_flags;
    facts->type = header->ifi_type;
    attributes_find(message, sizeof(*header), attributes, IFLA_TXQLEN);
    if (attributes[IFLA_IFNAME] != NULL)
        strncpy(facts->name, RTA_DATA(attributes[IFLA_IFNAME]),
                RTA_PAYLOAD(attributes[IFLA_IFNAME]) < sizeof(facts->name)
                    ? RTA_PAYLOAD(attributes[IFLA_IFNAME])
                    : sizeof(facts->name) - 1);
    if (attributes[IFLA_ADDRESS] != NULL) {
        facts->address_length = RTA_PAYLOAD(attributes[IFLA_ADDRESS]);
        if (facts->address_length > sizeof(facts->address))
            facts->address_length = sizeof(facts->address);
        memcpy(facts->address, RTA_DATA(attributes[IFLA_ADDRESS]), facts->address_length);
    }
    facts->mtu = number(attributes[IFLA_MTU]);
    facts->queue_length = number(attributes[IFLA_TXQLEN]);
}

static int visit_link(const struct nlmsghdr *message, void *context)
{
    if (message->nlmsg_type == RTM_NEWLINK)
        link_facts_read(message, context);
    return 0;
}

int session_link(struct session *session, const char *name, int index, struct link_facts *facts)
{
    struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = name == NULL ? index : 0};
    const uint32_t mask = RTEXT_FILTER_SKIP_STATS;
    struct request request;
    int error;

    facts->index = 0;
    request_begin(&request, RTM_GETLINK, 0, &header, sizeof(header));
    request_attribute(&request, IFLA_EXT_MASK, &mask, sizeof(mask));
    if (name != NULL)
        request_attribute(&request, IFLA_IFNAME, name, strnlen(name, IF_NAMESIZE - 1) + 1);
    error = session_talk(session, &request, visit_link, facts);
    if (error == 0 && facts->index == 0)
        return -ENODEV;
    /* An impossible name or index is a missing device to those who ask us. */
    return error == -EINVAL || error == -ERANGE ? -ENODEV : error;
}
