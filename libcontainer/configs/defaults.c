/* defaults.c  [both]  what a container gets when nobody says otherwise
 *
 * nsinit's template of 2015, with the masked and read-only paths that Docker
 * and runc added since: each of them was a way to the host once (kcore is the
 * host's memory, sysrq-trigger its power switch).
 */
#include "libcontainer/configs/defaults.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/system/alloc.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum { NO_NODES = MS_NOEXEC | MS_NOSUID | MS_NODEV };

/* Release what the config has under that key of the rows. */
static void replace(const struct field *rows, const char *key, void *object)
{
	for (const struct field *row = rows; row->key; row++)
		if (!strcmp(row->key, key))
			field_release(row, object);
}

void config_default_namespaces(struct config *config)
{
	static const int types[] = { CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC,
				     CLONE_NEWPID, CLONE_NEWNET };

	replace(config_rows, "namespaces", config);
	config->namespaces_len = ARRAY_LEN(types);
	config->namespaces =
		xcalloc(ARRAY_LEN(types), sizeof(*config->namespaces));
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		config->namespaces[i].type = types[i];
}

void config_default_capabilities(struct config *config)
{
	char *const names[] = {
		"CAP_CHOWN",	  "CAP_DAC_OVERRIDE", "CAP_FSETID",
		"CAP_FOWNER",	  "CAP_MKNOD",	      "CAP_NET_RAW",
		"CAP_SETGID",	  "CAP_SETUID",	      "CAP_SETFCAP",
		"CAP_SETPCAP",	  "CAP_KILL",	      "CAP_NET_BIND_SERVICE",
		"CAP_SYS_CHROOT", "CAP_AUDIT_WRITE",  NULL,
	};
	struct capabilities *caps = &config->capabilities;

	replace(config_rows, "capabilities", config);
	caps->bounding = strv_dup(names);
	caps->effective = strv_dup(names);
	caps->permitted = strv_dup(names);
}

void config_default_mounts(struct config *config)
{
	static const struct {
		const char *device, *source, *destination;
		uint64_t flags;
		const char *data;
	} mounts[] = {
		{ "proc", "proc", "/proc", NO_NODES, NULL },
		{ "tmpfs", "tmpfs", "/dev", MS_NOSUID | MS_STRICTATIME,
		  "mode=755" },
		{ "devpts", "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=0620,gid=5" },
		{ "tmpfs", "shm", "/dev/shm", NO_NODES,
		  "mode=1777,size=65536k" },
		{ "mqueue", "mqueue", "/dev/mqueue", NO_NODES, NULL },
		{ "sysfs", "sysfs", "/sys", NO_NODES | MS_RDONLY, NULL },
	};

	replace(config_rows, "mounts", config);
	config->mounts_len = ARRAY_LEN(mounts);
	config->mounts = xcalloc(ARRAY_LEN(mounts), sizeof(*config->mounts));
	for (size_t i = 0; i < ARRAY_LEN(mounts); i++)
		config->mounts[i] = (struct mount){
			.device = xstrdup(mounts[i].device),
			.source = xstrdup(mounts[i].source),
			.destination = xstrdup(mounts[i].destination),
			.flags = mounts[i].flags,
			.data = xstrdup(mounts[i].data),
		};
}

/* One row of the tables below. */
struct default_device {
	char type;
	const char *path;
	int major, minor;
	const char *permissions;
};

/* The nodes that step 8 makes; they are allowed, too. */
static const struct default_device nodes[] = {
	{ 'c', "/dev/null", 1, 3, "rwm" },
	{ 'c', "/dev/zero", 1, 5, "rwm" },
	{ 'c', "/dev/full", 1, 7, "rwm" },
	{ 'c', "/dev/tty", 5, 0, "rwm" },
	{ 'c', "/dev/urandom", 1, 9, "rwm" },
	{ 'c', "/dev/random", 1, 8, "rwm" },
};

/* Any node may be made, only these may be opened: the consoles, every pty
 * (136:*), ptmx (5:2), tun (10:200) and the nodes. */
static const struct default_device rules[] = {
	{ 'c', NULL, -1, -1, "m" },	      { 'b', NULL, -1, -1, "m" },
	{ 'c', "/dev/console", 5, 1, "rwm" }, { 'c', "/dev/tty0", 4, 0, "rwm" },
	{ 'c', "/dev/tty1", 4, 1, "rwm" },    { 'c', NULL, 136, -1, "rwm" },
	{ 'c', NULL, 5, 2, "rwm" },	      { 'c', NULL, 10, 200, "rwm" },
};

static void add_devices(struct device **list, size_t *len,
			const struct default_device *from, size_t n)
{
	*list = xreallocarray(*list, *len + n, sizeof(**list));
	for (size_t i = 0; i < n; i++)
		(*list)[(*len)++] = (struct device){
			.type = from[i].type,
			.path = xstrdup(from[i].path),
			.major = from[i].major,
			.minor = from[i].minor,
			.permissions = xstrdup(from[i].permissions),
			.file_mode = from == nodes ? 0666 : 0,
		};
}

void config_default_device_rules(struct config *config)
{
	struct cgroup *cgroup = &config->cgroups;

	replace(cgroup_rows, "allowed_devices", cgroup);
	cgroup->allow_all_devices = false;
	add_devices(&cgroup->allowed_devices, &cgroup->allowed_devices_len,
		    rules, ARRAY_LEN(rules));
	add_devices(&cgroup->allowed_devices, &cgroup->allowed_devices_len,
		    nodes, ARRAY_LEN(nodes));
}

void config_default_devices(struct config *config)
{
	replace(config_rows, "devices", config);
	add_devices(&config->devices, &config->devices_len, nodes,
		    ARRAY_LEN(nodes));
	config_default_device_rules(config);
}

void config_default_paths(struct config *config)
{
	char *const readonly[] = {
		"/proc/asound", "/proc/bus",	       "/proc/fs", "/proc/irq",
		"/proc/sys",	"/proc/sysrq-trigger", NULL
	};
	char *const mask[] = { "/proc/kcore",	      "/proc/keys",
			       "/proc/latency_stats", "/proc/timer_list",
			       "/proc/timer_stats",   "/proc/sched_debug",
			       "/proc/acpi",	      "/proc/scsi",
			       "/sys/firmware",	      NULL };

	strv_free(config->readonly_paths);
	strv_free(config->mask_paths);
	config->readonly_paths = strv_dup(readonly);
	config->mask_paths = strv_dup(mask);
}

struct config *config_default(const char *rootfs, const char *hostname,
			      const char *cgroup_parent,
			      const char *cgroup_name)
{
	struct config *config = config_new();

	config->rootfs = xstrdup(rootfs);
	config->hostname = xstrdup(hostname);
	config->cgroups.parent = xstrdup(cgroup_parent);
	config->cgroups.name = xstrdup(cgroup_name);
	config->parent_death_signal = SIGKILL;
	config_default_namespaces(config);
	config_default_capabilities(config);
	config_default_mounts(config);
	config_default_devices(config);
	config_default_paths(config);
	config->networks_len = 1;
	config->networks = xcalloc(1, sizeof(*config->networks));
	config->networks[0].type = xstrdup("loopback");
	return config;
}

char **default_environment(const char *hostname)
{
	char *host = xasprintf("HOSTNAME=%s", hostname ? hostname : "");
	char **env = NULL;

	strv_append(&env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
			  "/usr/bin:/sbin:/bin");
	strv_append(&env, host);
	strv_append(&env, "TERM=xterm");
	free(host);
	return env;
}
