/* SPDX-License-Identifier: MIT
 *
 * How `rtnl exec` runs its program: what the tool's runtime cannot do. A signal's sender is only known
 * inside its handler, and a child must be tied to its parent between fork and exec. */
#define _GNU_SOURCE
#include "../target.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static const int forwarded[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

enum { WAITING = 0, OVER = -1 };

static volatile pid_t child = WAITING;
static volatile sig_atomic_t early; /* a signal that came before there was a program */

static void forward(int number, siginfo_t *info, void *context)
{
    int saved = errno;

    (void)context;
    if (child == WAITING)
        early = number;
    /* A key of the terminal has reached the program already, which is of our process group. */
    else if (child > 0 && info->si_code != SI_KERNEL)
        kill(child, number);
    errno = saved;
}

static void all_forwarded(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
        sigaddset(set, forwarded[i]);
}

/* From here on a signal does not end the tool: it is for the program. One that was ignored stays so. */
EXPORT void rtnl_launch_prepare(void)
{
    struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};

    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++) {
        struct sigaction old;

        if (sigaction(forwarded[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(forwarded[i], &action, NULL);
    }
}

/* The same as target_find and target_judge, for a command as it is given. 1: not found. */
EXPORT int rtnl_launch_judge(const char *command, char *path, char *culprit, size_t size, const char **why)
{
    *why = NULL;
    if (!target_find(command, getenv("PATH"), path, size))
        return 1;
    *why = target_judge(path, culprit, size);
    return 0;
}

EXPORT void rtnl_launch_set(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void run_in_child(const char *path, char **arguments, pid_t parent, const sigset_t *mask, int report)
{
    struct sigaction standard = {.sa_handler = SIG_DFL};
    int error;

    /* Whoever kills the tool outright leaves a program without its server: it is asked to end. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    /* Handlers go with exec; this one is ignored by the tool's runtime. */
    sigaction(SIGPIPE, &standard, NULL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execv(path, arguments);
    if (errno == ENOEXEC) {
        size_t count = 0;

        while (arguments[count] != NULL)
            count++;
        char *shell[count + 2];

        shell[0] = (char *)"sh";
        shell[1] = (char *)path;
        memcpy(shell + 2, arguments + 1, count * sizeof(*shell));
        execv("/bin/sh", shell);
    }
    error = errno;
    (void)!write(report, &error, sizeof(error));
    _exit(127);
}

/* Runs the program to its end. Its status as of waitpid; a signal that came before it began is the
 * status of a program that died of it. -1 and *error when it could not be started. */
EXPORT int rtnl_launch_run(const char *path, char **arguments, int *error)
{
    const pid_t parent = getpid();
    sigset_t blocked, mask;
    int report[2], status = 0;
    pid_t started;

    *error = 0;
    if (pipe2(report, O_CLOEXEC) != 0) {
        *error = errno;
        return -1;
    }
    all_forwarded(&blocked);
    pthread_sigmask(SIG_BLOCK, &blocked, &mask);
    if (early != 0) {
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
        return early;
    }
    started = fork();
    if (started == 0)
        run_in_child(path, arguments, parent, &mask, report[1]);
    if (started < 0)
        *error = errno;
    child = started > 0 ? started : OVER;
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    close(report[1]);
    if (started < 0)
        return -1;
    if (early != 0)
        kill(started, early); /* on another thread, while the program began */

    if (read(report[0], error, sizeof(*error)) != (ssize_t)sizeof(*error))
        *error = 0;
    close(report[0]);
    while (waitpid(started, &status, 0) < 0 && errno == EINTR)
        ;
    child = OVER;
    return *error != 0 ? -1 : status;
}
