/*
 * resolve.h  [both]  openat2(2): a path that cannot lead astray
 *
 * What the kernel resolves under RESOLVE_ rules is safe against whoever
 * renames meanwhile; a walk of our own, part by part, would be a second truth
 * beside it. So there is none: without openat2 (Linux 5.6) nothing starts.
 */
#ifndef LIBCONTAINER_SYSTEM_RESOLVE_H
#define LIBCONTAINER_SYSTEM_RESOLVE_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * resolve - open(2) path from dir_fd under the rules of openat2(2) (rules:
 * RESOLVE_ flags). No file is created. Where it is opened for more than its
 * place (no O_PATH), O_NONBLOCK and O_NOCTTY are added: an image may have a
 * fifo there, or a terminal. Returns a close-on-exec descriptor, the caller's,
 * or -1 with errno. Source: openat2(2).
 */
int resolve(int dir_fd, const char *path, int flags, uint64_t rules);

/*
 * resolve_is_possible - ask the kernel whether it has openat2(2) and lets us
 * call it: a system call filter may refuse it. Returns 0, or -1 and the one
 * line that every start without it ends with.
 */
int resolve_is_possible(struct error *err);

/* same_file - do both descriptors show one file, of one file system? false
 * also when the kernel cannot be asked; errno then says why, else it is 0. */
bool same_file(int a, int b);

#endif
