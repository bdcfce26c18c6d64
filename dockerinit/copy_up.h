/* copy_up.h  [inside]  what a new tmpfs hides, copied into it */
#ifndef DOCKERINIT_COPY_UP_H
#define DOCKERINIT_COPY_UP_H

#include "libcontainer/system/error.h"

/*
 * copy_up - copy all that is below the directory from_fd to to_fd, an empty
 * one: files, directories, links, fifos, sockets and devices, with owner, mode
 * and times. Links are copied, not followed; other file systems mounted below
 * from_fd are left out. Either descriptor may be O_PATH. Returns 0 or -1; what
 * was copied stays.
 */
int copy_up(int from_fd, int to_fd, struct error *err);

#endif
