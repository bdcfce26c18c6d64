/* validate_namespaces.c  [both]  the rules for namespaces and their id maps
 *
 * A namespace to join must be there, and of its kind. A user namespace needs
 * two maps, and the kernel writes each of them in one piece, or not at all:
 * at most 340 ranges, less than a page of text, none of which overlap. Beyond
 * what the kernel asks for, id 0 must be somebody: dockerinit is it until
 * step 10, for a user namespace gives its powers to nobody else.
 * Source: user_namespaces(7).
 */
#include "libcontainer/configs/validate.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/configs/namespace.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_MAPS_MAX = 340, ID_MAP_TEXT = 4096 };

/* --- each namespace -------------------------------------------------------*/

static int check_path(const struct namespace *ns, size_t i, struct error *err)
{
	struct error why;
	int fd;

	if (*ns->path != '/')
		return invalid(err, "namespaces[%zu].path: %s is not absolute",
			       i, ns->path);
	fd = namespace_open(ns->path, ns->type, &why);
	if (fd < 0)
		return invalid(err, "namespaces[%zu].path: %s", i, why.message);
	close(fd);
	return 0;
}

int validate_namespaces(const struct config *config, struct error *err)
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
		if (config_joins_namespace(config, ns->type) &&
		    check_path(ns, i, err) < 0)
			return -1;
	}
	return 0;
}

/* --- user namespace -------------------------------------------------------*/

static bool ranges_overlap(int64_t a, int64_t b, const struct id_map *x,
			   const struct id_map *y)
{
	return a < b + y->size && b < a + x->size;
}

static int check_range(const char *key, const struct id_map *maps, size_t i,
		       struct error *err)
{
	const struct id_map *m = &maps[i];

	if (m->size < 1 || m->size > UINT32_MAX || m->container_id < 0 ||
	    m->host_id < 0 || m->container_id > UINT32_MAX - m->size ||
	    m->host_id > UINT32_MAX - m->size)
		return invalid(err, "%s[%zu]: not a range of ids", key, i);
	for (size_t j = 0; j < i; j++)
		if (ranges_overlap(m->container_id, maps[j].container_id, m,
				   &maps[j]) ||
		    ranges_overlap(m->host_id, maps[j].host_id, m, &maps[j]))
			return invalid(err, "%s[%zu]: overlaps with %s[%zu]",
				       key, i, key, j);
	return 0;
}

static int check_id_maps(const char *key, const struct id_map *maps, size_t len,
			 struct error *err)
{
	bool has_root = false;
	int text = 0;

	if (len == 0)
		return invalid(err, "%s: missing, NEWUSER needs one", key);
	if (len > ID_MAPS_MAX)
		return invalid(err, "%s: more than %d ranges", key,
			       ID_MAPS_MAX);
	for (size_t i = 0; i < len; i++) {
		const struct id_map *m = &maps[i];

		if (check_range(key, maps, i, err) < 0)
			return -1;
		has_root |= m->container_id == 0;
		text += snprintf(NULL, 0,
				 "%" PRId64 " %" PRId64 " %" PRId64 "\n",
				 m->container_id, m->host_id, m->size);
	}
	if (!has_root)
		return invalid(err,
			       "%s: 0, the container's root, is in no range",
			       key);
	if (text >= ID_MAP_TEXT)
		return invalid(err,
			       "%s: %d bytes as text, the kernel takes less "
			       "than %d",
			       key, text, ID_MAP_TEXT);
	return 0;
}

/* Nobody in a user namespace may make a node; the host's is shown. */
static int check_host_devices(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->devices_len; i++) {
		const struct device *d = &config->devices[i];
		struct stat st;

		if (d->type != 'p' && d->path && lstat(d->path, &st) < 0)
			return invalid(err,
				       "devices[%zu].path: %s: %s; in a user "
				       "namespace the host's is shown",
				       i, d->path, strerror(errno));
	}
	return 0;
}

/* What shows a namespace can be mounted by its owner alone, and a new user
 * namespace owns none that was there before. */
static int check_new_user(const struct config *config, struct error *err)
{
	if (config_joins_namespace(config, CLONE_NEWNS))
		return invalid(err,
			       "namespaces: a mount namespace cannot be joined "
			       "out of a new user namespace; join its user "
			       "namespace as well");
	for (size_t i = 0; i < config->mounts_len; i++) {
		const char *device = config->mounts[i].device;
		int shown = 0;

		if (device && !strcmp(device, "proc"))
			shown = CLONE_NEWPID;
		else if (device && !strcmp(device, "mqueue"))
			shown = CLONE_NEWIPC;
		if (shown && config_joins_namespace(config, shown))
			return invalid(err,
				       "mounts[%zu].device: a new user "
				       "namespace cannot mount %s of a %s "
				       "namespace that is joined",
				       i, device, namespace_file(shown));
	}
	return 0;
}

/* A network namespace is then made in step 4, after act S3. */
static int check_joined_user(const struct config *config, struct error *err)
{
	if (!config_makes_namespace(config, CLONE_NEWNET))
		return 0;
	for (size_t i = 0; i < config->networks_len; i++)
		if (config->networks[i].type &&
		    !strcmp(config->networks[i].type, "veth"))
			return invalid(err,
				       "networks[%zu].type: a veth cannot be "
				       "given to a network namespace that is "
				       "made inside a joined user namespace",
				       i);
	return 0;
}

int validate_user_namespace(const struct config *config, struct error *err)
{
	if (!config_namespace(config, CLONE_NEWUSER))
		return 0;
	if (check_host_devices(config, err) < 0)
		return -1;
	if (config_makes_namespace(config, CLONE_NEWUSER)) {
		if (check_id_maps("uid_mappings", config->uid_mappings,
				  config->uid_mappings_len, err) < 0 ||
		    check_id_maps("gid_mappings", config->gid_mappings,
				  config->gid_mappings_len, err) < 0)
			return -1;
		return check_new_user(config, err);
	}
	if (config->uid_mappings_len || config->gid_mappings_len)
		return invalid(err,
			       "%s: a namespace that is joined has its own",
			       config->uid_mappings_len ? "uid_mappings"
							: "gid_mappings");
	return check_joined_user(config, err);
}
