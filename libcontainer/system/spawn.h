/* spawn.h  [both]  run a helper program to its end */
#ifndef LIBCONTAINER_SYSTEM_SPAWN_H
#define LIBCONTAINER_SYSTEM_SPAWN_H

#include "libcontainer/system/error.h"

/*
 * spawn_wait - run argv[0], found in PATH, and wait until it ends. Its stdin
 * is /dev/null, its other descriptors are closed, no signal is blocked. Returns
 * 0 when it succeeded. On failure -1, and *err is "NAME: " with the last line
 * it printed, or how it ended; errnum is ENOENT when there is no such program.
 */
int spawn_wait(char *const argv[], struct error *err);

#endif
