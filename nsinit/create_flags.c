/*
 * create_flags.c  [outside]  the flags of 2015 that change a config
 *
 * Each row is a flag and the function that applies it. They are applied in
 * the order of the table, not of the command line: first the namespaces, for
 * leaving one takes what is made in it along (without a uts namespace there is
 * no hostname), then what is added, folders in memory before the binds that
 * may go into them.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static void set_string(char **member, const char *value)
{
	free(*member);
	*member = xstrdup(value);
}

static bool is_new(const char *value)
{
	return !*value || strcmp(value, "private") == 0;
}

/* "host": none of its own; "private" or "": a new one; else a path to join. */
static int set_namespace(struct config *config, int type, const char *value,
			 struct error *err)
{
	if (strcmp(value, "host") == 0)
		config_share_namespace(config, type);
	else if (is_new(value))
		config_set_namespace(config, type, NULL);
	else if (*value == '/')
		config_set_namespace(config, type, value);
	else
		return error_set(err, ERROR_CONFIG_INVALID,
				 "host, private or an absolute path is wanted");
	return 0;
}

static int set_mnt(void *config, const char *value, struct error *err)
{
	return set_namespace(config, CLONE_NEWNS, value, err);
}

static int set_net(void *config, const char *value, struct error *err)
{
	struct config *c = config;

	/* A shared network's devices are somebody else's to set up. */
	config_forget(c, "networks");
	if (is_new(value)) {
		c->networks = xcalloc(1, sizeof(*c->networks));
		c->networks[0].type = xstrdup("loopback");
		c->networks_len = 1;
	} else {
		config_forget(c, "routes");
	}
	return set_namespace(c, CLONE_NEWNET, value, err);
}

static int set_uts(void *config, const char *value, struct error *err)
{
	if (!is_new(value))
		config_forget(config, "hostname");
	return set_namespace(config, CLONE_NEWUTS, value, err);
}

static int set_ipc(void *config, const char *value, struct error *err)
{
	return set_namespace(config, CLONE_NEWIPC, value, err);
}

static int set_pid(void *config, const char *value, struct error *err)
{
	return set_namespace(config, CLONE_NEWPID, value, err);
}

static void add_range(struct id_map **maps, size_t *len, int64_t container_id,
		      int64_t host_id, int64_t size)
{
	if (size < 1)
		return;
	*maps = xreallocarray(*maps, *len + 1, sizeof(**maps));
	(*maps)[(*len)++] = (struct id_map){ container_id, host_id, size };
}

/* Three ranges: 0 is U, and all others are themselves, but for U. */
static int set_userns_root(void *config, const char *value, struct error *err)
{
	struct config *c = config;
	long long u;

	if (number_read(value, 0, INT32_MAX, &u, err) < 0)
		return -1;
	config_set_namespace(c, CLONE_NEWUSER, NULL);
	config_forget(c, "uid_mappings");
	config_forget(c, "gid_mappings");
	add_range(&c->uid_mappings, &c->uid_mappings_len, 0, u, 1);
	add_range(&c->uid_mappings, &c->uid_mappings_len, 1, 1, u - 1);
	add_range(&c->uid_mappings, &c->uid_mappings_len, u + 1, u + 1,
		  INT32_MAX - u);
	add_range(&c->gid_mappings, &c->gid_mappings_len, 0, u, 1);
	add_range(&c->gid_mappings, &c->gid_mappings_len, 1, 1, u - 1);
	add_range(&c->gid_mappings, &c->gid_mappings_len, u + 1, u + 1,
		  INT32_MAX - u);
	return 0;
}

static int set_hostname(void *config, const char *value,
			struct error *err __attribute__((unused)))
{
	set_string(&((struct config *)config)->hostname, value);
	return 0;
}

static int set_no_new_keyring(void *config, const char *value,
			      struct error *err)
{
	(void)value;
	(void)err;
	((struct config *)config)->no_new_keyring = true;
	return 0;
}

static int set_read_only(void *config,
			 const char *value __attribute__((unused)),
			 struct error *err __attribute__((unused)))
{
	((struct config *)config)->readonlyfs = true;
	return 0;
}

static int set_number(int64_t *member, const char *value, long long least,
		      long long most, struct error *err)
{
	long long number;

	if (number_read(value, least, most, &number, err) < 0)
		return -1;
	*member = number;
	return 0;
}

/* In a config 0 means that nothing is asked for. */
static int set_limit(int64_t *member, const char *value, struct error *err)
{
	if (set_number(member, value, -1, INT64_MAX, err) < 0)
		return -1;
	if (*member == 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a number above 0, or -1 for no limit, is "
				 "wanted");
	return 0;
}

static int set_memory(void *config, const char *value, struct error *err)
{
	return set_limit(&((struct config *)config)->cgroups.memory, value,
			 err);
}

static int set_memory_swap(void *config, const char *value, struct error *err)
{
	return set_limit(&((struct config *)config)->cgroups.memory_swap, value,
			 err);
}

/* The range is the kernel's, which would bend other values silently. */
static int set_cpu_shares(void *config, const char *value, struct error *err)
{
	return set_number(&((struct config *)config)->cgroups.cpu_shares, value,
			  2, 262144, err);
}

static int set_pids(void *config, const char *value, struct error *err)
{
	return set_limit(&((struct config *)config)->cgroups.pids_limit, value,
			 err);
}

static int set_cpus(void *config, const char *value,
		    struct error *err __attribute__((unused)))
{
	set_string(&((struct config *)config)->cgroups.cpuset_cpus, value);
	return 0;
}

static int set_mems(void *config, const char *value,
		    struct error *err __attribute__((unused)))
{
	set_string(&((struct config *)config)->cgroups.cpuset_mems, value);
	return 0;
}

static int set_death_signal(void *config, const char *value, struct error *err)
{
	int sig = strcmp(value, "0") == 0 ? 0 : signal_number(value);

	if (sig < 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a signal (KILL, SIGTERM, 15) or 0 is wanted");
	((struct config *)config)->parent_death_signal = sig;
	return 0;
}

static int add_bind(void *config, const char *value, struct error *err)
{
	cleanup_free char *source = xstrdup(value);
	char *destination = strchr(source, ':');
	char *mode = destination ? strchr(destination + 1, ':') : NULL;
	struct mount *m;

	if (mode)
		*mode++ = '\0';
	if (destination)
		*destination++ = '\0';
	if (!destination || source[0] != '/' || destination[0] != '/' ||
	    (mode && strcmp(mode, "ro") != 0 && strcmp(mode, "rw") != 0 &&
	     strcmp(mode, "rro") != 0))
		return error_set(err, ERROR_CONFIG_INVALID,
				 "SRC:DST, or SRC:DST and :ro, :rro or :rw is "
				 "wanted, both absolute");
	m = config_add_mount(config, destination);
	m->source = steal_ptr(&source);
	m->device = xstrdup("bind");
	m->flags = MS_BIND | MS_REC;
	if (mode && strcmp(mode, "ro") == 0)
		m->flags |= MS_RDONLY;
	if (mode && strcmp(mode, "rro") == 0)
		m->rec_flags = MS_RDONLY;
	return 0;
}

static int add_tmpfs(void *config, const char *value, struct error *err)
{
	struct mount *m;

	if (value[0] != '/')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "an absolute path is wanted");
	m = config_add_mount(config, value);
	m->source = xstrdup("tmpfs");
	m->device = xstrdup("tmpfs");
	m->flags = MS_NOSUID | MS_NODEV;
	return 0;
}

static int add_cgroup(void *config, const char *value __attribute__((unused)),
		      struct error *err __attribute__((unused)))
{
	struct mount *m = config_add_mount(config, "/sys/fs/cgroup");

	m->source = xstrdup("cgroup");
	m->device = xstrdup("cgroup");
	m->flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY;
	return 0;
}

static int add_sysctl(void *config, const char *value, struct error *err)
{
	const char *equals = strchr(value, '=');
	struct config *c = config;

	if (!equals || equals == value)
		return error_set(err, ERROR_CONFIG_INVALID, "K=V is wanted");
	c->system_properties = xreallocarray(c->system_properties,
					     c->system_properties_len + 1,
					     sizeof(*c->system_properties));
	c->system_properties[c->system_properties_len++] =
		(struct system_property){
			.key = xstrndup(value, (size_t)(equals - value)),
			.value = xstrdup(equals + 1),
		};
	return 0;
}

static int add_group(void *config, const char *value,
		     struct error *err __attribute__((unused)))
{
	strv_append(&((struct config *)config)->additional_groups, value);
	return 0;
}

static int set_profile(void *config, const char *value,
		       struct error *err __attribute__((unused)))
{
	set_string(&((struct config *)config)->apparmor_profile, value);
	return 0;
}

static int set_process_label(void *config, const char *value,
			     struct error *err __attribute__((unused)))
{
	set_string(&((struct config *)config)->process_label, value);
	return 0;
}

static int set_mount_label(void *config, const char *value,
			   struct error *err __attribute__((unused)))
{
	set_string(&((struct config *)config)->mount_label, value);
	return 0;
}

#define NAMESPACE "host|private|PATH"

const struct flag create_flags[] = {
	{ "mnt", 0, NAMESPACE, NEED_CREATE, set_mnt, "mount namespace" },
	{ "uts", 0, NAMESPACE, NEED_CREATE, set_uts, "uts namespace" },
	{ "ipc", 0, NAMESPACE, NEED_CREATE, set_ipc, "ipc namespace" },
	{ "pid", 0, NAMESPACE, NEED_CREATE, set_pid, "pid namespace" },
	{ "net", 0, NAMESPACE, NEED_CREATE, set_net, "network namespace" },
	{ "userns-root-uid", 0, "U", NEED_CREATE, set_userns_root,
	  "a user namespace whose root is the host's user U" },
	{ "veth-bridge", 0, "NAME", NEED_CREATE, set_veth_bridge,
	  "a network device eth0, whose cable ends at that bridge" },
	{ "veth-address", 0, "CIDR", NEED_CREATE, set_veth_address,
	  "eth0's IPv4 address: 10.0.0.2/24" },
	{ "veth-gateway", 0, "ADDRESS", NEED_CREATE, set_veth_gateway,
	  "the default route goes there" },
	{ "veth-mtu", 0, "BYTES", NEED_CREATE, set_veth_mtu,
	  "the largest packet of eth0" },
	{ "hostname", 0, "NAME", NEED_CREATE, set_hostname,
	  "the container's host name" },
	{ "read-only", 0, NULL, NEED_CREATE, set_read_only,
	  "make its root file system read-only" },
	{ "tmpfs", 0, "DST", NEED_CREATE, add_tmpfs,
	  "an empty folder in memory (repeatable)" },
	{ "cgroup", 0, NULL, NEED_CREATE, add_cgroup,
	  "show it its own cgroups in /sys/fs/cgroup" },
	{ "bind", 0, "SRC:DST[:ro|rro|rw]", NEED_CREATE, add_bind,
	  "show a file or folder of the host (repeatable)" },
	{ "memory-limit", 0, "BYTES", NEED_CREATE, set_memory,
	  "at most so much memory; -1: no limit" },
	{ "memory-swap", 0, "BYTES", NEED_CREATE, set_memory_swap,
	  "at most so much memory and swap; -1: no limit" },
	{ "cpushares", 0, "N", NEED_CREATE, set_cpu_shares,
	  "its part of a busy cpu, against 1024 of others" },
	{ "pids-limit", 0, "N", NEED_CREATE, set_pids,
	  "at most so many processes and threads; -1: no limit" },
	{ "cpuset-cpus", 0, "LIST", NEED_CREATE, set_cpus,
	  "only these cpus: 0-3,5" },
	{ "cpuset-mems", 0, "LIST", NEED_CREATE, set_mems,
	  "only these memory nodes" },
	{ "sysctl", 0, "K=V", NEED_CREATE, add_sysctl,
	  "set a kernel parameter inside (repeatable)" },
	{ "groups", 0, "GROUP", NEED_CREATE, add_group,
	  "an additional group, by name or number (repeatable)" },
	{ "parent-death-signal", 0, "SIGNAL", NEED_CREATE, set_death_signal,
	  "what CMD gets when nsinit dies; 0: nothing" },
	{ "no-new-keyring", 0, NULL, NEED_CREATE, set_no_new_keyring,
	  "keep the caller's session keyring, and all keys in it" },
	{ "apparmor-profile", 0, "NAME", NEED_CREATE, set_profile,
	  "confine CMD by this AppArmor profile" },
	{ "process-label", 0, "LABEL", NEED_CREATE, set_process_label,
	  "CMD's SELinux label" },
	{ "mount-label", 0, "LABEL", NEED_CREATE, set_mount_label,
	  "the SELinux label of its mounts" },
	{ .name = NULL },
};

const char *create_flag_used(const struct options *o)
{
	for (size_t i = 0; i < o->line.uses_len; i++)
		for (const struct flag *f = create_flags; f->name; f++)
			if (o->line.uses[i].flag == f)
				return f->name;
	return NULL;
}
