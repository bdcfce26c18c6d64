/*
 * bind.c  [inside]  bind mounts: a file or folder of the host, in here
 *
 * A bind mount cannot be made read-only in one call: the flags of the first
 * mount(2) are ignored, a second one, MS_REMOUNT|MS_BIND, sets them, and for
 * that one mount alone. What is mounted below the source comes along (MS_REC)
 * with flags of its own: "rec_flags" are for the whole tree, which only
 * mount_setattr(2) can change.
 * Sources: mount(2), mount_setattr(2).
 */
#include "dockerinit/mount.h"
#include "dockerinit/relabel.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

static int open_target(const struct init *init, const struct mount *m,
		       int source_fd, struct error *err)
{
	cleanup_close int target_fd = -1;
	struct stat st;

	if (fstat(source_fd, &st) < 0)
		return error_errno(err, "stat %s", m->source);
	target_fd = rootfs_create(init->rootfs_fd, m->destination,
				  S_ISDIR(st.st_mode) ? S_IFDIR : S_IFREG, true,
				  err);
	if (target_fd < 0)
		return error_wrap(err, "bind %s", m->source);
	if (mount_check_target(init, m, target_fd, err) < 0)
		return -1;
	return steal_fd(&target_fd);
}

static int set_flags(const struct init *init, const struct mount *m, int fd,
		     struct error *err)
{
	if (mount_add_flags(init, fd, m->flags) < 0)
		return error_errno(err, "remount %s with its flags",
				   m->destination);
	if (m->rec_flags && mount_add_flags_below(fd, m->rec_flags) < 0)
		return error_errno(err,
				   "set the flags of %s and all mounts below "
				   "it (mount_setattr)",
				   m->destination);
	return 0;
}

int bind_mount(const struct init *init, const struct mount *m,
	       struct error *err)
{
	cleanup_close int source_fd = -1, target_fd = -1, fd = -1;

	source_fd = open(m->source, O_PATH | O_CLOEXEC);
	if (source_fd < 0)
		return error_errno(err, "bind %s on %s: open the source",
				   m->source, m->destination);
	target_fd = open_target(init, m, source_fd, err);
	if (target_fd < 0)
		return -1;
	if (mount_bind(init, source_fd, target_fd, m->flags & MS_REC) < 0)
		return error_errno(err, "bind %s on %s", m->source,
				   m->destination);
	fd = mount_reopen(init, m, true, err);
	if (fd < 0)
		return -1;
	if (!same_file(fd, source_fd))
		return error_answer(err, "bind %s on %s: another file is there",
				    m->source, m->destination);
	if (relabel(init, m, source_fd, err) < 0 ||
	    set_flags(init, m, fd, err) < 0)
		return -1;
	return steal_fd(&fd);
}
