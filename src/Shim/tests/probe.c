/* SPDX-License-Identifier: MIT
 *
 * Prints what a client sees of a netlink socket, call by call. Run once against the kernel and once
 * through the preload library, the output must be the same. Port ids are printed as relations only. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/sockios.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static const char *topic = "";

static const char *error_name(long result)
{
    return result < 0 ? strerrorname_np(errno) : "ok";
}

#define SAY(format, ...) (printf("%s: " format "\n", topic, ##__VA_ARGS__), fflush(stdout))
#define TRY(call)                                                                                \
    do {                                                                                         \
        errno = 0;                                                                               \
        long result_ = (long)(call);                                                             \
        SAY("%s = %ld %s", #call, result_, error_name(result_));                                 \
    } while (0)

static int open_socket(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0) {
        perror("socket");
        exit(1);
    }
    return fd;
}

static uint32_t port_of(int fd)
{
    struct sockaddr_nl name = {0};
    socklen_t length = sizeof(name);

    if (getsockname(fd, (struct sockaddr *)&name, &length) != 0)
        perror("getsockname");
    return name.nl_pid;
}

struct link_request {
    struct nlmsghdr header;
    struct ifinfomsg link;
};

static struct link_request link_request(uint16_t type, uint16_t flags, int index)
{
    struct link_request request = {
        .header = {.nlmsg_len = sizeof(request),
                   .nlmsg_type = type,
                   .nlmsg_flags = NLM_F_REQUEST | flags,
                   .nlmsg_seq = 77},
        .link = {.ifi_family = AF_UNSPEC, .ifi_index = index},
    };

    return request;
}

static struct link_request set_flags(int index, unsigned flags, unsigned change)
{
    struct link_request request = link_request(RTM_NEWLINK, NLM_F_ACK, index);

    request.link.ifi_flags = flags;
    request.link.ifi_change = change;
    return request;
}

/* The messages in a buffer, by type and error only. */
static void show(const char *what, void *buffer, ssize_t length)
{
    struct nlmsghdr *message = buffer;
    ssize_t left = length;

    printf("%s: %s = %zd %s", topic, what, length, error_name(length));
    for (; left > 0 && NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        printf(" [type %u flags %x seq %u", message->nlmsg_type, message->nlmsg_flags,
               message->nlmsg_seq);
        if (message->nlmsg_type == NLMSG_ERROR)
            printf(" error %d", ((struct nlmsgerr *)NLMSG_DATA(message))->error);
        printf("]");
    }
    printf("\n");
    fflush(stdout);
}

static void drain(int fd, const char *what)
{
    char buffer[32768];

    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        ssize_t length;

        if (poll(&ready, 1, 150) <= 0)
            return;
        length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
        if (what != NULL)
            show(what, buffer, length);
        if (length < 0)
            return;
    }
}

static void test_names(void)
{
    int first = open_socket(), second = open_socket(), third = open_socket();
    struct sockaddr_nl name = {.nl_family = AF_NETLINK};
    socklen_t length = sizeof(name);
    char small[4] = {0};

    topic = "names";
    SAY("unbound port is 0: %d", port_of(first) == 0);
    TRY(bind(first, (struct sockaddr *)&name, 4));
    name.nl_family = AF_INET;
    TRY(bind(first, (struct sockaddr *)&name, sizeof(name)));
    name.nl_family = AF_NETLINK;
    TRY(bind(first, (struct sockaddr *)&name, sizeof(name)));
    SAY("first port is the process id: %d", port_of(first) == (uint32_t)getpid());
    TRY(bind(first, (struct sockaddr *)&name, sizeof(name)));
    name.nl_pid = port_of(first);
    name.nl_groups = 0x11;
    TRY(bind(first, (struct sockaddr *)&name, sizeof(name)));
    TRY(bind(second, (struct sockaddr *)&name, sizeof(name)));
    TRY(getsockname(first, (struct sockaddr *)&name, &length));
    SAY("groups %x length %u", name.nl_groups, length);
    name.nl_groups = 0xffffffff;
    TRY(bind(first, (struct sockaddr *)&name, sizeof(name)));
    length = sizeof(name);
    TRY(getsockname(first, (struct sockaddr *)&name, &length));
    SAY("groups %x", name.nl_groups);
    length = sizeof(small);
    TRY(getsockname(first, (struct sockaddr *)small, &length));
    SAY("length %u family %d", length, *(short *)small);
    name = (struct sockaddr_nl){.nl_family = AF_NETLINK};
    TRY(bind(second, (struct sockaddr *)&name, sizeof(name)));
    SAY("second port is negative: %d", (int32_t)port_of(second) < 0);
    name.nl_pid = 123456;
    TRY(bind(third, (struct sockaddr *)&name, sizeof(name)));
    SAY("third port %u", port_of(third));
    length = sizeof(name);
    TRY(getpeername(third, (struct sockaddr *)&name, &length));
    SAY("peer %d %u %x length %u", name.nl_family, name.nl_pid, name.nl_groups, length);
    name = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = 9, .nl_groups = 6};
    TRY(connect(third, (struct sockaddr *)&name, 4));
    TRY(connect(third, (struct sockaddr *)&name, sizeof(name)));
    length = sizeof(name);
    TRY(getpeername(third, (struct sockaddr *)&name, &length));
    SAY("peer %d %u %x", name.nl_family, name.nl_pid, name.nl_groups);
    name.nl_family = AF_UNSPEC;
    TRY(connect(third, (struct sockaddr *)&name, 2));
    length = sizeof(name);
    TRY(getpeername(third, (struct sockaddr *)&name, &length));
    SAY("peer %d %u %x", name.nl_family, name.nl_pid, name.nl_groups);
    TRY(shutdown(third, SHUT_RDWR));
    TRY(listen(third, 1));
    TRY(accept(third, NULL, NULL));
    TRY(getsockname(third, NULL, &length));
    close(first);
    close(second);
    close(third);
    first = open_socket();
    name = (struct sockaddr_nl){.nl_family = AF_NETLINK};
    TRY(connect(first, (struct sockaddr *)&name, sizeof(name)));
    SAY("connect binds: %d", port_of(first) == (uint32_t)getpid());
    close(first);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
        if_nametoindex("lo");
        first = open_socket();
        name = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = i % 2 ? 777777 : 0};
        refused += bind(first, (struct sockaddr *)&name, sizeof(name)) != 0;
        refused += port_of(first) != (i % 2 ? 777777 : (uint32_t)getpid());
        close(first);
    }
    SAY("a port is free when its socket is closed: %d refused", refused);
    TRY(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE));
    first = socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK, NETLINK_ROUTE);
    SAY("flags: close-on-exec %d non-blocking %d", fcntl(first, F_GETFD),
        (fcntl(first, F_GETFL) & O_NONBLOCK) != 0);
    close(first);
    first = open_socket();
    SAY("flags: close-on-exec %d non-blocking %d", fcntl(first, F_GETFD),
        (fcntl(first, F_GETFL) & O_NONBLOCK) != 0);
    close(first);
}

static void get_option(int fd, int level, int name, socklen_t room)
{
    unsigned char value[64] = {0};
    socklen_t length = room;
    int result = getsockopt(fd, level, name, value, &length);

    printf("%s: get %d/%d room %u = %d %s length %u:", topic, level, name, room, result,
           error_name(result), length);
    for (socklen_t i = 0; result == 0 && i < length && i < room; i++)
        printf(" %02x", value[i]);
    printf("\n");
}

static void set_option(int fd, int level, int name, int value)
{
    int result = setsockopt(fd, level, name, &value, sizeof(value));

    SAY("set %d/%d %d = %d %s", level, name, value, result, error_name(result));
}

static void test_options(void)
{
    int fd = open_socket();

    topic = "options";
    get_option(fd, SOL_SOCKET, SO_TYPE, 4);
    get_option(fd, SOL_SOCKET, SO_DOMAIN, 4);
    get_option(fd, SOL_SOCKET, SO_PROTOCOL, 4);
    get_option(fd, SOL_SOCKET, SO_PROTOCOL, 2);
    get_option(fd, SOL_SOCKET, SO_ACCEPTCONN, 4);
    get_option(fd, SOL_SOCKET, SO_ERROR, 4);
    get_option(fd, SOL_SOCKET, SO_PASSCRED, 4);
    get_option(fd, SOL_SOCKET, SO_PEERCRED, 12);
    get_option(fd, SOL_SOCKET, SO_SNDBUF, 4);
    get_option(fd, SOL_SOCKET, SO_RCVBUF, 4);
    set_option(fd, SOL_SOCKET, SO_SNDBUF, 32768);
    set_option(fd, SOL_SOCKET, SO_RCVBUF, 1 << 20);
    get_option(fd, SOL_SOCKET, SO_SNDBUF, 4);
    get_option(fd, SOL_SOCKET, SO_RCVBUF, 4);
    set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20);
    get_option(fd, SOL_SOCKET, SO_RCVBUF, 4);
    set_option(fd, SOL_SOCKET, SO_PASSCRED, 1);
    get_option(fd, SOL_SOCKET, SO_PASSCRED, 4);
    for (int name = 0; name <= 13; name++) {
        set_option(fd, SOL_NETLINK, name, 1);
        get_option(fd, SOL_NETLINK, name, 4);
    }
    for (int name = 2; name <= 12; name++)
        set_option(fd, SOL_NETLINK, name, 0);
    for (int name = 3; name <= 12; name++)
        get_option(fd, SOL_NETLINK, name, 4);
    get_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 2);
    get_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 8);
    set_option(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 0);
    set_option(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 33);
    set_option(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 1);
    set_option(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 9999);
    set_option(fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, 9999);
    get_option(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 0);
    get_option(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 4);
    get_option(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 6);
    get_option(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 64);
    set_option(fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, 33);
    get_option(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 64);
    get_option(fd, SOL_NETLINK, 99, 4);
    set_option(fd, SOL_NETLINK, 99, 4);
    get_option(fd, IPPROTO_TCP, 1, 4);
    set_option(fd, IPPROTO_TCP, 1, 4);
    TRY(setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, "\1", 1));
    get_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 4);
    TRY(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_usec = 50000},
                   sizeof(struct timeval)));
    char byte;
    TRY(recv(fd, &byte, 1, 0));
    int pending;
    TRY(ioctl(fd, FIONREAD, &pending));
    TRY(ioctl(fd, FIONBIO, &(int){1}));
    SAY("non-blocking %d", (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    close(fd);
}

static void test_send(void)
{
    int fd = open_socket();
    struct link_request request = link_request(RTM_GETLINK, 0, 1);
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    static char large[1 << 20];
    char buffer[16384];

    topic = "send";
    TRY(send(fd, "", 0, 0));
    TRY(write(fd, "", 0));
    TRY(send(fd, &request, sizeof(request), MSG_OOB));
    TRY(sendto(fd, &request, sizeof(request), 0, (struct sockaddr *)&address, 4));
    address.nl_family = AF_INET;
    TRY(sendto(fd, &request, sizeof(request), 0, (struct sockaddr *)&address, sizeof(address)));
    address.nl_family = AF_NETLINK;
    set_option(fd, SOL_SOCKET, SO_SNDBUF, 32768);
    TRY(send(fd, large, 65536 - 32, 0));
    TRY(send(fd, large, 65536 - 31, 0));
    drain(fd, "zeros");
    SAY("sending binds: %d", port_of(fd) == (uint32_t)getpid());
    TRY(send(fd, &request, sizeof(request), 0));
    show("reply", buffer, recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT));
    TRY(write(fd, &request, sizeof(request)));
    show("reply", buffer, read(fd, buffer, sizeof(buffer)));
    TRY(sendto(fd, &request, sizeof(request), 0, (struct sockaddr *)&address, sizeof(address)));
    show("reply", buffer, recv(fd, buffer, sizeof(buffer), 0));
    struct iovec two[2] = {{&request, 16}, {(char *)&request + 16, sizeof(request) - 16}};
    TRY(writev(fd, two, 2));
    show("reply", buffer, recv(fd, buffer, sizeof(buffer), 0));
    request.header.nlmsg_len = 999;
    TRY(send(fd, &request, sizeof(request), 0));
    SAY("nothing for a bad length: %s", error_name(recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)));
    close(fd);
}

static void show_message(const char *what, struct msghdr *message, ssize_t length)
{
    printf("%s: %s = %zd %s flags %x name %u", topic, what, length, error_name(length),
           length >= 0 ? (unsigned)message->msg_flags : 0, message->msg_namelen);
    if (length >= 0 && message->msg_name != NULL && message->msg_namelen == 12) {
        struct sockaddr_nl *name = message->msg_name;

        printf(" {%d %d %x}", name->nl_family, name->nl_pid, name->nl_groups);
    }
    printf(" control %zu", message->msg_controllen);
    if (length >= 0 && message->msg_controllen >= sizeof(struct cmsghdr))
        for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
             part = CMSG_NXTHDR(message, part)) {
            printf(" (%d/%d:", part->cmsg_level, part->cmsg_type);
            for (size_t i = 0; i < part->cmsg_len - CMSG_LEN(0); i++)
                printf(" %02x", CMSG_DATA(part)[i]);
            printf(")");
        }
    printf("\n");
    fflush(stdout);
}

static void test_receive(void)
{
    int fd = open_socket();
    struct link_request request = link_request(RTM_GETLINK, 0, 1);
    struct sockaddr_nl name;
    char buffer[16384], control[256];
    struct iovec part = {buffer, sizeof(buffer)}, none = {NULL, 0}, tiny = {buffer, 20};
    struct msghdr message;
    socklen_t length;

    topic = "receive";
    TRY(recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT));
    TRY(recv(fd, buffer, sizeof(buffer), MSG_OOB));
    send(fd, &request, sizeof(request), 0);

    message = (struct msghdr){.msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &none,
                              .msg_iovlen = 1};
    show_message("peek, no buffer", &message, recvmsg(fd, &message, MSG_PEEK | MSG_TRUNC));
    message = (struct msghdr){.msg_name = &name, .msg_namelen = 4};
    show_message("peek, no parts", &message, recvmsg(fd, &message, MSG_PEEK | MSG_TRUNC));
    message = (struct msghdr){.msg_iov = &tiny, .msg_iovlen = 1, .msg_namelen = 55};
    show_message("peek, short", &message, recvmsg(fd, &message, MSG_PEEK));
    message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_name = &name,
                              .msg_namelen = sizeof(name), .msg_control = control,
                              .msg_controllen = sizeof(control)};
    show_message("whole", &message, recvmsg(fd, &message, 0));

    send(fd, &request, sizeof(request), 0);
    TRY(recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC));
    TRY(recv(fd, NULL, 0, MSG_PEEK));
    TRY(recv(fd, buffer, 30, MSG_TRUNC));
    SAY("and it is gone: %s", error_name(recv(fd, buffer, 30, MSG_DONTWAIT)));
    send(fd, &request, sizeof(request), 0);
    TRY(recv(fd, buffer, 0, 0));
    SAY("and it is gone: %s", error_name(recv(fd, buffer, 30, MSG_DONTWAIT)));
    send(fd, &request, sizeof(request), 0);
    TRY(read(fd, buffer, 0));
    length = sizeof(name);
    memset(&name, 0xff, sizeof(name));
    show("recvfrom", buffer,
         recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&name, &length));
    SAY("from %d %d %x length %u", name.nl_family, name.nl_pid, name.nl_groups, length);
    send(fd, &request, sizeof(request), 0);
    struct iovec halves[3] = {{buffer, 16}, {NULL, 0}, {buffer + 16, sizeof(buffer) - 16}};
    show("readv", buffer, readv(fd, halves, 3));

    set_option(fd, SOL_NETLINK, NETLINK_PKTINFO, 1);
    set_option(fd, SOL_SOCKET, SO_PASSCRED, 1);
    for (size_t room = 0; room <= 80; room += 8) {
        send(fd, &request, sizeof(request), 0);
        message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                                  .msg_controllen = room};
        show_message("ancillary", &message, recvmsg(fd, &message, 0));
    }
    send(fd, &request, sizeof(request), 0);
    message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1};
    show_message("no control", &message, recvmsg(fd, &message, 0));
    set_option(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1);
    send(fd, &request, sizeof(request), 0);
    message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                              .msg_controllen = sizeof(control)};
    show_message("all nsid", &message, recvmsg(fd, &message, 0));

    request = link_request(RTM_GETLINK, NLM_F_DUMP, 0);
    send(fd, &request, sizeof(request), 0);
    drain(fd, "dump");
    request.header.nlmsg_type = RTM_GETADDR;
    send(fd, &request, sizeof(request), 0);
    drain(fd, "dump addresses");
    close(fd);
}

/* IFF_DEBUG: each change is one event, without those that the carrier sends later. */
static void test_groups(void)
{
    int listener = open_socket(), quiet = open_socket(), fd = open_socket();
    struct sockaddr_nl name = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    int index = (int)if_nametoindex("probe0");
    struct link_request on = set_flags(index, IFF_DEBUG, IFF_DEBUG), off = set_flags(index, 0, IFF_DEBUG);
    char buffer[16384], control[256];
    struct iovec part = {buffer, sizeof(buffer)};
    struct msghdr message;

    topic = "groups";
    TRY(bind(listener, (struct sockaddr *)&name, sizeof(name)));
    set_option(listener, SOL_NETLINK, NETLINK_PKTINFO, 1);
    TRY(send(fd, &on, sizeof(on), 0));
    drain(fd, "acknowledged");
    message = (struct msghdr){.msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &part,
                              .msg_iovlen = 1, .msg_control = control,
                              .msg_controllen = sizeof(control)};
    show_message("event", &message, recvmsg(listener, &message, 0));
    SAY("type %u", ((struct nlmsghdr *)buffer)->nlmsg_type);
    drain(listener, NULL);
    SAY("others hear nothing: %s", error_name(recv(quiet, buffer, 1, MSG_DONTWAIT)));

    set_option(listener, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, RTNLGRP_LINK);
    send(fd, &off, sizeof(off), 0);
    drain(fd, "acknowledged");
    drain(listener, NULL);
    SAY("left: %s", error_name(recv(listener, buffer, 1, MSG_DONTWAIT)));

    /* What was sent before a group is joined is not heard, although nobody waited for it. */
    send(fd, &on, sizeof(on), 0);
    set_option(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_LINK);
    drain(fd, "after joining");
    off.header.nlmsg_flags |= NLM_F_ECHO;
    send(fd, &off, sizeof(off), 0);
    ssize_t length;
    int messages = 0;
    while ((length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
        messages++;
    SAY("an echo and its acknowledgement are there at once: %d", messages >= 2);
    drain(fd, NULL);
    close(fd);
    close(listener);
    close(quiet);
}

static void test_overrun(void)
{
    int listener = open_socket(), fd = open_socket();
    int index = (int)if_nametoindex("probe0");
    struct link_request on = set_flags(index, IFF_DEBUG, IFF_DEBUG), off = set_flags(index, 0, IFF_DEBUG);
    char buffer[16384];
    int error = 0;

    topic = "overrun";
    set_option(listener, SOL_SOCKET, SO_RCVBUF, 2048);
    set_option(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_LINK);
    send(fd, &on, sizeof(on), 0);
    drain(fd, NULL);
    SAY("an unbound socket hears nothing: %s",
        error_name(recv(listener, buffer, sizeof(buffer), MSG_DONTWAIT)));
    bind(listener, (struct sockaddr *)&(struct sockaddr_nl){.nl_family = AF_NETLINK},
         sizeof(struct sockaddr_nl));
    set_option(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_LINK);
    for (int i = 0; i < 1000; i++) {
        struct link_request *next = i % 2 ? &off : &on;

        send(fd, next, sizeof(*next), 0);
        recv(fd, buffer, sizeof(buffer), 0);
    }
    for (int i = 0; i < 5000 && error == 0; i++) {
        struct pollfd more = {.fd = listener, .events = POLLIN};

        if (recv(listener, buffer, sizeof(buffer), MSG_DONTWAIT | (i % 2 ? MSG_PEEK : 0)) >= 0)
            continue;
        /* Who reads faster than the sender sends has not been overrun yet. */
        if (errno != EAGAIN || poll(&more, 1, 2000) <= 0)
            error = errno;
    }
    SAY("a slow reader is told: %s", strerrorname_np(error));
    close(listener);
    close(fd);
}

static void one_request(const char *what, int fd)
{
    struct link_request request = link_request(RTM_GETLINK, 0, 1);
    char buffer[16384];
    /* Unknown to the compiler, so that the fortified variants are called. */
    volatile size_t room = sizeof(buffer);
    struct sockaddr_nl name;
    socklen_t size = sizeof(name);
    ssize_t length = send(fd, &request, sizeof(request), 0);

    if (length >= 0)
        length = recv(fd, buffer, room, MSG_PEEK);
    if (length >= 0)
        length = recvfrom(fd, buffer, room, 0, (struct sockaddr *)&name, &size);
    show(what, buffer, length);
    if (send(fd, &request, sizeof(request), 0) > 0)
        show(what, buffer, read(fd, buffer, room));
}

static void test_descriptors(void)
{
    int fd = open_socket(), copy, status;
    char buffer[16384];
    struct link_request request = link_request(RTM_GETLINK, 0, 1);
    pid_t child;

    topic = "descriptors";
    one_request("original", fd);
    copy = dup(fd);
    one_request("dup", copy);
    close(fd);
    one_request("after the original is closed", copy);
    TRY(send(fd, &request, sizeof(request), 0));
    fd = dup2(copy, fd);
    one_request("dup2", fd);
    close(copy);
    copy = dup3(fd, 200, O_CLOEXEC);
    one_request("dup3", copy);
    SAY("close-on-exec %d", fcntl(copy, F_GETFD));
    close(copy);
    copy = fcntl(fd, F_DUPFD, 300);
    one_request("F_DUPFD", copy);
    SAY("number %d", copy);
    close(copy);
    copy = fcntl(fd, F_DUPFD_CLOEXEC, 3000);
    SAY("too high: %s", error_name(copy));
    copy = fcntl(fd, F_DUPFD_CLOEXEC, 400);
    one_request("F_DUPFD_CLOEXEC", copy);

    /* Another file takes the copy's number. */
    int pipes[2];
    if (pipe(pipes) != 0)
        perror("pipe");
    dup2(pipes[0], copy);
    TRY(write(pipes[1], "hello", 5));
    TRY(read(copy, buffer, sizeof(buffer)));
    close(copy);
    one_request("original still", fd);

    /* Closed where nobody interposes. */
    copy = dup(fd);
    syscall(SYS_close, copy);
    int reused = fcntl(pipes[0], F_DUPFD, copy);
    SAY("number reused: %d", reused == copy);
    TRY(write(pipes[1], "again", 5));
    TRY(read(reused, buffer, sizeof(buffer)));
    close(reused);

    child = fork();
    if (child == 0) {
        one_request("child", fd);
        close(fd);
        fd = open_socket();
        one_request("child's own", fd);
        exit(0);
    }
    waitpid(child, &status, 0);
    one_request("parent after the child has closed", fd);

    child = vfork();
    if (child == 0) {
        close(fd);
        _exit(0);
    }
    waitpid(child, &status, 0);
    one_request("parent after a vfork child has closed", fd);

    copy = fcntl(fd, F_DUPFD, 500);
    close_range(500, 600, 0);
    TRY(send(copy, &request, sizeof(request), 0));
    one_request("outside the range", fd);

    int events = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
    SAY("epoll before: %d", epoll_wait(events, &event, 1, 0));
    send(fd, &request, sizeof(request), 0);
    SAY("epoll after: %d", epoll_wait(events, &event, 1, 2000));
    recv(fd, buffer, sizeof(buffer), 0);
    SAY("epoll drained: %d", epoll_wait(events, &event, 1, 0));
    close(events);

    /* A request that nobody waits for is done when the socket is closed. */
    int index = (int)if_nametoindex("probe0");
    struct link_request mtu_up = set_flags(index, IFF_UP, IFF_UP);
    struct link_request down = set_flags(index, 0, IFF_UP);
    struct ifreq question = {0};
    strcpy(question.ifr_name, "probe0");
    for (int i = 0; i < 6; i++) {
        int shot = open_socket();

        if (i % 2)
            send(shot, &down, sizeof(down), 0);
        else
            send(shot, &mtu_up, sizeof(mtu_up), 0);
        close(shot);
        ioctl(fd, SIOCGIFFLAGS, &question);
        SAY("sent and closed: up %d", question.ifr_flags & IFF_UP);
    }
    close(fd);
    close(pipes[0]);
    close(pipes[1]);
}

static void test_many(void)
{
    int fd = open_socket();
    struct link_request requests[3];
    struct iovec out[3], in[4];
    struct mmsghdr messages[4] = {0};
    static char buffers[4][8192];
    int count;

    topic = "many";
    for (int i = 0; i < 3; i++) {
        requests[i] = link_request(RTM_GETLINK, 0, 1);
        requests[i].header.nlmsg_seq = (unsigned)i;
        out[i] = (struct iovec){&requests[i], sizeof(requests[i])};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &out[i], .msg_iovlen = 1};
    }
    TRY(sendmmsg(fd, messages, 3, 0));
    SAY("lengths %u %u %u", messages[0].msg_len, messages[1].msg_len, messages[2].msg_len);
    usleep(50000);
    memset(messages, 0, sizeof(messages));
    for (int i = 0; i < 4; i++) {
        in[i] = (struct iovec){buffers[i], sizeof(buffers[i])};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &in[i], .msg_iovlen = 1};
    }
    count = recvmmsg(fd, messages, 4, MSG_WAITFORONE, NULL);
    SAY("received %d", count);
    for (int i = 0; i < count; i++)
        show("message", buffers[i], messages[i].msg_len);
    TRY(recvmmsg(fd, messages, 4, MSG_DONTWAIT, NULL));
    TRY(sendmmsg(fd, messages, 0, 0));
    out[1].iov_len = 0;
    for (int i = 0; i < 3; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &out[i], .msg_iovlen = 1};
    TRY(sendmmsg(fd, messages, 3, 0));
    drain(fd, "before the bad one");
    close(fd);
}

static void test_filter(void)
{
    /* Only NLMSG_ERROR passes: a 16-bit load is big-endian. */
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0200, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = 4, .filter = code};
    struct link_request request = link_request(RTM_GETLINK, NLM_F_ACK, 1);
    int fd = open_socket();

    topic = "filter";
    TRY(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
    send(fd, &request, sizeof(request), 0);
    drain(fd, "filtered");
    code[2].k = 40;
    TRY(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
    request.link.ifi_index = 4711;
    send(fd, &request, sizeof(request), 0);
    drain(fd, "cut");
    TRY(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &program, sizeof(program)));
    request.link.ifi_index = 1;
    send(fd, &request, sizeof(request), 0);
    drain(fd, "unfiltered");
    close(fd);
}

static void show_address(const char *what, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "-";

    if (address == NULL) {
        printf(" %s none", what);
        return;
    }
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof(text));
    if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof(text));
    printf(" %s %d %s", what, address->sa_family, text);
    if (address->sa_family == AF_INET6)
        printf(" scope %u", ((const struct sockaddr_in6 *)address)->sin6_scope_id);
    if (address->sa_family == AF_PACKET) {
        const struct sockaddr_ll *link = (const struct sockaddr_ll *)address;

        printf(" index %d type %d", link->sll_ifindex, link->sll_hatype);
        for (int i = 0; i < link->sll_halen; i++)
            printf(" %02x", link->sll_addr[i]);
    }
}

static void test_interfaces(void)
{
    struct if_nameindex *names;
    struct ifaddrs *list;
    char name[IF_NAMESIZE] = "";

    topic = "interfaces";
    TRY(if_nametoindex("lo"));
    TRY(if_nametoindex("probe0"));
    TRY(if_nametoindex("nothing"));
    SAY("errno %s", strerrorname_np(errno));
    if_nametoindex("a-name-that-is-much-too-long");
    SAY("errno %s", strerrorname_np(errno));
    if_nametoindex("");
    SAY("errno %s", strerrorname_np(errno));
    for (unsigned index = 0; index < 5; index++) {
        char *result = if_indextoname(index, name);

        SAY("index %u: %s %s", index, result ? result : "none", result ? "" : strerrorname_np(errno));
    }
    names = if_nameindex();
    for (struct if_nameindex *at = names; at != NULL && at->if_index != 0; at++)
        SAY("name %u %s", at->if_index, at->if_name);
    if_freenameindex(names);

    TRY(getifaddrs(&list));
    for (struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
        printf("%s: %s flags %x", topic, at->ifa_name, at->ifa_flags);
        show_address("address", at->ifa_addr);
        show_address("mask", at->ifa_netmask);
        show_address("other", at->ifa_broadaddr);
        printf(" data %d\n", at->ifa_data != NULL);
    }
    freeifaddrs(list);
}

static void show_hardware(const struct ifreq *question)
{
    printf("%s: family %d", topic, question->ifr_hwaddr.sa_family);
    for (int i = 0; i < 14; i++)
        printf(" %02x", (unsigned char)question->ifr_hwaddr.sa_data[i]);
    printf("\n");
}

static void test_ioctl(int domain)
{
    int fd = socket(domain, domain == AF_NETLINK ? SOCK_RAW : SOCK_DGRAM, 0);
    struct ifreq question;
    const char *devices[] = {"lo", "probe0", "nothing", ""};

    for (int i = 0; i < 4; i++) {
#define ASK(request)                                                                             \
    (memset(&question, 0, sizeof(question)), strcpy(question.ifr_name, devices[i]),             \
     errno = 0, ioctl(fd, request, &question))
        SAY("[%s]", devices[i]);
        TRY(ASK(SIOCGIFINDEX));
        SAY("%d", question.ifr_ifindex);
        TRY(ASK(SIOCGIFFLAGS));
        SAY("%x", (unsigned short)question.ifr_flags);
        TRY(ASK(SIOCGIFMTU));
        SAY("%d", question.ifr_mtu);
        TRY(ASK(SIOCGIFTXQLEN));
        SAY("%d", question.ifr_qlen);
        TRY(ASK(SIOCGIFMETRIC));
        SAY("%d", question.ifr_metric);
        if (ASK(SIOCGIFHWADDR) == 0)
            show_hardware(&question);
        else
            SAY("%s", strerrorname_np(errno));
        if (domain != AF_INET)
            continue;
        unsigned long requests[] = {SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFBRDADDR};
        for (int j = 0; j < 3; j++) {
            int result = ASK(requests[j]);

            printf("%s: %lx %d %s", topic, requests[j], result, error_name(result));
            if (result == 0)
                show_address("", &question.ifr_addr);
            printf("\n");
        }
    }
    for (int index = 0; index < 5; index++) {
        memset(&question, 0, sizeof(question));
        question.ifr_ifindex = index;
        TRY(ioctl(fd, SIOCGIFNAME, &question));
        SAY("%s", question.ifr_name);
    }
    close(fd);
}

static void test_ioctl_changes(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0), i = 0;
    const char *devices[] = {"probe0"};
    struct ifreq question;
    struct ifreq entries[8];
    struct ifconf configuration = {.ifc_len = sizeof(entries), .ifc_req = entries};

    topic = "ioctl changes";
    memset(&question, 0, sizeof(question));
    strcpy(question.ifr_name, "probe0");
    question.ifr_mtu = 1400;
    TRY(ioctl(fd, SIOCSIFMTU, &question));
    TRY(ASK(SIOCGIFMTU));
    SAY("%d", question.ifr_mtu);
    question.ifr_mtu = 1;
    TRY(ioctl(fd, SIOCSIFMTU, &question));
    question.ifr_qlen = 42;
    TRY(ioctl(fd, SIOCSIFTXQLEN, &question));
    TRY(ASK(SIOCGIFTXQLEN));
    SAY("%d", question.ifr_qlen);
    TRY(ASK(SIOCGIFFLAGS));
    question.ifr_flags |= IFF_UP | IFF_NOARP;
    TRY(ioctl(fd, SIOCSIFFLAGS, &question));
    TRY(ASK(SIOCGIFFLAGS));
    SAY("%x", (unsigned short)question.ifr_flags & ~IFF_RUNNING);
    question.ifr_flags &= ~(IFF_UP | IFF_NOARP);
    TRY(ioctl(fd, SIOCSIFFLAGS, &question));
    TRY(ASK(SIOCGIFFLAGS));
    SAY("%x", (unsigned short)question.ifr_flags & ~IFF_RUNNING);
    TRY(ASK(SIOCGIFHWADDR));
    question.ifr_hwaddr.sa_data[5] = 0x55;
    TRY(ioctl(fd, SIOCSIFHWADDR, &question));
    question.ifr_hwaddr.sa_family = 99;
    TRY(ioctl(fd, SIOCSIFHWADDR, &question));
    if (ASK(SIOCGIFHWADDR) == 0)
        show_hardware(&question);
    ASK(SIOCGIFNAME);
    strcpy(question.ifr_newname, "renamed");
    TRY(ioctl(fd, SIOCSIFNAME, &question));
    SAY("now %d", if_nametoindex("renamed") != 0);
    strcpy(question.ifr_name, "renamed");
    strcpy(question.ifr_newname, "probe0");
    TRY(ioctl(fd, SIOCSIFNAME, &question));

    TRY(ioctl(fd, SIOCGIFCONF, &configuration));
    SAY("length %d", configuration.ifc_len);
    for (i = 0; i < configuration.ifc_len / (int)sizeof(entries[0]); i++) {
        printf("%s: %s", topic, entries[i].ifr_name);
        show_address("", &entries[i].ifr_addr);
        printf("\n");
    }
    configuration.ifc_req = NULL;
    TRY(ioctl(fd, SIOCGIFCONF, &configuration));
    SAY("length %d", configuration.ifc_len);
    configuration.ifc_req = entries;
    configuration.ifc_len = sizeof(entries[0]) + 3;
    TRY(ioctl(fd, SIOCGIFCONF, &configuration));
    SAY("length %d", configuration.ifc_len);
    TRY(ioctl(0, SIOCGIFINDEX, &question));
    close(fd);
}

static void *dump_often(void *failures)
{
    for (int i = 0; i < 40; i++) {
        struct link_request request = link_request(RTM_GETLINK, NLM_F_DUMP, 0);
        int fd = open_socket();
        bool done = false;
        char buffer[32768];

        send(fd, &request, sizeof(request), 0);
        while (!done) {
            ssize_t length = recv(fd, buffer, sizeof(buffer), 0);
            struct nlmsghdr *message = (struct nlmsghdr *)buffer;

            if (length <= 0) {
                __atomic_add_fetch((int *)failures, 1, __ATOMIC_SEQ_CST);
                break;
            }
            for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length))
                done |= message->nlmsg_type == NLMSG_DONE;
        }
        close(fd);
    }
    return NULL;
}

static void test_threads(void)
{
    pthread_t threads[8];
    int failures = 0;

    topic = "threads";
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, dump_often, &failures);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();

        if (child == 0) {
            int failed = 0;

            if (i % 2)
                dump_often(&failed);
            _exit(failed);
        }
        waitpid(child, &(int){0}, 0);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    SAY("failures %d", failures);
}

int main(int count, char **arguments)
{
    const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"names", test_names},       {"options", test_options},
        {"send", test_send},         {"receive", test_receive},
        {"groups", test_groups},     {"overrun", test_overrun},
        {"descriptors", test_descriptors}, {"many", test_many},
        {"filter", test_filter},     {"interfaces", test_interfaces},
        {"ioctl-changes", test_ioctl_changes}, {"threads", test_threads},
    };

    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(60);
    if (count == 2 && strncmp(arguments[1], "ioctl-", 6) == 0 && strlen(arguments[1]) <= 8) {
        topic = arguments[1];
        test_ioctl(atoi(arguments[1] + 6));
        return 0;
    }
    for (size_t i = 0; count == 2 && i < sizeof(tests) / sizeof(tests[0]); i++)
        if (strcmp(arguments[1], tests[i].name) == 0) {
            tests[i].run();
            return 0;
        }
    fprintf(stderr, "usage: probe TEST\n");
    return 2;
}
