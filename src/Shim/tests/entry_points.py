# SPDX-License-Identifier: MIT
"""Whether every function of the C library that takes a descriptor stands in entry-points.txt, and is what that says.

    entry_points.py LIBRARY [COMPILER]
"""

import os
import re
import subprocess
import sys

HEADERS = """aio.h dirent.h fcntl.h ifaddrs.h mqueue.h net/if.h netdb.h netinet/in.h poll.h pty.h rpc/rpc.h sched.h signal.h spawn.h stdio.h
stdlib.h sys/acct.h sys/epoll.h sys/eventfd.h sys/fanotify.h sys/file.h sys/inotify.h sys/io.h sys/ioctl.h sys/mman.h sys/mount.h sys/pidfd.h
sys/poll.h sys/quota.h sys/random.h sys/select.h sys/sendfile.h sys/signalfd.h sys/socket.h sys/stat.h sys/statfs.h sys/statvfs.h sys/time.h
sys/timerfd.h sys/types.h sys/uio.h sys/un.h sys/vfs.h sys/wait.h sys/xattr.h termios.h time.h unistd.h utime.h utmp.h wchar.h""".split()

# How the headers call a descriptor; what has it in a structure or a set is named here.
DESCRIPTOR = re.compile(r"\bint (__)?(fd\w*|fp|\w*_?fd\d?|fildes\w*|sockfd|s|dfd|dirfd|file_descriptor)\b")
HIDDEN = ["select", "pselect", "poll", "ppoll", "aio_read", "aio_write", "aio_read64", "aio_write64", "aio_fsync", "aio_fsync64", "lio_listio",
          "lio_listio64", "socket"]


def lines(*command, text=None):
    return subprocess.run(command, input=text, text=True, capture_output=True, check=True).stdout


def symbols(library):
    """The functions that a library exports, by address."""
    found = {}
    for line in lines("nm", "-D", "--defined-only", library).splitlines():
        address, kind, name = line.split()
        if kind in "TWi":
            found.setdefault(address, set()).add(name.split("@")[0])
    return found


def declared(compiler):
    source = "".join(f"#if __has_include(<{name}>)\n#include <{name}>\n#endif\n" for name in HEADERS)
    names = set()
    for options in (["-D_GNU_SOURCE"], ["-D_GNU_SOURCE", "-O2", "-D_FORTIFY_SOURCE=2"]):
        text = re.sub(r"\s+", " ", lines(compiler, "-E", "-P", *options, "-x", "c", "-", text=source))
        for match in re.finditer(r"(\w+) ?\(((?:[^()]|\([^()]*\))*)\)", text):
            if DESCRIPTOR.search(match.group(2)):
                names.add(match.group(1))
    return names


def main():
    library, compiler = sys.argv[1], (sys.argv[2:] or ["cc"])[0]
    with open(os.path.join(os.path.dirname(__file__), "entry-points.txt"), encoding="ascii") as table:
        classes = dict(line.split() for line in table if not line.startswith("#"))
    libc = symbols(re.search(r"libc\.so\.6 => (\S+)", lines("ldd", sys.executable)).group(1))
    exported = set().union(*libc.values())
    ours = set().union(*symbols(library).values())
    found = (declared(compiler) | set(HIDDEN)) & exported
    # A served function by another of its names would not be.
    for names in libc.values():
        if names & {name for name, kind in classes.items() if kind in ("served", "refused")}:
            found |= names
    problems = [f"{name} takes a descriptor and is not in the table" for name in sorted(found - set(classes))]
    for name, kind in classes.items():
        if name in exported and (kind in ("served", "refused")) != (name in ours):
            problems.append(f"{name} is called {kind}, and the library {'has' if name in ours else 'lacks'} it")
    print("\n".join(problems) if problems else f"{len(found)} functions, all known")
    return 1 if problems or len(found) < 150 else 0


sys.exit(main())
