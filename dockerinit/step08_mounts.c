/*
 * step08_mounts.c  [inside]  step 8: mount points, devices, /proc
 *
 * The rootfs is still a directory among the host's. Everything that the
 * container shall find is put in it now, in the order of the config: a mount
 * below another one must come after it. Bind sources are the host's paths, so
 * this cannot wait until the root has changed; and /proc can be mounted now,
 * for its instance shows the pid namespace of the process that mounts it.
 *
 * 8b: device nodes and links below /dev. If the host's own /dev has been bound
 * there, it is the host's, and stays untouched.
 */
#include "dockerinit/devices.h"
#include "dockerinit/inside.h"
#include "dockerinit/label.h"
#include "dockerinit/mount.h"
#include "dockerinit/mounted.h"

#include "libcontainer/system/cleanup.h"

#include <sched.h>
#include <string.h>
#include <sys/stat.h>

static bool dev_is_bound(const struct config *config)
{
	for (size_t i = 0; i < config->mounts_len; i++) {
		const struct mount *m = &config->mounts[i];
		const char *name = m->destination + strspn(m->destination, "/");

		if (strncmp(name, "dev", 3) == 0 &&
		    name[3 + strspn(name + 3, "/")] == '\0' &&
		    strcmp(m->device, "bind") == 0)
			return true;
	}
	return false;
}

//> step-08
int step08_mounts(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (!config_makes_namespace(config, CLONE_NEWNS))
		return 0;
	/* Whatever the caller's was: directories get 0755 and no less. */
	umask(022);
	label_note_mounts(init);
	for (size_t i = 0; i < config->mounts_len; i++) {
		const struct mount *m = &config->mounts[i];
		cleanup_close int fd = -1;

		if (mount_commands(m->premount_cmds, m->premount_cmds_len,
				   err) < 0)
			return -1;
		fd = mount_entry(init, m, err);
		if (fd < 0 || mounted_keep(init, m, fd, err) < 0)
			return -1;
		if (mount_commands(m->postmount_cmds, m->postmount_cmds_len,
				   err) < 0)
			return -1;
	}
	if (dev_is_bound(config))
		return 0;
	/* The modes of nodes are exact; step 9 takes this back. */
	umask(0);
	if (devices_create(init, err) < 0)
		return -1;
	return devices_link(init, err);
}
//< step-08
