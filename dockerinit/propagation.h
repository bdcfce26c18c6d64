/* propagation.h  [inside]  which mounts are seen across mount namespaces */
#ifndef DOCKERINIT_PROPAGATION_H
#define DOCKERINIT_PROPAGATION_H

#include "dockerinit/inside.h"

#include <sys/mount.h>

/* What mount(2) takes to change it; MS_REC may stand beside one of them. */
#define PROPAGATION_FLAGS (MS_SHARED | MS_SLAVE | MS_PRIVATE | MS_UNBINDABLE)

/*
 * propagation_separate - step 7: cut the way out to the host, for all mounts:
 * slave, or private where privatefs or rootPropagation says so. Only a shared
 * rootPropagation leaves the way open. Returns 0 or -1.
 */
int propagation_separate(const struct config *config, struct error *err);

/*
 * propagation_close_parent - step 7, with a shared rootPropagation: make the
 * mount that the rootfs lies in private, so that what is mounted on the rootfs
 * stays here, and pivot_root takes it. Needs proc_fd. Returns 0 or -1.
 */
int propagation_close_parent(const struct init *init, int rootfs_fd,
			     struct error *err);

/* propagation_set - step 8: what the entry asks for its mount, whose root fd
 * is. Returns 0 or -1. */
int propagation_set(const struct init *init, const struct mount *m, int fd,
		    struct error *err);

/* propagation_of_root - step 10: the config's rootPropagation, for the
 * container's own /. Returns 0 or -1. */
int propagation_of_root(const struct config *config, struct error *err);

#endif
