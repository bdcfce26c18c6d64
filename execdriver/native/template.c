/*
 * template.c  [outside]  Docker's default container
 *
 * What is the same as nsinit's template is taken from there: the five
 * namespaces, the 14 capabilities, the read-only paths, the devices. Its mask
 * hides more of /proc than Docker 1.8's did (kcore, latency_stats,
 * timer_stats), because later years found more to hide. Docker 1.8 showed a
 * container its own cgroups in /sys/fs/cgroup, too, and so do we.
 */
#include "execdriver/native/native.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/system/alloc.h"

#include <signal.h>
#include <sys/mount.h>

/* There is a /dev/fuse, but no right to open it: some programs only look. */
static void add_fuse(struct config *config)
{
	config->devices =
		xreallocarray(config->devices, config->devices_len + 1,
			      sizeof(*config->devices));
	config->devices[config->devices_len++] = (struct device){
		.type = 'c',
		.path = xstrdup("/dev/fuse"),
		.major = 10,
		.minor = 229,
		.permissions = xstrdup("rwm"),
		.file_mode = 0666,
	};
}

static void add_cgroups(struct config *config)
{
	struct mount *m = config_add_mount(config, "/sys/fs/cgroup");

	m->source = xstrdup("cgroup");
	m->device = xstrdup("cgroup");
	m->flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY;
}

struct config *native_template(void)
{
	struct config *config = config_new();

	config->parent_death_signal = SIGKILL;
	config->privatefs = true;
	config->cgroups.parent = xstrdup("docker");
	config_default_namespaces(config);
	config_default_capabilities(config);
	config_default_devices(config);
	add_fuse(config);
	config_default_paths(config);
	config_default_mounts(config);
	add_cgroups(config);
	return config;
}
