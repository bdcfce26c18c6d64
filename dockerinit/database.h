/* database.h  [inside]  /etc/passwd and /etc/group of an image */
#ifndef DOCKERINIT_DATABASE_H
#define DOCKERINIT_DATABASE_H

#include "dockerinit/inside.h"

/*
 * database_read - the text of a file of users or groups, by its path in the
 * container; "" when there is none, or it is masked. *text is the caller's:
 * free(). Returns 0, or -1 when it is no ordinary file (a fifo, a device, a
 * file of /proc or /sys).
 */
int database_read(const struct init *init, const char *path, char **text,
		  struct error *err);

#endif
