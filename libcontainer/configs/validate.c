/* validate.c  [both]  the rules a config must obey before anything is made
 *
 * factory.Create's first act (the chapter). libcontainer v2.2.1 had five
 * rules: rootfs, network, hostname, security, user namespace; runc added
 * sysctls, mounts and duplicates. All of them protect the host: whatever
 * would be done to a namespace that the container does not have would be done
 * to the host's own. Each message begins with the JSON path of the culprit.
 */
#include "libcontainer/configs/validate.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool path_has_dotdot(const char *path)
{
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += strspn(p, "/");
		if (!strncmp(p, "..", 2) && (p[2] == '/' || !p[2]))
			return true;
	}
	return false;
}

bool path_is_safe(const char *path)
{
	return path && path[0] == '/' && !path_has_dotdot(path);
}

/* --- what needs a namespace ----------------------------------------------*/

static bool has_namespace(const struct config *config, int type)
{
	return config_namespace(config, type) != NULL;
}

/* What needs which. Without it the host would be changed; and a joined mount
 * namespace is somebody else's to change. */
static int check_needs(const struct config *config, struct error *err)
{
	bool rootfs = config->rootfs && strcmp(config->rootfs, "/") != 0;
	const struct {
		const char *key;
		bool asked;
		int type;
	} needs[] = {
		{ "networks", config->networks_len > 0, CLONE_NEWNET },
		{ "routes", config->routes_len > 0, CLONE_NEWNET },
		{ "hostname", config->hostname && *config->hostname,
		  CLONE_NEWUTS },
		{ "rootfs", rootfs, CLONE_NEWNS },
		{ "readonlyfs", config->readonlyfs, CLONE_NEWNS },
		{ "mounts", config->mounts_len > 0, CLONE_NEWNS },
		{ "devices", config->devices_len > 0, CLONE_NEWNS },
		{ "mask_paths", config->mask_paths && *config->mask_paths,
		  CLONE_NEWNS },
		{ "readonly_paths",
		  config->readonly_paths && *config->readonly_paths,
		  CLONE_NEWNS },
		{ "uid_mappings", config->uid_mappings_len > 0, CLONE_NEWUSER },
		{ "gid_mappings", config->gid_mappings_len > 0, CLONE_NEWUSER },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const char *name =
			number_to_name(namespace_names, needs[i].type);

		if (!needs[i].asked)
			continue;
		if (!has_namespace(config, needs[i].type))
			return invalid(err, "%s: needs %s in namespaces",
				       needs[i].key, name);
		if (needs[i].type == CLONE_NEWNS &&
		    !config_makes_namespace(config, CLONE_NEWNS))
			return invalid(err,
				       "%s: needs a %s of its own, not one "
				       "that is joined",
				       needs[i].key, name);
	}
	return 0;
}

/* --- rootfs ---------------------------------------------------------------*/

/* Say where path leads: a name that a link, a slash too many or ".." makes is
 * not the name of a rootfs. */
static int another_name(const char *rootfs, struct error *err)
{
	cleanup_free char *real = realpath(rootfs, NULL);
	struct stat st;

	if (lstat(rootfs, &st) == 0 && S_ISLNK(st.st_mode))
		return invalid(err, "rootfs: %s is a symbolic link", rootfs);
	if (real && strcmp(real, rootfs) == 0)
		return invalid(err,
			       "rootfs: a symbolic link led to %s, and is gone "
			       "by now",
			       rootfs);
	return invalid(err,
		       "rootfs: %s is really %s; give that path, for no "
		       "symbolic link may lead to a rootfs",
		       rootfs, real ? real : "another folder");
}

static int check_rootfs(const struct config *config, int fd, struct error *err)
{
	const char *rootfs = config->rootfs;
	cleanup_free char *plain = path_plain(rootfs);
	struct stat st, host;

	if (fstat(fd, &st) < 0 || stat("/", &host) < 0)
		return error_errno(err, "stat the rootfs %s and /", rootfs);
	if (host.st_dev == st.st_dev && host.st_ino == st.st_ino)
		return invalid(err,
			       "rootfs: %s is the root of the host, which "
			       "a container must not have for its own",
			       rootfs);
	if (path_has_dotdot(rootfs) || strcmp(plain, rootfs) != 0)
		return another_name(rootfs, err);
	if (config->rootfs_inode && (st.st_dev != config->rootfs_device ||
				     st.st_ino != config->rootfs_inode))
		return invalid(err,
			       "rootfs: %s is not the folder that was looked "
			       "at: it was moved meanwhile",
			       rootfs);
	return 0;
}

int config_open_rootfs(const struct config *config, int *fd, struct error *err)
{
	const char *rootfs = config->rootfs;
	cleanup_close int opened = -1;

	*fd = -1;
	if (!config_makes_namespace(config, CLONE_NEWNS))
		return 0;
	if (!rootfs || !*rootfs)
		return invalid(err, "rootfs: missing");
	if (*rootfs != '/')
		return invalid(err, "rootfs: %s is not absolute", rootfs);
	opened = resolve(AT_FDCWD, rootfs, O_PATH | O_DIRECTORY,
			 RESOLVE_NO_SYMLINKS);
	if (opened < 0 && errno == ELOOP)
		return another_name(rootfs, err);
	if (opened < 0 && errno == ENOTDIR)
		return invalid(err, "rootfs: %s is not a directory", rootfs);
	if (opened < 0)
		return invalid(err, "rootfs: %s: %s", rootfs, strerror(errno));
	if (check_rootfs(config, opened, err) < 0)
		return -1;
	*fd = steal_fd(&opened);
	return 0;
}

static int check_paths(const char *key, char *const *paths, struct error *err)
{
	for (size_t i = 0; paths && paths[i]; i++)
		if (!path_is_safe(paths[i]))
			return invalid(err,
				       "%s[%zu]: \"%s\" is not an "
				       "absolute path without \"..\"",
				       key, i, paths[i]);
	return 0;
}

/* --- what is not there yet ------------------------------------------------*/

/* Rather refused than ignored: each row goes when its feature comes. */
static int check_supported(const struct config *config, struct error *err)
{
	const struct {
		bool asked;
		const char *what;
	} rows[] = {
		{ has_namespace(config, CLONE_NEWTIME), "namespaces: NEWTIME" },
		{ config->seccomp, "seccomp" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].asked)
			return invalid(err, "%s: not supported yet",
				       rows[i].what);
	return 0;
}

int config_validate(const struct config *config, struct error *err)
{
	if (validate_namespaces(config, err) < 0 ||
	    check_needs(config, err) < 0 ||
	    validate_user_namespace(config, err) < 0)
		return -1;
	if (check_paths("mask_paths", config->mask_paths, err) < 0 ||
	    check_paths("readonly_paths", config->readonly_paths, err) < 0 ||
	    validate_mounts(config, err) < 0 ||
	    validate_devices(config, err) < 0 ||
	    validate_sysctls(config, err) < 0 ||
	    validate_process(config, err) < 0 ||
	    validate_networks(config, err) < 0 ||
	    validate_routes(config, err) < 0 ||
	    validate_cgroup(&config->cgroups, err) < 0)
		return -1;
	return check_supported(config, err);
}
