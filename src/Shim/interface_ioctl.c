/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "interface_ioctl.h"

#include "interface_names.h"
#include "real.h"
#include "session.h"
#include "socket_table.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define DUMP_TRIES 8

/* Interface requests without a translation still must not reach the kernel, which would answer
 * for, or change, the real machine. */
enum subject { NOT_OURS, BY_NAME, NAMELESS };

static enum subject subject_of(unsigned long request)
{
    switch (request) {
    case SIOCGIFCONF:
    case SIOCADDRT:
    case SIOCDELRT:
    case SIOCRTMSG:
    case SIOCDARP:
    case SIOCGARP:
    case SIOCSARP:
    case SIOCDRARP:
    case SIOCGRARP:
    case SIOCSRARP:
    case SIOCBRADDBR:
    case SIOCBRDELBR:
    case SIOCGIFBR:
    case SIOCSIFBR:
    case SIOCGIFVLAN:
    case SIOCSIFVLAN:
        return NAMELESS;
    default:
        break;
    }
    if (request >= SIOCGIFNAME && request <= SIOCSIFTXQLEN)
        return BY_NAME;
    if (request == SIOCETHTOOL || request == SIOCGMIIPHY || request == SIOCGMIIREG ||
        request == SIOCSMIIREG || request == SIOCGIFMAP || request == SIOCSIFMAP)
        return BY_NAME;
    /* Bonding, bridge ports, time stamps; then the drivers' private requests (tunnels). */
    if ((request >= 0x8990 && request <= 0x89b1) ||
        (request >= SIOCDEVPRIVATE && request <= SIOCDEVPRIVATE + 15))
        return BY_NAME;
    return NOT_OURS;
}

/* ---- reading ---- */

static void put_family_address(struct sockaddr *target, in_addr_t address)
{
    struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = address};

    memcpy(target, &value, sizeof(value));
}

/* One IPv4 address as the old requests know it. */
struct old_address {
    char label[IF_NAMESIZE];
    in_addr_t local, peer, broadcast, mask;
    unsigned char prefix;
    int index;
};

static bool read_address(const struct nlmsghdr *message, struct old_address *address)
{
    const struct ifaddrmsg *header = NLMSG_DATA(message);
    const struct rtattr *attributes[IFA_BROADCAST + 1];
    const struct rtattr *local;

    if (message->nlmsg_type != RTM_NEWADDR || header->ifa_family != AF_INET)
        return false;
    memset(address, 0, sizeof(*address));
    attributes_find(message, sizeof(*header), attributes, IFA_BROADCAST);
    local = attributes[IFA_LOCAL] != NULL ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
    if (local == NULL || RTA_PAYLOAD(local) < sizeof(address->local))
        return false;
    address->index = (int)header->ifa_index;
    memcpy(&address->local, RTA_DATA(local), sizeof(address->local));
    address->prefix = header->ifa_prefixlen;
    address->peer = address->local;
    if (attributes[IFA_ADDRESS] != NULL &&
        RTA_PAYLOAD(attributes[IFA_ADDRESS]) >= sizeof(address->peer))
        memcpy(&address->peer, RTA_DATA(attributes[IFA_ADDRESS]), sizeof(address->peer));
    if (attributes[IFA_BROADCAST] != NULL &&
        RTA_PAYLOAD(attributes[IFA_BROADCAST]) >= sizeof(address->broadcast))
        memcpy(&address->broadcast, RTA_DATA(attributes[IFA_BROADCAST]), sizeof(address->broadcast));
    if (attributes[IFA_LABEL] != NULL) {
        size_t length = RTA_PAYLOAD(attributes[IFA_LABEL]);

        memcpy(address->label, RTA_DATA(attributes[IFA_LABEL]),
               length < sizeof(address->label) ? length : sizeof(address->label) - 1);
    }
    if (header->ifa_prefixlen > 0 && header->ifa_prefixlen <= 32)
        address->mask = htonl(0xffffffffu << (32 - header->ifa_prefixlen));
    return true;
}

static int dump_addresses(struct session *session, session_visitor visit, void *context)
{
    struct ifaddrmsg header = {.ifa_family = AF_INET};
    struct request request;

    request_begin(&request, RTM_GETADDR, NLM_F_DUMP, &header, sizeof(header));
    return session_talk(session, &request, visit, context);
}

struct address_search {
    const char *label;
    struct old_address found;
};

static int match_address(const struct nlmsghdr *message, void *context)
{
    struct address_search *search = context;
    struct old_address address;

    if (read_address(message, &address) && search->found.index == 0 &&
        strcmp(address.label, search->label) == 0)
        search->found = address;
    return 0;
}

static int find_address(struct session *session, const char *label, struct old_address *found)
{
    struct address_search search = {.label = label};
    int error;

    for (int tries = 0; tries < DUMP_TRIES; tries++) {
        error = dump_addresses(session, match_address, &search);
        if (error != -EINTR)
            break;
    }
    if (error == 0 && search.found.index == 0)
        error = -EADDRNOTAVAIL;
    *found = search.found;
    return error;
}

static int get_address(struct session *session, unsigned long request, struct ifreq *question)
{
    struct old_address found;
    int error = find_address(session, question->ifr_name, &found);

    if (error == 0)
        put_family_address(&question->ifr_addr, request == SIOCGIFADDR      ? found.local
                                                : request == SIOCGIFDSTADDR ? found.peer
                                                : request == SIOCGIFBRDADDR ? found.broadcast
                                                                            : found.mask);
    return error;
}

/* A label's flags: "down" takes the address away, and "up" is nothing to do. */
static int set_address_flags(struct session *session, const struct ifreq *question)
{
    struct ifaddrmsg header = {.ifa_family = AF_INET};
    struct old_address found;
    struct request request;
    int error = find_address(session, question->ifr_name, &found);

    if (error != 0 || (question->ifr_flags & IFF_UP))
        return error;
    header.ifa_prefixlen = found.prefix;
    header.ifa_index = (unsigned)found.index;
    request_begin(&request, RTM_DELADDR, 0, &header, sizeof(header));
    request_attribute(&request, IFA_LOCAL, &found.local, sizeof(found.local));
    request_attribute(&request, IFA_ADDRESS, &found.peer, sizeof(found.peer));
    request_attribute(&request, IFA_LABEL, found.label, strlen(found.label) + 1);
    return session_talk(session, &request, NULL, NULL);
}

struct configuration_list {
    struct ifreq *entries;
    size_t room;
    size_t used;
};

static int list_address(const struct nlmsghdr *message, void *context)
{
    struct configuration_list *list = context;
    struct old_address address;

    if (!read_address(message, &address))
        return 0;
    if (list->entries == NULL) {
        list->used += sizeof(struct ifreq);
    } else if (list->room - list->used >= sizeof(struct ifreq)) {
        struct ifreq *entry = &list->entries[list->used / sizeof(struct ifreq)];

        memset(entry, 0, sizeof(*entry));
        memcpy(entry->ifr_name, address.label, sizeof(address.label));
        put_family_address(&entry->ifr_addr, address.local);
        list->used += sizeof(struct ifreq);
    }
    return 0;
}

static int get_configuration(struct session *session, struct ifconf *question)
{
    struct configuration_list list;
    int error;

    for (int tries = 0; tries < DUMP_TRIES; tries++) {
        list = (struct configuration_list){.entries = question->ifc_req,
                                           .room = (size_t)question->ifc_len};
        error = dump_addresses(session, list_address, &list);
        if (error != -EINTR)
            break;
    }
    if (error == 0)
        question->ifc_len = (int)list.used;
    return error;
}

/* ---- changing ---- */

static int change_link(struct session *session, const struct ifinfomsg *header, uint16_t type,
                       const void *value, size_t size)
{
    struct request request;

    request_begin(&request, RTM_NEWLINK, 0, header, sizeof(*header));
    if (value != NULL)
        request_attribute(&request, type, value, size);
    return session_talk(session, &request, NULL, NULL);
}

static int change(struct session *session, unsigned long request, const struct ifreq *question,
                  const struct link_facts *link)
{
    struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = link->index};
    uint32_t number;

    switch (request) {
    case SIOCSIFFLAGS:
        header.ifi_flags = (unsigned short)question->ifr_flags;
        header.ifi_change = 0xffff; /* an ifreq has no more flags than these */
        return change_link(session, &header, 0, NULL, 0);
    case SIOCSIFMTU:
        number = (uint32_t)question->ifr_mtu;
        return change_link(session, &header, IFLA_MTU, &number, sizeof(number));
    case SIOCSIFTXQLEN:
        if (question->ifr_qlen < 0)
            return -EINVAL;
        number = (uint32_t)question->ifr_qlen;
        return change_link(session, &header, IFLA_TXQLEN, &number, sizeof(number));
    case SIOCSIFHWADDR:
        if (question->ifr_hwaddr.sa_family != link->type)
            return -EINVAL;
        return change_link(session, &header, IFLA_ADDRESS, question->ifr_hwaddr.sa_data,
                           link->address_length < sizeof(question->ifr_hwaddr.sa_data)
                               ? link->address_length
                               : sizeof(question->ifr_hwaddr.sa_data));
    case SIOCSIFHWBROADCAST:
        if (question->ifr_hwaddr.sa_family != link->type)
            return -EINVAL;
        return change_link(session, &header, IFLA_BROADCAST, question->ifr_hwaddr.sa_data,
                           link->address_length < sizeof(question->ifr_hwaddr.sa_data)
                               ? link->address_length
                               : sizeof(question->ifr_hwaddr.sa_data));
    case SIOCSIFNAME:
        return change_link(session, &header, IFLA_IFNAME, question->ifr_newname,
                           strnlen(question->ifr_newname, IF_NAMESIZE - 1) + 1);
    default:
        return -EOPNOTSUPP;
    }
}

/* Only IPv4's sockets know these; a packet socket asks IPv4. */
static bool is_about_address(unsigned long request)
{
    return request == SIOCGIFADDR || request == SIOCGIFDSTADDR || request == SIOCGIFBRDADDR ||
           request == SIOCGIFNETMASK;
}

static bool knows_addresses(int fd)
{
    int family = AF_UNSPEC;
    socklen_t length = sizeof(family);

    return socket_of(fd) == NULL &&
           REAL(getsockopt)(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 &&
           (family == AF_INET || family == AF_PACKET);
}

static int answer(struct session *session, int fd, unsigned long request, struct ifreq *question)
{
    struct link_facts link;
    char device[IF_NAMESIZE];
    int error;

    if (request == SIOCGIFNAME) {
        error = session_link(session, NULL, question->ifr_ifindex, &link);
        if (error == 0)
            memcpy(question->ifr_name, link.name, sizeof(link.name));
        return error;
    }

    question->ifr_name[IF_NAMESIZE - 1] = '\0';
    interface_of_label(question->ifr_name, device);
    if (device[0] == '\0')
        return -ENODEV;
    error = session_link(session, device, 0, &link);
    if (error != 0)
        return error;

    switch (request) {
    case SIOCGIFINDEX:
        question->ifr_ifindex = link.index;
        return 0;
    case SIOCGIFFLAGS:
        question->ifr_flags = (short)link.flags;
        return 0;
    case SIOCGIFMTU:
        question->ifr_mtu = (int)link.mtu;
        return 0;
    case SIOCGIFMETRIC:
        question->ifr_metric = 0;
        return 0;
    case SIOCGIFTXQLEN:
        question->ifr_qlen = (int)link.queue_length;
        return 0;
    case SIOCGIFHWADDR:
        memset(&question->ifr_hwaddr, 0, sizeof(question->ifr_hwaddr));
        question->ifr_hwaddr.sa_family = link.type;
        memcpy(question->ifr_hwaddr.sa_data, link.address,
               link.address_length < sizeof(question->ifr_hwaddr.sa_data)
                   ? link.address_length
                   : sizeof(question->ifr_hwaddr.sa_data));
        return 0;
    case SIOCGIFADDR:
    case SIOCGIFDSTADDR:
    case SIOCGIFNETMASK:
    case SIOCGIFBRDADDR:
        return get_address(session, request, question);
    case SIOCSIFFLAGS:
        return strchr(question->ifr_name, ':') != NULL && knows_addresses(fd)
                   ? set_address_flags(session, question)
                   : change(session, request, question, &link);
    default:
        return change(session, request, question, &link);
    }
}

static bool is_socket(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

bool interface_ioctl(int fd, unsigned long request, void *argument, int *result)
{
    const enum subject subject = subject_of(request);
    struct session session;
    int error;

    if (__builtin_expect(subject == NOT_OURS, 1))
        return false;
    if (!is_socket(fd))
        return false;

    if (argument == NULL) {
        error = -EFAULT;
    } else if (subject == NAMELESS && request != SIOCGIFCONF) {
        error = -EOPNOTSUPP;
    } else if (is_about_address(request) && !knows_addresses(fd)) {
        error = -ENOTTY;
    } else {
        error = session_open(&session);
        if (error == 0) {
            /* What is not answered is not written back either, not even the end of a name that is too long. */
            struct ifreq question;

            if (request == SIOCGIFCONF) {
                error = get_configuration(&session, argument);
            } else {
                memcpy(&question, argument, sizeof(question));
                error = answer(&session, fd, request, &question);
                if (error == 0)
                    memcpy(argument, &question, sizeof(question));
            }
            session_close(&session);
        }
    }
    if (error != 0)
        errno = -error;
    *result = error != 0 ? -1 : 0;
    return true;
}
