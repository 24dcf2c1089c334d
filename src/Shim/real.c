/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "real.h"

#include <dlfcn.h>

struct real_functions real;

void real_resolve(void)
{
    /* ISO C has no cast from object to function pointer; POSIX promises that this store works. */
#define X(type, name, arguments) *(void **)&real.name = dlsym(RTLD_NEXT, #name);
    REAL_FUNCTIONS(X)
#undef X
}
