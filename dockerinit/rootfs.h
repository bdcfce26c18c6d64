/*
 * rootfs.h  [inside]  paths that stay inside the rootfs
 *
 * An image is hostile: any part of a path in it may be a symbolic link to the
 * host's files, now or a moment later. So a path is never given to the kernel
 * as a string; it is resolved here once, as if the rootfs were / already, and
 * what follows works on the descriptor.
 */
#ifndef DOCKERINIT_ROOTFS_H
#define DOCKERINIT_ROOTFS_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * rootfs_open - open(2) path below root_fd. Absolute paths, absolute links and
 * ".." stop at the root; the magic links of /proc are refused. flags: as for
 * resolve (resolve.h), O_NOFOLLOW means the last part. links: false
 * refuses every symbolic link (ELOOP). Returns a close-on-exec descriptor, the
 * caller's, or -1 with errno.
 */
int rootfs_open(int root_fd, const char *path, int flags, bool links);

/*
 * rootfs_create - open path (O_PATH) below root_fd, after creating what is
 * missing of it: directories with 0755, and the last part as a directory or,
 * with type S_IFREG, as an empty file. Returns the descriptor, or -1 and *err.
 */
int rootfs_create(int root_fd, const char *path, mode_t type, bool links,
		  struct error *err);

/*
 * rootfs_parent - the directory that path's last part is in, created when
 * missing, and that part in *name (the caller's: free()). A path that ends in
 * "/", "." or ".." has none. Returns the descriptor, or -1 and *err.
 */
int rootfs_parent(int root_fd, const char *path, char **name,
		  struct error *err);

#endif
