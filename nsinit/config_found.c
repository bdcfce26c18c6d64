/*
 * config_found.c  [outside]  a container.json that lies there, and who wrote it
 *
 * In the everyday use of June 2014 the current folder is the container's /, and
 * holds its container.json: whatever runs in the container may write that file,
 * and the next start would do on the host what it says. So what is found is
 * data (libcontainer/configs/found_rules.c), and what is named is trusted:
 *
 *	--config FILE	is named
 *	$data_path	names a folder; its file is trusted, unless others may
 *			have written it: the folder is the rootfs or lies in it,
 *			or in what looks like one, for the file must not be
 *			asked which rootfs counts; it is where we stand; it, or
 *			one above it, is not only the caller's and root's
 *	.		is only where we stand
 */
#include "nsinit/nsinit.h"

#include "libcontainer/configs/defaults.h"
#include "libcontainer/configs/found_rules.h"
#include "libcontainer/rootless.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the file -------------------------------------------------------------*/

static bool is_of_caller(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

static int check_file(const struct stat *st, const char *path,
		      struct error *err)
{
	const char *fault = NULL;

	if (S_ISLNK(st->st_mode))
		fault = "is a symbolic link";
	else if (!S_ISREG(st->st_mode))
		fault = "is not a regular file";
	else if (st->st_mode & S_IWOTH)
		fault = "may be written by everybody";
	if (fault)
		return error_set(err, ERROR_CONFIG_INVALID, "%s %s", path,
				 fault);
	if (!is_of_caller(st))
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s belongs to user %u, not to root or to "
				 "the caller, user %u",
				 path, st->st_uid, geteuid());
	return 0;
}

/* Open path, which is container.json in the folder: the file that is looked at
 * is the one that is read, and one that fails is not even opened, for opening
 * is all that some devices need. Returns 0 when there is none. */
static int open_file(int folder, const char *path, struct stat *st, int *fd,
		     struct error *err)
{
	cleanup_close int place = openat(folder, "container.json",
					 O_PATH | O_NOFOLLOW | O_CLOEXEC);
	cleanup_free char *reopen = NULL;

	if (place < 0 && errno == ENOENT)
		return 0;
	if (place < 0 || fstat(place, st) < 0)
		return error_errno(err, "open %s", path);
	if (check_file(st, path, err) < 0)
		return -1;
	reopen = xasprintf("/proc/self/fd/%d", place);
	*fd = file_open(AT_FDCWD, reopen, 0, err);
	return *fd < 0 ? error_wrap(err, "%s", path) : 1;
}

/* --- the folder -----------------------------------------------------------*/

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A folder of root's or the caller's, in which nobody else may rename? Where
 * everybody may (/tmp), the sticky bit keeps them from what is not theirs. */
static bool is_kept(const struct stat *st)
{
	return is_of_caller(st) &&
	       (!(st->st_mode & (S_IWGRP | S_IWOTH)) || st->st_mode & S_ISVTX);
}

/* Has somebody's container had it for its /? In a running one these two cannot
 * be removed, for something is mounted on them. 1, 0 or -1. */
static int looks_like_root(int folder, const char *path, struct error *err)
{
	static const char *const names[] = { "proc", "sys" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (faccessat(folder, names[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return 1;
		if (errno != ENOENT)
			return error_errno(err, "look at %s, in or above %s",
					   names[i], path);
	}
	return 0;
}

/* From the folder up to /: is each kept, and none of them a rootfs? At path
 * there may be one that is known. 1, 0 or -1. */
static int is_apart(int folder, const char *data_dir, const char *rootfs,
		    struct error *err)
{
	cleanup_close int at = openat(folder, ".", O_PATH | O_CLOEXEC);
	struct stat wanted = { 0 }, here, top;

	if (rootfs && stat(rootfs, &wanted) < 0 && errno != ENOENT &&
	    errno != ENOTDIR)
		return error_errno(err, "rootfs: %s", rootfs);
	if (stat("/", &top) < 0)
		return error_errno(err, "look at /");
	for (;;) {
		int above, root;

		if (at < 0 || fstat(at, &here) < 0)
			return error_errno(err, "look above %s", data_dir);
		if (!is_kept(&here) || is_same_file(&here, &wanted))
			return 0;
		if (is_same_file(&here, &top))
			return 1;
		root = looks_like_root(at, data_dir, err);
		if (root)
			return root < 0 ? -1 : 0;
		above = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = above;
	}
}

/* May nobody but the caller, and root, have written the file? 1, 0 or -1. */
static int is_trusted(const struct options *o, int folder,
		      const struct stat *file, const struct config *config,
		      struct error *err)
{
	const mode_t others = S_IWGRP | S_IWOTH;
	const char *rootfs = o->rootfs ? o->rootfs : ".";
	struct stat st, here;
	int apart;

	if (!o->data_dir_named)
		return 0;
	if (fstat(folder, &st) < 0 || stat(".", &here) < 0)
		return error_errno(err, "look at the folder %s", o->data_dir);
	if (is_same_file(&st, &here) || ((st.st_mode | file->st_mode) & others))
		return 0;
	/* With --rootfs, the file's own is not used, but is one of somebody's.
	 */
	apart = is_apart(folder, o->data_dir, config->rootfs, err);
	if (apart > 0 && (o->rootfs || !config->rootfs))
		apart = is_apart(folder, o->data_dir, rootfs, err);
	return apart;
}

/* --- the config -----------------------------------------------------------*/

/* The template, as this caller may have it: the most that is harmless. */
static struct config *most_of(const struct options *o, struct error *err)
{
	struct config *most = config_default("/", "nsinit", "nsinit", o->id);

	if (rootless_adapt(most, NULL, err) == 0)
		return most;
	config_free(most);
	return NULL;
}

static int check_rootfs(const struct options *o, int folder,
			struct config *config, struct error *err)
{
	struct stat asked, own;

	if (!config->rootfs)
		return 0;
	if (fstat(folder, &own) < 0)
		return error_errno(err, "look at the folder %s", o->data_dir);
	if (stat(config->rootfs, &asked) < 0 || !is_same_file(&asked, &own))
		return error_set(err, ERROR_CONFIG_INVALID,
				 "rootfs: it is %s, not the folder of the file",
				 config->rootfs);
	free(config->rootfs);
	config->rootfs = xstrdup(o->data_dir);
	config->rootfs_device = own.st_dev;
	config->rootfs_inode = own.st_ino;
	return 0;
}

static int check_data(const struct options *o, int folder,
		      struct config *config, const char *path,
		      struct error *err)
{
	struct config *most = most_of(o, err);
	struct error why;
	int result;

	if (!most)
		return -1;
	result = config_check_found(config, most, &why);
	config_free(most);
	if (result == 0)
		result = check_rootfs(o, folder, config, &why);
	if (result < 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: %s; whoever ran in this folder may have "
				 "written that: to trust the file, name it by "
				 "--config",
				 path, why.message);
	/* They are what we choose ourselves. */
	free(config->cgroups.name);
	free(config->cgroups.parent);
	config->cgroups.name = config->cgroups.parent = NULL;
	return 0;
}

int config_found(const struct options *o, struct config **out,
		 struct error *err)
{
	cleanup_free char *path = xasprintf("%s/container.json", o->data_dir);
	cleanup_close int folder = open(o->data_dir_named ? o->data_dir : ".",
					O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = -1;
	struct config *config;
	struct stat st;
	int result;

	if (folder < 0)
		return error_errno(err, "open the folder %s", o->data_dir);
	result = open_file(folder, path, &st, &fd, err);
	if (result <= 0)
		return result;
	if (config_load_fd(fd, path, &config, err) < 0)
		return -1;
	result = is_trusted(o, folder, &st, config, err);
	if (result == 0)
		result = check_data(o, folder, config, path, err);
	if (result < 0) {
		config_free(config);
		return -1;
	}
	*out = config;
	return 1;
}
