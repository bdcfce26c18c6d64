/* directory.h  [outside]  a container's directory is its name-plate and lock */
#ifndef LIBCONTAINER_DIRECTORY_H
#define LIBCONTAINER_DIRECTORY_H

#include "libcontainer/system/error.h"

/*
 * directory_create - mkdir path (0700) and lock it, before anybody else can.
 * Returns its descriptor, the caller's; or -1, with ERROR_ID_IN_USE when there
 * is something at path. Closing the descriptor gives up the lock.
 */
int directory_create(const char *path, struct error *err);

/*
 * directory_open - open path when nobody is making or destroying it any
 * more; after a second of waiting for that, say so by waiting(id), which may be
 * NULL. Returns an unlocked descriptor, the caller's; or -1, with
 * ERROR_CONTAINER_NOT_EXISTS when there is none, or ERROR_INTERRUPTED when a
 * fatal signal ends the waiting (interrupt.h).
 */
int directory_open(const char *path, void (*waiting)(const char *id),
		   const char *id, struct error *err);

/* directory_is_at - is the open directory fd still the one at path? 1, 0, or -1
 * when the kernel does not tell. */
int directory_is_at(int fd, const char *path, struct error *err);

#endif
