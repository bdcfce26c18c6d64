/* relabel.h  [inside]  SELinux labels for what a bind mount brings in */
#ifndef DOCKERINIT_RELABEL_H
#define DOCKERINIT_RELABEL_H

#include "dockerinit/inside.h"

/*
 * relabel - give source_fd, the source of the bind m, and all below it the
 * config's mount label: for "Z" as it is, for "z" with the level s0, so that
 * other containers may use it, too. Nothing without m->relabel; a note where
 * SELinux does not run. Returns 0 or -1.
 */
int relabel(const struct init *init, const struct mount *m, int source_fd,
	    struct error *err);

/* relabel_shared - a label (user:role:type:level) with the level s0; the
 * caller's: free(). */
char *relabel_shared(const char *label);

#endif
