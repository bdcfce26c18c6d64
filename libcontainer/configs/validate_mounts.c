/* validate_mounts.c  [both]  the rules for mounts and devices
 *
 * /proc is where labels, profiles and sysctls are written, so nothing may
 * stand there but the kernel's own proc: a mount over it could make a write
 * that should confine the container go to a file of the image (the way of
 * CVE-2019-16884). lxcfs, which shows a container its own memory and load,
 * binds a few files there, and those are read by programs only.
 */
#include "libcontainer/configs/validate.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

/* What lxcfs binds: facts that programs read. */
static const char *const proc_files[] = {
	"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",
	"/proc/stat",	 "/proc/swaps",	    "/proc/uptime",
	"/proc/loadavg", "/proc/slabinfo",  "/proc/net/dev",
};

/* "/proc//sys/./" as "/proc/sys", "/" as ""; the caller's. */
static char *plain_path(const char *path)
{
	char *plain = xcalloc(strlen(path) + 2, 1), *end = plain;
	size_t n;

	for (; *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 0 || (n == 1 && path[0] == '.'))
			continue;
		*end++ = '/';
		memcpy(end, path, n);
		end += n;
	}
	return plain;
}

static int check_proc(const struct mount *mount, const char *destination,
		      size_t i, struct error *err)
{
	if (!strcmp(destination, "/proc")) {
		if (!strcmp(mount->device, "proc"))
			return 0;
		return invalid(err,
			       "mounts[%zu].destination: only proc may be "
			       "mounted on /proc",
			       i);
	}
	if (strncmp(destination, "/proc/", 6) != 0)
		return 0;
	for (size_t j = 0; j < sizeof(proc_files) / sizeof(*proc_files); j++)
		if (!strcmp(mount->device, "bind") &&
		    !strcmp(destination, proc_files[j]))
			return 0;
	return invalid(err, "mounts[%zu].destination: %s is inside /proc", i,
		       destination);
}

static int check_flags(const struct mount *mount, size_t i, struct error *err)
{
	const uint64_t kinds[] = { MS_PRIVATE, MS_SLAVE, MS_SHARED,
				   MS_UNBINDABLE };
	const uint64_t other = MS_REMOUNT | MS_MOVE | MS_PRIVATE | MS_SLAVE |
			       MS_SHARED | MS_UNBINDABLE;

	if (mount->flags & other)
		return invalid(err,
			       "mounts[%zu].flags: 0x%llx asks for "
			       "something other than a new mount",
			       i, (unsigned long long)(mount->flags & other));
	for (size_t j = 0; j < mount->propagation_flags_len; j++) {
		uint64_t flags =
			mount->propagation_flags[j] & ~(uint64_t)MS_REC;
		bool known = false;

		for (size_t k = 0; k < 4; k++)
			known = known || flags == kinds[k];
		if (!known)
			return invalid(err,
				       "mounts[%zu].propagation_flags"
				       "[%zu]: not one kind of propagation",
				       i, j);
	}
	return 0;
}

static int check_commands(const char *key, const struct mount_command *commands,
			  size_t len, size_t i, struct error *err)
{
	for (size_t j = 0; j < len; j++)
		if (!commands[j].path || commands[j].path[0] != '/')
			return invalid(err,
				       "mounts[%zu].%s[%zu].path: an "
				       "absolute path is wanted",
				       i, key, j);
	return 0;
}

static int check_source(const struct mount *mount, size_t i, struct error *err)
{
	const char *source = mount->source;

	if (strcmp(mount->device, "bind") != 0)
		return 0;
	if (!source || !*source)
		return invalid(err,
			       "mounts[%zu].source: missing, a bind needs "
			       "one",
			       i);
	if (*source != '/')
		return invalid(err, "mounts[%zu].source: %s is not absolute", i,
			       source);
	return 0;
}

static int check_mount(const struct mount *m, size_t i, struct error *err)
{
	cleanup_free char *plain = NULL;
	int64_t number;

	if (!m->device || !*m->device)
		return invalid(err, "mounts[%zu].device: missing", i);
	if (name_to_number(mount_device_names, m->device, &number) < 0)
		return invalid(err,
			       "mounts[%zu].device: unknown mount device "
			       "\"%s\"",
			       i, m->device);
	if (!m->destination || !*m->destination)
		return invalid(err, "mounts[%zu].destination: missing", i);
	if (!path_is_safe(m->destination))
		return invalid(err,
			       "mounts[%zu].destination: \"%s\" is not an "
			       "absolute path without \"..\"",
			       i, m->destination);
	plain = plain_path(m->destination);
	if (!*plain)
		return invalid(err,
			       "mounts[%zu].destination: / would cover "
			       "the rootfs",
			       i);
	if (check_proc(m, plain, i, err) < 0 || check_source(m, i, err) < 0 ||
	    check_flags(m, i, err) < 0)
		return -1;
	if (m->relabel && *m->relabel && strcmp(m->relabel, "z") != 0 &&
	    strcmp(m->relabel, "Z") != 0)
		return invalid(err,
			       "mounts[%zu].relabel: \"%s\" is neither z "
			       "nor Z",
			       i, m->relabel);
	if (check_commands("premount_cmds", m->premount_cmds,
			   m->premount_cmds_len, i, err) < 0)
		return -1;
	return check_commands("postmount_cmds", m->postmount_cmds,
			      m->postmount_cmds_len, i, err);
}

int validate_mounts(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->mounts_len; i++)
		if (check_mount(&config->mounts[i], i, err) < 0)
			return -1;
	return 0;
}

int validate_devices(const struct config *config, struct error *err)
{
	/* mknod(2): dev_t has 12 bits for the major, 20 for the minor. */
	const int64_t major_max = 0xfff, minor_max = 0xfffff;

	for (size_t i = 0; i < config->devices_len; i++) {
		const struct device *d = &config->devices[i];
		cleanup_free char *plain = NULL;

		if (d->type != 'c' && d->type != 'b' && d->type != 'p')
			return invalid(err,
				       "devices[%zu].type: %d is not 'c', "
				       "'b' or 'p' (99, 98, 112)",
				       i, d->type);
		if (!path_is_safe(d->path))
			return invalid(err,
				       "devices[%zu].path: \"%s\" is not "
				       "an absolute path without \"..\"",
				       i, d->path ? d->path : "");
		plain = plain_path(d->path);
		if (!*plain || !strncmp(plain, "/proc/", 6) ||
		    !strcmp(plain, "/proc"))
			return invalid(err,
				       "devices[%zu].path: no device can "
				       "be made on %s",
				       i, d->path);
		if (d->major < 0 || d->major > major_max || d->minor < 0 ||
		    d->minor > minor_max)
			return invalid(err,
				       "devices[%zu]: %lld:%lld is no "
				       "device number",
				       i, (long long)d->major,
				       (long long)d->minor);
	}
	return 0;
}
