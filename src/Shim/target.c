/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "target.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_SCRIPTS 5
#define MAX_HEADERS 64
#define MAX_SECTIONS 128

#if __SIZEOF_POINTER__ == 8
#define OWN_CLASS ELFCLASS64
#else
#define OWN_CLASS ELFCLASS32
#endif

/* The calls go past whatever is preloaded: this file is compiled into the shim and beside it. */
static int open_file(const char *path)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static void close_file(int fd)
{
    syscall(SYS_close, fd);
}

static bool read_at(int fd, void *bytes, size_t size, off_t offset)
{
    return pread(fd, bytes, size, offset) == (ssize_t)size;
}

/* Whether the dynamic linker will drop LD_PRELOAD, as it does where the program gains rights (AT_SECURE). */
static const char *gains_rights(int fd, const struct stat *status)
{
    struct statvfs mount;
    char capabilities[64];

    if (fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_NOSUID))
        return NULL;
    if ((status->st_mode & S_ISUID) && status->st_uid != getuid())
        return "is setuid";
    if ((status->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && status->st_gid != getgid())
        return "is setgid";
    if (getuid() != 0 && fgetxattr(fd, "security.capability", capabilities, sizeof(capabilities)) > 0)
        return "has file capabilities";
    return NULL;
}

static unsigned short own_machine(void)
{
    /* Of this very library: the start of its image. */
    extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

    return __ehdr_start.e_machine;
}

static bool is_go_note(int fd, const ElfW(Phdr) *segment)
{
    struct {
        ElfW(Nhdr) header;
        char name[4];
    } note;

    return segment->p_filesz >= sizeof(note) && read_at(fd, &note, sizeof(note), (off_t)segment->p_offset) &&
           note.header.n_namesz == 4 && memcmp(note.name, "Go\0", 4) == 0;
}

static bool has_go_section(int fd, const ElfW(Ehdr) *header)
{
    ElfW(Shdr) names, section;
    char name[16];

    if (header->e_shentsize != sizeof(section) || header->e_shstrndx >= header->e_shnum ||
        header->e_shnum > MAX_SECTIONS ||
        !read_at(fd, &names, sizeof(names), (off_t)(header->e_shoff + header->e_shstrndx * sizeof(section))))
        return false;
    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (!read_at(fd, &section, sizeof(section), (off_t)(header->e_shoff + i * sizeof(section))))
            return false;
        memset(name, 0, sizeof(name));
        if (pread(fd, name, sizeof(name) - 1, (off_t)(names.sh_offset + section.sh_name)) > 0 &&
            strcmp(name, ".go.buildinfo") == 0)
            return true;
    }
    return false;
}

static bool is_linker(const char *path)
{
    const char *name = strrchr(path, '/');

    name = name != NULL ? name + 1 : path;
    return strncmp(name, "ld-linux", 8) == 0 || strncmp(name, "ld-musl", 7) == 0 || strncmp(name, "ld.so", 5) == 0;
}

static const char *judge_elf(int fd, const char *path)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    bool dynamic = false, go = false;

    if (!read_at(fd, &header, sizeof(header), 0) || header.e_ident[EI_CLASS] != OWN_CLASS ||
        header.e_machine != own_machine())
        return "is built for another architecture";
    if (header.e_phentsize != sizeof(segment) || header.e_phnum > MAX_HEADERS)
        return "is no program that can be judged";
    for (unsigned i = 0; i < header.e_phnum; i++) {
        if (!read_at(fd, &segment, sizeof(segment), (off_t)(header.e_phoff + i * sizeof(segment))))
            return "is no program that can be judged";
        if (segment.p_type == PT_INTERP) {
            char linker[256] = "";

            dynamic = true;
            if (segment.p_filesz < sizeof(linker))
                (void)!pread(fd, linker, segment.p_filesz, (off_t)segment.p_offset);
#ifdef __GLIBC__
            if (strstr(linker, "ld-musl") != NULL)
                return "is built for another C library (musl)";
#else
            if (strstr(linker, "ld-linux") != NULL)
                return "is built for another C library (glibc)";
#endif
        }
        go = go || (segment.p_type == PT_NOTE && is_go_note(fd, &segment));
    }
    /* The dynamic linker, run as a program, does as it is told by the environment. */
    if (!dynamic)
        return is_linker(path) ? NULL : "is statically linked";
    if (go || has_go_section(fd, &header))
        return "is a Go program, which calls the kernel itself";
    return NULL;
}

/* The interpreter that a script names: "env NAME" is looked up as env does. False where it names none. */
static bool interpreter_of(char *line, char *path, size_t size)
{
    char *rest, *word = strtok_r(line, " \t\n", &rest);
    const char *name;

    if (word == NULL)
        return false;
    name = strrchr(word, '/');
    if (name != NULL && strcmp(name, "/env") == 0) {
        do
            word = strtok_r(NULL, " \t\n", &rest);
        while (word != NULL && (word[0] == '-' || strchr(word, '=') != NULL));
        return word != NULL && target_find(word, getenv("PATH"), path, size);
    }
    return snprintf(path, size, "%s", word) < (int)size;
}

bool target_find(const char *command, const char *folders, char *path, size_t size)
{
    struct stat status;

    if (strchr(command, '/') != NULL)
        return snprintf(path, size, "%s", command) < (int)size;
    if (folders == NULL)
        folders = "/bin:/usr/bin";
    for (;;) {
        const char *end = strchrnul(folders, ':');

        if (snprintf(path, size, "%.*s%s%s", (int)(end - folders), folders, end == folders ? "" : "/", command) <
                (int)size &&
            access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode))
            return true;
        if (*end == '\0')
            return false;
        folders = end + 1;
    }
}

static const char *judge_file(int fd, const char *path, char *next, size_t size)
{
    char start[256] = "";
    struct stat status;

    next[0] = '\0';
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || pread(fd, start, sizeof(start) - 1, 0) < 2)
        return NULL; /* that it cannot be run is said by whoever runs it */
    if (start[0] == '#' && start[1] == '!') {
        if (!interpreter_of(start + 2, next, size))
            next[0] = '\0';
        return NULL; /* the kernel ignores a script's setuid bit */
    }
    if (memcmp(start, ELFMAG, SELFMAG) != 0)
        return NULL; /* a script without a first line: a shell runs it */
    const char *why = judge_elf(fd, path);
    return why != NULL ? why : gains_rights(fd, &status);
}

const char *target_judge(const char *path, char *culprit, size_t size)
{
    char next[TARGET_PATH_MAX];

    snprintf(culprit, size, "%s", path);
    for (int depth = 0; depth < MAX_SCRIPTS; depth++) {
        const char *why;
        int fd = open_file(culprit);

        if (fd < 0) {
            struct stat status;

            /* One may be allowed to run what one may not read. The dynamic linker's rule for those is not known here. */
            return errno == EACCES && access(culprit, X_OK) == 0 && stat(culprit, &status) == 0 && S_ISREG(status.st_mode)
                       ? "cannot be read, so what it is cannot be told"
                       : NULL;
        }
        why = judge_file(fd, culprit, next, sizeof(next));
        close_file(fd);
        if (why != NULL || next[0] == '\0')
            return why;
        snprintf(culprit, size, "%s", next);
    }
    return NULL;
}
