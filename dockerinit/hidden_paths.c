/*
 * hidden_paths.c  [inside]  read-only and masked paths
 *
 * Parts of /proc and /sys speak about the whole host and are not divided by
 * any namespace: /proc/sysrq-trigger, /proc/kcore, /proc/bus. They cannot be
 * removed, but mounts can cover them: a read-only bind of a path on itself
 * refuses writing, /dev/null over a file or an empty tmpfs over a directory
 * refuses reading. Without CAP_SYS_ADMIN nobody inside can take them off.
 *
 * Somebody may rename folders of the rootfs meanwhile. So what lies in the proc
 * and sysfs that step 8 has mounted is resolved below these mounts themselves,
 * and only there does "no such file" mean that this kernel has nothing to hide.
 * When all is done each path is looked up once more, as the container will, and
 * must be the place that was covered: what moved is an error, never a path that
 * stays open. What covers a file must be the real null device (CVE-2025-31133).
 */
#include "dockerinit/hidden_paths.h"

#include "dockerinit/devices.h"
#include "dockerinit/label.h"
#include "dockerinit/mount.h"
#include "dockerinit/mounted.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/configs/validate.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

/* A path that is to be hidden, and what is there. */
struct place {
	const char *path;
	struct mounted *in; /* the mount of ours that it is, or lies in; NULL */
	bool is_mount;	    /* ... it is that mount itself                    */
	int fd;		    /* -1: there is nothing                           */
};

static int moved(const char *path, struct error *err)
{
	return error_answer(err, "%s: it moved away meanwhile", path);
}

/* As the container will find it: 0 with *fd, which is -1 for nothing; or -1. */
static int look(const struct init *init, const char *path, int *fd,
		struct error *err)
{
	*fd = rootfs_open(init->rootfs_fd, path, O_PATH, true);
	if (*fd < 0 && errno != ENOENT)
		return error_errno(err, "open %s", path);
	errno = 0;
	return 0;
}

/* place->fd is the caller's. */
static int find(const struct init *init, const char *path, struct place *place,
		struct error *err)
{
	cleanup_free char *plain = path_plain(path);
	const char *below = "";

	*place = (struct place){ .path = path, .fd = -1 };
	place->in = mounted_find(init, plain, &below);
	place->is_mount = place->in && !*below;
	if (!place->in || place->is_mount) {
		if (look(init, path, &place->fd, err) < 0)
			return -1;
		if (place->is_mount &&
		    (place->fd < 0 || !mount_is_same(place->fd, place->in->fd)))
			return moved(path, err);
		return 0;
	}
	place->fd = resolve(place->in->fd, below, O_PATH,
			    RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
	if (place->fd >= 0 || errno == ENOENT)
		return 0;
	return error_errno(err, "open %s", path);
}

static int make_readonly(struct init *init, const char *path, struct error *err)
{
	cleanup_close int covered_fd = -1, fd = -1;
	struct place place;

	if (find(init, path, &place, err) < 0)
		return -1;
	covered_fd = place.fd;
	if (covered_fd < 0)
		return 0;
	/* / is a mount already, and what lay on it nobody would see. */
	if (same_file(covered_fd, init->rootfs_fd)) {
		if (mount_add_flags(init, init->rootfs_fd, MS_RDONLY) < 0)
			return error_errno(err, "make / read-only");
		return 0;
	}
	fd = mount_clone(covered_fd, covered_fd, true);
	if (fd < 0)
		return error_errno(err, "bind %s on itself", path);
	if (mount_add_flags(init, fd, MS_RDONLY) < 0)
		return error_errno(err, "make %s read-only", path);
	return mounted_carry(init, path, fd, err);
}

int paths_make_readonly(struct init *init, struct error *err)
{
	char *const *path = init->config->config->readonly_paths;

	for (; path && *path; path++)
		if (make_readonly(init, *path, err) < 0)
			return -1;
	return 0;
}

/* An empty directory over that one. Returns its descriptor or -1. */
static int mask_directory(const struct init *init, const struct place *place,
			  struct error *err)
{
	cleanup_free char *data = label_mount_data(init, "mode=0555");
	cleanup_close int fd = -1;
	struct place now;

	if (mount_on(init, "tmpfs", place->fd, "tmpfs",
		     MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, data) < 0)
		return error_errno(err, "mask %s with an empty directory",
				   place->path);
	if (!place->is_mount) {
		if (find(init, place->path, &now, err) < 0)
			return -1;
		fd = now.fd;
	} else if (look(init, place->path, &fd, err) < 0) {
		return -1;
	}
	if (fd < 0 || !mount_is_root(fd) || mount_is_same(fd, place->fd))
		return moved(place->path, err);
	return steal_fd(&fd);
}

/* The null device over that file. Returns its descriptor or -1. */
static int mask_file(const struct init *init, const struct place *place,
		     int *null_fd, struct error *err)
{
	int fd;

	if (*null_fd < 0)
		*null_fd = devices_open_null(init, err);
	if (*null_fd < 0)
		return error_wrap(err, "mask %s", place->path);
	fd = mount_clone(*null_fd, place->fd, false);
	if (fd < 0)
		return error_errno(err, "mask %s", place->path);
	return fd;
}

static int mask(struct init *init, const char *path, int *null_fd,
		struct error *err)
{
	cleanup_close int covered_fd = -1, fd = -1;
	struct place place;
	struct stat st;

	if (find(init, path, &place, err) < 0)
		return -1;
	covered_fd = place.fd;
	if (covered_fd < 0)
		return 0;
	if (fstat(covered_fd, &st) < 0)
		return error_errno(err, "stat %s", path);
	fd = S_ISDIR(st.st_mode) ? mask_directory(init, &place, err)
				 : mask_file(init, &place, null_fd, err);
	return fd < 0 ? -1 : mounted_cover(init, path, fd, err);
}

int paths_mask(struct init *init, struct error *err)
{
	char *const *path = init->config->config->mask_paths;
	cleanup_close int null_fd = -1;

	for (; path && *path; path++)
		if (mask(init, *path, &null_fd, err) < 0)
			return -1;
	return 0;
}

/* --- all of it once more -------------------------------------------------- */

/* Each 1, 0, or -1 with errno. */
static int is_masked(int fd)
{
	struct stat st;
	struct statfs fs;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return -1;
	if (!mount_is_root(fd))
		return errno ? -1 : 0;
	if (S_ISDIR(st.st_mode))
		return fs.f_type == TMPFS_MAGIC && (fs.f_flags & ST_RDONLY);
	if (devices_is_null(fd))
		return 1;
	return errno ? -1 : 0;
}

static int is_readonly(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return -1;
	if (!mount_is_root(fd))
		return errno ? -1 : is_masked(fd);
	return fs.f_flags & ST_RDONLY ? 1 : is_masked(fd);
}

/* Where both ways lead to nothing, there is nothing to hide. */
static int verify(const struct init *init, const char *path,
		  int (*is_hidden)(int fd), const char *what, struct error *err)
{
	cleanup_close int fd = -1, below_fd = -1;
	struct place place;
	int hidden;

	if (find(init, path, &place, err) < 0)
		return -1;
	below_fd = place.fd;
	if (look(init, path, &fd, err) < 0)
		return -1;
	if (fd < 0 && below_fd < 0)
		return 0;
	if (fd < 0 || below_fd < 0 || !mount_is_same(fd, below_fd))
		return moved(path, err);
	hidden = is_hidden(fd);
	if (hidden < 0)
		return error_errno(err, "see whether %s is %s", path, what);
	if (!hidden)
		return error_set(err, ERROR_SYSTEM,
				 "%s is not %s: it moved away meanwhile", path,
				 what);
	return 0;
}

/* Is the proc or sysfs at its path the one that was mounted there? */
static int verify_mount(const struct init *init, const struct mounted *m,
			struct error *err)
{
	cleanup_close int fd = -1;

	if (look(init, m->path, &fd, err) < 0)
		return -1;
	if (fd < 0 || !mount_is_same(fd, m->fd))
		return error_answer(err,
				    "at %s is another file than the %s that "
				    "was mounted there: it moved away "
				    "meanwhile",
				    m->path, m->mount->device);
	return 0;
}

int paths_verify(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;
	char *const *path;

	for (size_t i = 0; i < init->mounted_len; i++)
		if (verify_mount(init, &init->mounted[i], err) < 0)
			return -1;
	for (path = config->readonly_paths; path && *path; path++)
		if (verify(init, *path, is_readonly, "read-only", err) < 0)
			return -1;
	for (path = config->mask_paths; path && *path; path++)
		if (verify(init, *path, is_masked, "masked", err) < 0)
			return -1;
	return 0;
}
