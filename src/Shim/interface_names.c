/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "interface_names.h"

#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DUMP_TRIES 8

static int look_up(const char *name, int index, struct link_facts *facts)
{
    struct session session;
    int error = session_open(&session);

    if (error != 0)
        return error;
    error = session_link(&session, name, index, facts);
    session_close(&session);
    return error;
}

void interface_of_label(const char *label, char *device)
{
    const size_t length = strnlen(label, IF_NAMESIZE - 1);
    const char *colon = memchr(label, ':', length);
    const size_t kept = colon != NULL ? (size_t)(colon - label) : length;

    memcpy(device, label, kept);
    device[kept] = '\0';
}

bool interface_exists(const char *name)
{
    struct link_facts facts;

    return name[0] != '\0' && strlen(name) < IF_NAMESIZE && look_up(name, 0, &facts) == 0;
}

unsigned interface_index(const char *name)
{
    struct link_facts facts;
    char device[IF_NAMESIZE];
    int error;

    /* The length is the C library's to judge, the colon the kernel's: it asks by SIOCGIFINDEX. */
    if (strlen(name) >= sizeof(device)) {
        errno = ENODEV;
        return 0;
    }
    interface_of_label(name, device);
    error = device[0] == '\0' ? -ENODEV : look_up(device, 0, &facts);
    if (error != 0) {
        errno = -error;
        return 0;
    }
    return (unsigned)facts.index;
}

char *interface_name(unsigned index, char *name)
{
    struct link_facts facts;
    int error = index == 0 ? -ENODEV : look_up(NULL, (int)index, &facts);

    if (error != 0) {
        /* POSIX has its own word for a missing interface here. */
        errno = error == -ENODEV ? ENXIO : -error;
        return NULL;
    }
    return strcpy(name, facts.name);
}

struct name_list {
    struct if_nameindex *entries;
    size_t count;
    size_t capacity;
};

static int append(const struct nlmsghdr *message, void *context)
{
    struct name_list *list = context;
    struct link_facts facts;

    if (message->nlmsg_type != RTM_NEWLINK)
        return 0;
    if (list->count + 1 >= list->capacity) {
        size_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        struct if_nameindex *larger = realloc(list->entries, capacity * sizeof(*larger));

        if (larger == NULL)
            return -ENOBUFS;
        list->entries = larger;
        list->capacity = capacity;
    }
    link_facts_read(message, &facts);
    list->entries[list->count].if_index = (unsigned)facts.index;
    list->entries[list->count].if_name = strdup(facts.name);
    if (list->entries[list->count].if_name == NULL)
        return -ENOBUFS;
    list->count++;
    list->entries[list->count] = (struct if_nameindex){0};
    return 0;
}

struct if_nameindex *interface_list(void)
{
    struct ifinfomsg header = {.ifi_family = AF_UNSPEC};
    struct name_list list = {0};
    struct session session;
    struct request request;
    int error = session_open(&session);

    if (error != 0) {
        errno = -error;
        return NULL;
    }
    for (int tries = 0; tries < DUMP_TRIES; tries++) {
        interface_list_free(list.entries);
        list = (struct name_list){0};
        request_begin(&request, RTM_GETLINK, NLM_F_DUMP, &header, sizeof(header));
        error = session_talk(&session, &request, append, &list);
        if (error != -EINTR)
            break;
    }
    session_close(&session);
    if (error == 0 && list.entries == NULL && (list.entries = calloc(1, sizeof(*list.entries))) == NULL)
        error = -ENOBUFS;
    if (error != 0) {
        interface_list_free(list.entries);
        errno = -error;
        return NULL;
    }
    return list.entries;
}

void interface_list_free(struct if_nameindex *list)
{
    if (list == NULL)
        return;
    for (struct if_nameindex *entry = list; entry->if_name != NULL; entry++)
        free(entry->if_name);
    free(list);
}
