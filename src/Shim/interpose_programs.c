/* SPDX-License-Identifier: MIT
 *
 * What a served program starts is served too: the variables that carry us are put back where a child's
 * environment has lost them, and a program that would not load us is refused, or named, before it runs.
 * Everything here may run between vfork and exec: it allocates nothing and writes only its own stack. */
#define _GNU_SOURCE
#include "configuration.h"
#include "real.h"
#include "target.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

extern char **environ;

/* At most: LD_PRELOAD, RTNL_SOCKET, RTNL_NETNS, RTNL_UNSERVED. */
#define ADDED 4

static const char *value_of(char *const *variables, const char *name)
{
    const size_t length = strlen(name);

    for (; variables != NULL && *variables != NULL; variables++)
        if (strncmp(*variables, name, length) == 0 && (*variables)[length] == '=')
            return *variables + length + 1;
    return NULL;
}

static bool lists(const char *preloads, const char *library)
{
    const size_t length = strlen(library);

    while (preloads != NULL && *preloads != '\0') {
        size_t word = strcspn(preloads, " :");

        if (word == length && strncmp(preloads, library, length) == 0)
            return true;
        preloads += word;
        preloads += strspn(preloads, " :");
    }
    return false;
}

static size_t count_of(char *const *list)
{
    size_t count = 0;

    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

/* The bytes that the added variables take at most. */
static size_t room_for(char *const *variables)
{
    const struct configuration *settings = configuration();
    const char *preloads = value_of(variables, "LD_PRELOAD");

    return strlen(settings->library) + (preloads != NULL ? strlen(preloads) : 0) +
           strlen(settings->server.sun_path) + strlen(settings->netns) + strlen(settings->unserved) + 128;
}

/* Copies the variables, with what was lost. An RTNL_SOCKET that is set to nothing switches us off on purpose. */
static void complete(char *const *variables, char **whole, char *room, size_t size)
{
    const struct configuration *settings = configuration();
    const char *socket = value_of(variables, "RTNL_SOCKET");
    const char *preloads = value_of(variables, "LD_PRELOAD");
    const bool missing = socket == NULL;
    size_t count = 0;
    int used;

    if (missing || *socket != '\0') {
        if (!lists(preloads, settings->library)) {
            used = snprintf(room, size, "LD_PRELOAD=%s%s%s", settings->library,
                            preloads != NULL && *preloads != '\0' ? ":" : "", preloads != NULL ? preloads : "") + 1;
            whole[count++] = room;
            room += used;
            size -= (size_t)used;
        } else {
            preloads = NULL; /* stays as it is */
        }
        if (missing) {
            used = snprintf(room, size, "RTNL_SOCKET=%s", settings->server.sun_path) + 1;
            whole[count++] = room;
            room += used;
            size -= (size_t)used;
            if (settings->netns[0] != '\0' && value_of(variables, "RTNL_NETNS") == NULL) {
                used = snprintf(room, size, "RTNL_NETNS=%s", settings->netns) + 1;
                whole[count++] = room;
                room += used;
                size -= (size_t)used;
            }
        }
        if (settings->unserved[0] != '\0' && value_of(variables, "RTNL_UNSERVED") == NULL) {
            snprintf(room, size, "RTNL_UNSERVED=%s", settings->unserved);
            whole[count++] = room;
        }
    } else {
        preloads = NULL;
    }
    for (; variables != NULL && *variables != NULL; variables++)
        /* Ours comes first, and programs take the first of two. */
        if (preloads == NULL || strncmp(*variables, "LD_PRELOAD=", 11) != 0)
            whole[count++] = *variables;
    whole[count] = NULL;
}

/* 0, or EACCES for what must not run. */
static int judge(const char *path, char *const *variables)
{
    const char *socket = value_of(variables, "RTNL_SOCKET");
    char culprit[TARGET_PATH_MAX], line[TARGET_PATH_MAX + 256];
    const enum unserved policy = configuration_unserved();
    const char *why;
    int length;

    if (policy == UNSERVED_ALLOW || (socket != NULL && *socket == '\0'))
        return 0;
    why = target_judge(path, culprit, sizeof(culprit));
    if (why == NULL)
        return 0;
    length = snprintf(line, sizeof(line),
                      "rtnl: %s %s: it cannot be served, and would reach the machine's own kernel%s\n", culprit, why,
                      policy == UNSERVED_REFUSE ? "; not run (RTNL_UNSERVED=allow runs it)" : "");
    (void)!REAL(write)(STDERR_FILENO, line, (size_t)length);
    return policy == UNSERVED_REFUSE ? EACCES : 0;
}

static int refuse(int error)
{
    errno = error;
    return -1;
}

#define WITH_WHOLE(variables, whole)                                                            \
    char **whole = alloca((count_of(variables) + ADDED + 1) * sizeof(*whole));                  \
    const size_t whole##_size = room_for(variables);                                            \
    complete(variables, whole, alloca(whole##_size), whole##_size)

static int run_path(const char *path, char *const *arguments, char *const *variables)
{
    if (!configuration_enabled())
        return REAL(execve)(path, arguments, variables);
    WITH_WHOLE(variables, whole);
    int error = judge(path, variables);

    return error != 0 ? refuse(error) : REAL(execve)(path, arguments, whole);
}

static int run_command(const char *command, char *const *arguments, char *const *variables)
{
    char path[TARGET_PATH_MAX];

    if (!configuration_enabled())
        return REAL(execvpe)(command, arguments, variables);
    WITH_WHOLE(variables, whole);
    int error = target_find(command, getenv("PATH"), path, sizeof(path)) ? judge(path, variables) : 0;

    return error != 0 ? refuse(error) : REAL(execvpe)(command, arguments, whole);
}

EXPORT int execve(const char *path, char *const arguments[], char *const variables[])
{
    return run_path(path, arguments, variables);
}

EXPORT int execv(const char *path, char *const arguments[])
{
    return run_path(path, arguments, environ);
}

EXPORT int execvp(const char *command, char *const arguments[])
{
    return run_command(command, arguments, environ);
}

EXPORT int execvpe(const char *command, char *const arguments[], char *const variables[])
{
    return run_command(command, arguments, variables);
}

/* The arguments up to NULL as a vector on the caller's stack; what follows them stays to be read. */
#define GATHER(first, vector, rest)                                                             \
    va_list rest, counted;                                                                      \
    size_t gathered = 1;                                                                        \
    va_start(rest, first);                                                                      \
    va_copy(counted, rest);                                                                     \
    while (va_arg(counted, char *) != NULL)                                                     \
        gathered++;                                                                             \
    va_end(counted);                                                                            \
    char **vector = alloca((gathered + 1) * sizeof(*vector));                                   \
    vector[0] = (char *)(first);                                                                \
    for (size_t i = 1; i <= gathered; i++)                                                      \
        vector[i] = va_arg(rest, char *)

EXPORT int execl(const char *path, const char *first, ...)
{
    GATHER(first, vector, rest);
    va_end(rest);
    return run_path(path, vector, environ);
}

EXPORT int execlp(const char *command, const char *first, ...)
{
    GATHER(first, vector, rest);
    va_end(rest);
    return run_command(command, vector, environ);
}

EXPORT int execle(const char *path, const char *first, ...)
{
    GATHER(first, vector, rest);
    char *const *variables = va_arg(rest, char *const *);

    va_end(rest);
    return run_path(path, vector, variables);
}

EXPORT int fexecve(int fd, char *const arguments[], char *const variables[])
{
    char path[64];

    if (!configuration_enabled())
        return REAL(fexecve)(fd, arguments, variables);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    WITH_WHOLE(variables, whole);
    int error = judge(path, variables);

    return error != 0 ? refuse(error) : REAL(fexecve)(fd, arguments, whole);
}

EXPORT int execveat(int folder, const char *name, char *const arguments[], char *const variables[], int flags)
{
    char path[TARGET_PATH_MAX];

    if (!configuration_enabled())
        return REAL(execveat)(folder, name, arguments, variables, flags);
    if (name[0] == '/' || (folder == AT_FDCWD && name[0] != '\0'))
        snprintf(path, sizeof(path), "%s", name);
    else
        snprintf(path, sizeof(path), "/proc/self/fd/%d%s%s", folder, name[0] != '\0' ? "/" : "", name);
    WITH_WHOLE(variables, whole);
    int error = judge(path, variables);

    return error != 0 ? refuse(error) : REAL(execveat)(folder, name, arguments, whole, flags);
}

EXPORT int posix_spawn(pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const arguments[], char *const variables[])
{
    if (!configuration_enabled())
        return REAL(posix_spawn)(process, path, actions, attributes, arguments, variables);
    WITH_WHOLE(variables, whole);
    int error = judge(path, variables);

    return error != 0 ? error : REAL(posix_spawn)(process, path, actions, attributes, arguments, whole);
}

EXPORT int posix_spawnp(pid_t *process, const char *command, const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes, char *const arguments[], char *const variables[])
{
    char path[TARGET_PATH_MAX];

    if (!configuration_enabled())
        return REAL(posix_spawnp)(process, command, actions, attributes, arguments, variables);
    WITH_WHOLE(variables, whole);
    int error = target_find(command, getenv("PATH"), path, sizeof(path)) ? judge(path, variables) : 0;

    return error != 0 ? error : REAL(posix_spawnp)(process, command, actions, attributes, arguments, whole);
}
