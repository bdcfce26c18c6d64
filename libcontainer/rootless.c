/*
 * rootless.c  [outside]  a container whose maker is not root
 *
 * Namespaces, mounts and chroot need CAP_SYS_ADMIN; but everybody may make a
 * user namespace, and has all capabilities in it and in what belongs to it.
 * So a config that says nothing of users still runs for an ordinary user: in a
 * user namespace whose root is he himself, and where nobody else exists. What
 * he may not do outside he may not do inside either.
 *
 *	a veth		has one end on the host: refused, it needs root
 *	device rules	are root's to write, on v1 and (BPF) on v2. They are not
 *			needed: nobody in a user namespace can make a node, and
 *			the nodes of the config are the host's, with its modes
 *	a cgroup	is made where one may be written (delegation); else
 *			there is none, and a limit is an error (manager.c)
 *	id ranges	are asked of newuidmap (idmap.c)
 *
 * Root inside of somebody's user namespace may make all the others, and has
 * ids to map; of the above only the device rules are not his.
 * Source: user_namespaces(7), capabilities(7).
 */
#include "libcontainer/rootless.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/config_fields.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROC_LIMIT = 64 * 1024 };

/* Our effective capabilities. */
static int own_capabilities(uint64_t *set, struct error *err)
{
	static const char key[] = "\nCapEff:";
	cleanup_free char *text = NULL;
	const char *line;

	if (file_read("/proc/self/status", PROC_LIMIT, &text, NULL, err) < 0)
		return error_wrap(err, "read our own capabilities");
	line = strstr(text, key);
	if (!line)
		return error_set(err, ERROR_SYSTEM,
				 "read our own capabilities: /proc/self/status "
				 "has no CapEff");
	*set = strtoull(line + sizeof(key) - 1, NULL, 16);
	return 0;
}

int rootless_is_needed(struct error *err)
{
	uint64_t set;

	if (geteuid() != 0)
		return 1;
	if (own_capabilities(&set, err) < 0)
		return -1;
	return !(set & (UINT64_C(1) << CAP_SYS_ADMIN));
}

/* The first user namespace is the one in which every id is itself; a kernel
 * without user namespaces has no such file. 1, 0 or -1. */
static int in_user_namespace(struct error *err)
{
	static const char file[] = "/proc/self/uid_map";
	unsigned inside, outside, size;
	cleanup_free char *text = NULL;
	struct error why = { 0 };

	if (file_read(file, PROC_LIMIT, &text, NULL, &why) < 0) {
		if (why.errnum == ENOENT &&
		    file_is_there("/proc/self", NULL) > 0)
			return 0;
		if (err)
			*err = why;
		return error_wrap(err, "find out our user namespace");
	}
	if (sscanf(text, "%u %u %u", &inside, &outside, &size) != 3)
		return 1; /* nobody is mapped: not the first one */
	return inside != 0 || outside != 0 || size != UINT32_MAX;
}

static void map_one(struct id_map **maps, size_t *len, int64_t host_id)
{
	*maps = xcalloc(1, sizeof(**maps));
	**maps = (struct id_map){ .host_id = host_id, .size = 1 };
	*len = 1;
}

static void say(void (*note)(const char *text), const char *text)
{
	if (note)
		note(text);
}

static void add_user_namespace(struct config *config,
			       void (*note)(const char *text))
{
	cleanup_free char *text = NULL;

	if (config_namespace(config, CLONE_NEWUSER) ||
	    config->uid_mappings_len || config->gid_mappings_len)
		return;
	config_set_namespace(config, CLONE_NEWUSER, NULL);
	map_one(&config->uid_mappings, &config->uid_mappings_len, geteuid());
	map_one(&config->gid_mappings, &config->gid_mappings_len, getegid());
	text = xasprintf("user %u is no root: he becomes root of a new user "
			 "namespace, and nobody else is in it",
			 geteuid());
	say(note, text);
}

static void forget_device_rules(struct cgroup *cgroup,
				void (*note)(const char *text))
{
	if (cgroup->allow_all_devices && !cgroup->denied_devices_len)
		return;
	for (const struct field *row = cgroup_rows; row->key; row++)
		if (strcmp(row->key, "allowed_devices") == 0 ||
		    strcmp(row->key, "denied_devices") == 0)
			field_release(row, cgroup);
	cgroup->allow_all_devices = true;
	say(note, "device rules are left out: only root may write them, and "
		  "in a user namespace nobody can make a device");
}

static int refuse_veth(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->networks_len; i++)
		if (config->networks[i].type &&
		    strcmp(config->networks[i].type, "veth") == 0)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "networks[%zu].type: a veth needs "
					 "root, for one of its ends is the "
					 "host's",
					 i);
	return 0;
}

int rootless_adapt(struct config *config, void (*note)(const char *text),
		   struct error *err)
{
	int needed = rootless_is_needed(err);
	int mapped = needed < 0 ? -1 : in_user_namespace(err);

	if (needed < 0 || mapped < 0)
		return -1;
	if (!needed && !mapped)
		return 0;
	forget_device_rules(&config->cgroups, note);
	if (!needed)
		return 0;
	add_user_namespace(config, note);
	return refuse_veth(config, err);
}
