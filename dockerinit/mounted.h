/* mounted.h  [inside]  what step 8 has mounted, held until it is finished */
#ifndef DOCKERINIT_MOUNTED_H
#define DOCKERINIT_MOUNTED_H

#include "dockerinit/inside.h"

/* A mount of config.mounts that a later step still has to do with: proc and
 * sysfs, in which paths are hidden (10b), and a tmpfs that becomes read-only
 * (9). */
struct mounted {
	const struct mount *mount; /* the config's                       */
	char *path;		   /* its destination, plain             */
	int fd;			   /* its root, O_PATH                   */
};

/*
 * mounted_keep - hold the mount m, whose root fd is, if a later step will need
 * it; what it covers is held no longer. fd stays the caller's. Returns 0 or -1.
 */
int mounted_keep(struct init *init, const struct mount *m, int fd,
		 struct error *err);

/*
 * mounted_find - the proc or sysfs of ours that path lies in, or NULL. path is
 * plain (path_plain); *below is the rest of it, without a slash at its
 * beginning, and "" for the mount itself.
 */
struct mounted *mounted_find(const struct init *init, const char *path,
			     const char **below);

/*
 * mounted_carry - the tree of mounts at path was bound on itself, and fd is the
 * root of the new one: those in it are from now on what is seen there. Returns
 * 0, or -1 when one is not there.
 */
int mounted_carry(struct init *init, const char *path, int fd,
		  struct error *err);

/*
 * mounted_cover - a mount without anything in it, whose root fd is, was made at
 * path: it stands for what was there, and those below are seen no more. Returns
 * 0 or -1.
 */
int mounted_cover(struct init *init, const char *path, int fd,
		  struct error *err);

/* mounted_close - let go of all of them. */
void mounted_close(struct init *init);

#endif
