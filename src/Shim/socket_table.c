/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "socket_table.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ERROR_WORD_SIZE 4096

#define POOL_BLOCK 256
#define POOL_BLOCKS 4096

_Atomic(socket_table_entry *) socket_table_chunks[SOCKET_TABLE_CHUNKS];

/* Objects live in blocks that are mapped when needed and never given back. */
static _Atomic(struct netlink_socket *) pool[POOL_BLOCKS];
static _Atomic pid_t owner;

static void note_owner(void)
{
    atomic_store(&owner, getpid());
}

/* fork runs the handler in the child, vfork does not: that is how the two are told apart. */
__attribute__((constructor)) static void watch_forks(void)
{
    note_owner();
    pthread_atfork(NULL, NULL, note_owner);
}

bool socket_table_is_own(void)
{
    return atomic_load(&owner) == getpid();
}

static void *map_zeroed(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void error_word_attach(struct netlink_socket *socket, int fd)
{
    void *memory = MAP_FAILED;

    /* The one before stays until now: another thread may have looked at a socket that was being closed. */
    if (socket->error_word != NULL)
        munmap((void *)socket->error_word, ERROR_WORD_SIZE);
    if (fd >= 0)
        memory = mmap(NULL, ERROR_WORD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    socket->error_word = memory == MAP_FAILED ? NULL : memory;
}

int socket_take_error(struct netlink_socket *socket)
{
    int error = 0;

    if (socket->error_word != NULL && atomic_load(socket->error_word) != 0)
        error = atomic_exchange(socket->error_word, 0);
    if (error == 0 && atomic_load(&socket->pending_error) != 0)
        error = atomic_exchange(&socket->pending_error, 0);
    return error;
}

bool socket_has_error(struct netlink_socket *socket)
{
    return (socket->error_word != NULL && atomic_load(socket->error_word) != 0) ||
           atomic_load(&socket->pending_error) != 0;
}

struct netlink_socket *socket_create(void)
{
    for (size_t block = 0; block < POOL_BLOCKS; block++) {
        struct netlink_socket *sockets = atomic_load(&pool[block]);

        if (sockets == NULL) {
            struct netlink_socket *fresh = map_zeroed(POOL_BLOCK * sizeof(*fresh));

            if (fresh == NULL)
                break;
            if (atomic_compare_exchange_strong(&pool[block], &sockets, fresh))
                sockets = fresh;
            else
                munmap(fresh, POOL_BLOCK * sizeof(*fresh));
        }
        for (size_t i = 0; i < POOL_BLOCK; i++) {
            struct netlink_socket *socket = &sockets[i];
            int unused = 0;

            if (atomic_load_explicit(&socket->references, memory_order_relaxed) != 0 ||
                !atomic_compare_exchange_strong(&socket->references, &unused, 1))
                continue;
            socket->default_port = 0;
            socket->default_groups = 0;
            socket->pending_error = 0;
            socket->device_name[0] = '\0';
            socket->packet_info = false;
            socket->all_nsid = false;
            socket->pass_credentials = false;
            socket->unanswered = false;
            socket->unfinished = 0;
            socket->dumping = false;
            socket->offered = 0;
            socket->receive_buffer = 0;
            error_word_attach(socket, -1);
            return socket;
        }
    }
    errno = ENOMEM;
    return NULL;
}

void socket_acquire(struct netlink_socket *socket)
{
    atomic_fetch_add(&socket->references, 1);
}

void socket_release(struct netlink_socket *socket)
{
    atomic_fetch_sub(&socket->references, 1);
}

static socket_table_entry *entry_of(int fd)
{
    unsigned chunk = (unsigned)fd / SOCKET_TABLE_CHUNK;
    socket_table_entry *entries;

    if (chunk >= SOCKET_TABLE_CHUNKS) {
        errno = EMFILE;
        return NULL;
    }
    entries = atomic_load(&socket_table_chunks[chunk]);
    if (entries == NULL) {
        socket_table_entry *fresh = map_zeroed(SOCKET_TABLE_CHUNK * sizeof(*fresh));

        if (fresh == NULL) {
            errno = ENOMEM;
            return NULL;
        }
        if (atomic_compare_exchange_strong(&socket_table_chunks[chunk], &entries, fresh))
            entries = fresh;
        else
            munmap(fresh, SOCKET_TABLE_CHUNK * sizeof(*fresh));
    }
    return &entries[(unsigned)fd % SOCKET_TABLE_CHUNK];
}

int socket_table_add(int fd, struct netlink_socket *socket)
{
    socket_table_entry *entry = entry_of(fd);
    struct netlink_socket *stale;

    if (entry == NULL)
        return -1;
    stale = atomic_exchange(entry, socket);
    if (stale != NULL)
        socket_release(stale);
    return 0;
}

struct netlink_socket *socket_table_remove(int fd)
{
    return socket_table_peek(fd) != NULL ? atomic_exchange(entry_of(fd), NULL) : NULL;
}

int socket_table_next(unsigned first, unsigned last)
{
    const unsigned end = SOCKET_TABLE_CHUNK * SOCKET_TABLE_CHUNKS;

    for (unsigned fd = first; fd <= last && fd < end; fd++) {
        if (socket_table_chunks[fd / SOCKET_TABLE_CHUNK] == NULL) {
            fd |= SOCKET_TABLE_CHUNK - 1; /* nothing in the whole chunk */
            continue;
        }
        if (socket_table_peek((int)fd) != NULL)
            return (int)fd;
    }
    return -1;
}

struct netlink_socket *socket_table_verify(int fd, struct netlink_socket *socket)
{
    int saved = errno;
    struct stat status;
    bool same = fstat(fd, &status) == 0 && status.st_ino == socket->inode &&
                status.st_dev == socket->device;

    errno = saved;
    if (__builtin_expect(same, 1))
        return socket;

    /* Closed by a system call that we do not see, and perhaps already another file. */
    if (socket_table_is_own()) {
        socket_table_entry *entry = entry_of(fd);

        if (entry != NULL && atomic_compare_exchange_strong(entry, &socket, NULL))
            socket_release(socket);
    }
    errno = saved;
    return NULL;
}
