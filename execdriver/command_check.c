/*
 * command_check.c  [outside]  what of a command would be lost
 *
 * A command.json may come from another Docker than 1.8, and may say two things
 * of which only one can be done. What confines is then an error, for nobody
 * would see that it is missing.
 */
#include "execdriver/command.h"

#include <string.h>

/* Each with the Docker that had it, where it was one. */
const struct unhonoured command_unhonoured[] = {
	{ "seccomp_profile", "unconfined" }, /* 1.10 */
	{ "oom_score_adj", NULL },	     /* 1.10 */
	{ "remap_root", NULL },		     /* 1.10 */
	{ "uidmapping", NULL },		     /* 1.10 */
	{ "gidmapping", NULL },		     /* 1.10 */
	{ "mounts[].data", NULL },	     /* 1.10: of a tmpfs */
	{ "pid.container_id", NULL },	     /* 1.12 */
	{ "lxc_config", NULL },		     /* 1.2 to 1.9 */
	{ "config", NULL },		     /* 1.0, 1.1 */
	{ "resources.ulimits", NULL },
	{ "resources.kernel_memory_tcp", NULL },
	{ "resources.blkio_weight_device[].leafWeight", NULL },
	{ "resources.cpu_rt_runtime", NULL },
	{ "resources.cpu_rt_period", NULL },
	{ "resources.cpu_count", NULL },
	{ "resources.cpu_percent", NULL },
	{ "resources.nano_cpus", NULL },
	{ "resources.hugetlb_limit", NULL },
	{ "resources.devices", NULL },
	{ "hooks", NULL },
	{ "ulimits", NULL },
	{ "tmpfs", NULL },
	{ "sysctls", NULL },
	{ "security_opt", NULL },
	/* the words of container.json and of the API for the same things */
	{ "seccomp", NULL },
	{ "capabilities", NULL },
	{ "cgroups", NULL },
	{ "rlimits", NULL },
	{ "readonlyfs", NULL },
	{ "mask_paths", NULL },
	{ "masked_paths", NULL },
	{ "readonly_paths", NULL },
	{ "system_properties", NULL },
	{ "uid_mappings", NULL },
	{ "gid_mappings", NULL },
	{ .path = NULL },
};

/* Of the program that Exec adds: it is confined as the container is. */
const struct unhonoured process_config_unhonoured[] = {
	{ "apparmor_profile", NULL },
	{ "process_label", NULL },
	{ "seccomp_profile", "unconfined" },
	{ "no_new_privileges", NULL },
	{ "cap_drop", NULL },
	{ "capabilities", NULL },
	{ "rlimits", NULL },
	{ "oom_score_adj", NULL },
	{ .path = NULL },
};

static bool is_said(const char *text)
{
	return text && *text;
}

static bool names_profile(const struct command *c)
{
	return is_said(c->apparmor_profile) &&
	       strcmp(c->apparmor_profile, "unconfined") != 0;
}

int command_check(const struct command *c, struct error *err)
{
	static const struct command_network none;
	const struct command_network *net = c->network ? c->network : &none;
	const struct {
		bool one;
		const char *one_key;
		bool other;
		const char *other_key;
	} rows[] = {
#define BOTH(one, one_key, other, other_key) { one, one_key, other, other_key }
		BOTH(net->host_networking, "network.host_networking",
		     is_said(net->container_id), "network.container_id"),
		BOTH(net->host_networking, "network.host_networking",
		     is_said(net->namespace_path), "network.namespace_path"),
		BOTH(net->host_networking, "network.host_networking",
		     net->interface, "network.interface"),
		BOTH(is_said(net->container_id), "network.container_id",
		     is_said(net->namespace_path), "network.namespace_path"),
		BOTH(is_said(net->container_id), "network.container_id",
		     net->interface, "network.interface"),
		BOTH(is_said(net->namespace_path), "network.namespace_path",
		     net->interface, "network.interface"),
		BOTH(c->ipc.host_ipc, "ipc.host_ipc",
		     is_said(c->ipc.container_id), "ipc.container_id"),
		BOTH(c->process_config.privileged, "process_config.privileged",
		     c->cap_drop && *c->cap_drop, "cap_drop"),
		BOTH(c->process_config.privileged, "process_config.privileged",
		     names_profile(c), "apparmor_profile"),
#undef BOTH
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].one && rows[i].other)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "%s: it cannot be had together with "
					 "%s",
					 rows[i].one_key, rows[i].other_key);
	return 0;
}
