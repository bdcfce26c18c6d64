/*
 * mounted.c  [inside]  what step 8 has mounted, held until it is finished
 *
 * A path of the rootfs means another thing as soon as somebody renames a
 * folder in it. Who looks a mount up again by its path may find an empty
 * folder there, hide nothing in it, and be content. So the descriptors of those
 * mounts that are not finished yet are kept, and what is still to be done to
 * them is done below these.
 */
#include "dockerinit/mounted.h"

#include "dockerinit/mount.h"

#include "libcontainer/configs/validate.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>

/* The part of path below parent: "", "sys/net"; NULL when it is not below. */
static const char *below(const char *path, const char *parent)
{
	size_t len = strlen(parent);

	if (strncmp(path, parent, len) != 0)
		return NULL;
	if (path[len] == '\0')
		return path + len;
	return path[len] == '/' ? path + len + 1 : NULL;
}

static void forget(struct mounted *m)
{
	close(m->fd);
	free(m->path);
}

/* Those below path, and at path if it is said, cannot be seen any more. */
static void forget_covered(struct init *init, const char *path, bool at_path)
{
	size_t kept = 0;

	for (size_t i = 0; i < init->mounted_len; i++) {
		const char *rest = below(init->mounted[i].path, path);

		if (rest && (at_path || *rest))
			forget(&init->mounted[i]);
		else
			init->mounted[kept++] = init->mounted[i];
	}
	init->mounted_len = kept;
}

static bool holds_hidden_paths(const struct mounted *m)
{
	return strcmp(m->mount->device, "tmpfs") != 0;
}

int mounted_keep(struct init *init, const struct mount *m, int fd,
		 struct error *err)
{
	cleanup_free char *path = path_plain(m->destination);
	bool becomes_readonly =
		strcmp(m->device, "tmpfs") == 0 && (m->flags & MS_RDONLY);
	struct statfs fs;
	int held;

	if (fstatfs(fd, &fs) < 0)
		return error_errno(err, "statfs %s", m->destination);
	forget_covered(init, path, true);
	if (fs.f_type != PROC_SUPER_MAGIC && fs.f_type != SYSFS_MAGIC &&
	    !becomes_readonly)
		return 0;
	held = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (held < 0)
		return error_errno(err, "hold %s", m->destination);
	init->mounted = xreallocarray(init->mounted, init->mounted_len + 1,
				      sizeof(*init->mounted));
	init->mounted[init->mounted_len++] =
		(struct mounted){ m, steal_ptr(&path), held };
	return 0;
}

struct mounted *mounted_find(const struct init *init, const char *path,
			     const char **rest)
{
	struct mounted *found = NULL;

	for (size_t i = 0; i < init->mounted_len; i++) {
		struct mounted *m = &init->mounted[i];
		const char *part = below(path, m->path);

		if (!part || !holds_hidden_paths(m) ||
		    (found && strlen(m->path) < strlen(found->path)))
			continue;
		found = m;
		*rest = part;
	}
	return found;
}

/* Hold fd in the place of what m holds. */
static int replace(struct mounted *m, int fd, struct error *err)
{
	if (dup3(fd, m->fd, O_CLOEXEC) < 0)
		return error_errno(err, "hold %s", m->path);
	return 0;
}

/* A copy of a mount shows the same file system: its root tells. */
static int find_copy(struct mounted *m, int tree_fd, const char *rest,
		     struct error *err)
{
	cleanup_close int fd = resolve(tree_fd, rest, O_PATH,
				       RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);

	if (fd < 0)
		return error_errno(err, "open %s", m->path);
	if (!same_file(fd, m->fd) || !mount_is_root(fd))
		return error_answer(err, "%s: it moved away meanwhile",
				    m->path);
	return replace(m, fd, err);
}

int mounted_carry(struct init *init, const char *path, int fd,
		  struct error *err)
{
	cleanup_free char *plain = path_plain(path);

	for (size_t i = 0; i < init->mounted_len; i++) {
		struct mounted *m = &init->mounted[i];
		const char *rest = below(m->path, plain);

		if (rest && (*rest ? find_copy(m, fd, rest, err) < 0
				   : replace(m, fd, err) < 0))
			return -1;
	}
	return 0;
}

int mounted_cover(struct init *init, const char *path, int fd,
		  struct error *err)
{
	cleanup_free char *plain = path_plain(path);

	forget_covered(init, plain, false);
	return mounted_carry(init, path, fd, err);
}

void mounted_close(struct init *init)
{
	for (size_t i = 0; i < init->mounted_len; i++)
		forget(&init->mounted[i]);
	free(init->mounted);
	init->mounted = NULL;
	init->mounted_len = 0;
}
