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

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ID_MAPS_MAX = 340 }; /* user_namespaces(7) */

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

/* --- namespaces -----------------------------------------------------------*/

static bool has_namespace(const struct config *config, int type)
{
	return config_namespace(config, type) != NULL;
}

static int check_namespaces(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->namespaces_len; i++) {
		const struct namespace *ns = &config->namespaces[i];
		const char *name = number_to_name(namespace_names, ns->type);

		if (!name)
			return invalid(err,
				       "namespaces[%zu].type: 0x%x is no "
				       "namespace",
				       i, (unsigned)ns->type);
		if (config_namespace(config, ns->type) != ns)
			return invalid(err,
				       "namespaces[%zu].type: %s stands "
				       "twice",
				       i, name);
		if (ns->path && *ns->path && *ns->path != '/')
			return invalid(err,
				       "namespaces[%zu].path: %s is not "
				       "absolute",
				       i, ns->path);
	}
	return 0;
}

/* What needs a namespace, and which. Without it the host would be changed. */
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

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (needs[i].asked && !has_namespace(config, needs[i].type))
			return invalid(
				err, "%s: needs %s in namespaces", needs[i].key,
				number_to_name(namespace_names, needs[i].type));
	return 0;
}

/* --- rootfs ---------------------------------------------------------------*/

static int check_rootfs(const char *rootfs, struct error *err)
{
	cleanup_free char *real = NULL;
	struct stat st, host;

	if (!rootfs || !*rootfs)
		return invalid(err, "rootfs: missing");
	if (*rootfs != '/')
		return invalid(err, "rootfs: %s is not absolute", rootfs);
	if (lstat(rootfs, &st) < 0)
		return invalid(err, "rootfs: %s: %s", rootfs, strerror(errno));
	if (S_ISLNK(st.st_mode))
		return invalid(err, "rootfs: %s is a symbolic link", rootfs);
	if (!S_ISDIR(st.st_mode))
		return invalid(err, "rootfs: %s is not a directory", rootfs);
	if (stat("/", &host) == 0 && host.st_dev == st.st_dev &&
	    host.st_ino == st.st_ino)
		return invalid(err,
			       "rootfs: %s is the root of the host, which "
			       "a container must not have for its own",
			       rootfs);
	real = realpath(rootfs, NULL);
	if (!real)
		return invalid(err, "rootfs: %s: %s", rootfs, strerror(errno));
	if (strcmp(real, rootfs) != 0)
		return invalid(err,
			       "rootfs: %s is really %s; give that path, "
			       "for no symbolic link may lead to a rootfs",
			       rootfs, real);
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

/* --- user namespace -------------------------------------------------------*/

static bool ranges_overlap(int64_t a, int64_t b, const struct id_map *x,
			   const struct id_map *y)
{
	return a < b + y->size && b < a + x->size;
}

static int check_id_maps(const char *key, const struct id_map *maps, size_t len,
			 struct error *err)
{
	if (len > ID_MAPS_MAX)
		return invalid(err, "%s: more than %d ranges", key,
			       ID_MAPS_MAX);
	for (size_t i = 0; i < len; i++) {
		const struct id_map *m = &maps[i];

		if (m->size < 1 || m->size > UINT32_MAX ||
		    m->container_id < 0 || m->host_id < 0 ||
		    m->container_id > UINT32_MAX - m->size ||
		    m->host_id > UINT32_MAX - m->size)
			return invalid(err, "%s[%zu]: not a range of ids", key,
				       i);
		for (size_t j = 0; j < i; j++)
			if (ranges_overlap(m->container_id,
					   maps[j].container_id, m, &maps[j]) ||
			    ranges_overlap(m->host_id, maps[j].host_id, m,
					   &maps[j]))
				return invalid(err,
					       "%s[%zu]: overlaps with "
					       "%s[%zu]",
					       key, i, key, j);
	}
	return 0;
}

static int check_user_namespace(const struct config *config, struct error *err)
{
	bool makes = config_makes_namespace(config, CLONE_NEWUSER);

	if (makes && !config->uid_mappings_len)
		return invalid(err, "uid_mappings: missing, NEWUSER needs one");
	if (makes && !config->gid_mappings_len)
		return invalid(err, "gid_mappings: missing, NEWUSER needs one");
	if (!makes && (config->uid_mappings_len || config->gid_mappings_len))
		return invalid(err, "uid_mappings: a namespace that is joined "
				    "has its own");
	if (check_id_maps("uid_mappings", config->uid_mappings,
			  config->uid_mappings_len, err) < 0)
		return -1;
	return check_id_maps("gid_mappings", config->gid_mappings,
			     config->gid_mappings_len, err);
}

/* --- what is not there yet ------------------------------------------------*/

static bool joins(const struct config *config, int type)
{
	return has_namespace(config, type) &&
	       !config_makes_namespace(config, type);
}

/* Rather refused than ignored: each row goes when its feature comes. */
static int check_supported(const struct config *config, struct error *err)
{
	const struct {
		bool asked;
		const char *what;
	} rows[] = {
		{ has_namespace(config, CLONE_NEWUSER), "namespaces: NEWUSER" },
		{ has_namespace(config, CLONE_NEWTIME), "namespaces: NEWTIME" },
		{ joins(config, CLONE_NEWNS), "namespaces: a path for NEWNS" },
		{ joins(config, CLONE_NEWCGROUP),
		  "namespaces: a path for NEWCGROUP" },
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
	if (check_namespaces(config, err) < 0 || check_needs(config, err) < 0)
		return -1;
	if (has_namespace(config, CLONE_NEWNS) &&
	    check_rootfs(config->rootfs, err) < 0)
		return -1;
	if (has_namespace(config, CLONE_NEWUSER) &&
	    check_user_namespace(config, err) < 0)
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
