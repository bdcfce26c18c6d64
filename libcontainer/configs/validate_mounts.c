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

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

/* What lxcfs binds: facts that programs read. */
static const char *const proc_files[] = {
	"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",
	"/proc/stat",	 "/proc/swaps",	    "/proc/uptime",
	"/proc/loadavg", "/proc/slabinfo",  "/proc/net/dev",
};

char *path_plain(const char *path)
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

bool path_may_cover_proc(const char *plain)
{
	for (size_t i = 0; i < sizeof(proc_files) / sizeof(*proc_files); i++)
		if (!strcmp(plain, proc_files[i]))
			return true;
	return false;
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
	if (!strcmp(mount->device, "bind") && path_may_cover_proc(destination))
		return 0;
	return invalid(err, "mounts[%zu].destination: %s is inside /proc", i,
		       destination);
}

static const uint64_t propagation_flags =
	MS_SHARED | MS_SLAVE | MS_PRIVATE | MS_UNBINDABLE;

/* One of the four kinds, for the mount or (MS_REC) for the tree below it. */
static bool is_propagation(uint64_t flags)
{
	uint64_t kind = flags & ~(uint64_t)MS_REC;

	return kind == MS_SHARED || kind == MS_SLAVE || kind == MS_PRIVATE ||
	       kind == MS_UNBINDABLE;
}

static int check_flags(const struct mount *mount, size_t i, struct error *err)
{
	const uint64_t other = MS_REMOUNT | MS_MOVE | propagation_flags;
	/* The last flag that the kernel has for us; above are its own. */
	const uint64_t known = MS_LAZYTIME | (MS_LAZYTIME - 1);

	if (mount->flags & other)
		return invalid(err,
			       "mounts[%zu].flags: 0x%llx asks for "
			       "something other than a new mount",
			       i, (unsigned long long)(mount->flags & other));
	if (mount->flags & ~known)
		return invalid(
			err, "mounts[%zu].flags: 0x%llx is no flag of a mount",
			i, (unsigned long long)(mount->flags & ~known));
	if ((mount->flags & MS_BIND) && strcmp(mount->device, "bind") != 0)
		return invalid(err,
			       "mounts[%zu].flags: MS_BIND, but the device is "
			       "%s",
			       i, mount->device);
	for (size_t j = 0; j < mount->propagation_flags_len; j++)
		if (!is_propagation(mount->propagation_flags[j]))
			return invalid(err,
				       "mounts[%zu].propagation_flags"
				       "[%zu]: not one kind of propagation",
				       i, j);
	return 0;
}

/* What not every kind of mount has. */
static int check_options(const struct mount *m, size_t i, struct error *err)
{
	const uint64_t tree = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC |
			      MS_NOSYMFOLLOW | MS_NODIRATIME | MS_NOATIME |
			      MS_RELATIME | MS_STRICTATIME;
	bool bind = !strcmp(m->device, "bind");

	if (m->rec_flags && !bind)
		return invalid(err, "mounts[%zu].rec_flags: only for a bind",
			       i);
	if (m->rec_flags & ~tree)
		return invalid(err,
			       "mounts[%zu].rec_flags: 0x%llx cannot be set "
			       "for a tree of mounts",
			       i, (unsigned long long)(m->rec_flags & ~tree));
	if (m->tmpcopyup && strcmp(m->device, "tmpfs") != 0)
		return invalid(err, "mounts[%zu].tmpcopyup: only for a tmpfs",
			       i);
	if (!m->relabel)
		return 0;
	if (strcmp(m->relabel, "z") != 0 && strcmp(m->relabel, "Z") != 0)
		return invalid(err,
			       "mounts[%zu].relabel: \"%s\" is neither z "
			       "nor Z",
			       i, m->relabel);
	return 0;
}

static int check_root_propagation(const struct config *config,
				  struct error *err)
{
	if (!config->root_propagation)
		return 0;
	if (!is_propagation(config->root_propagation))
		return invalid(err,
			       "rootPropagation: 0x%llx is not one kind of "
			       "propagation",
			       (unsigned long long)config->root_propagation);
	if (!config_makes_namespace(config, CLONE_NEWNS))
		return invalid(err, "rootPropagation: needs a new NEWNS in "
				    "namespaces");
	/* The move onto / would be seen on the host. */
	if ((config->root_propagation & MS_SHARED) && config->no_pivot_root)
		return invalid(err, "rootPropagation: shared cannot be had "
				    "with no_pivot_root");
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
	plain = path_plain(m->destination);
	if (!*plain)
		return invalid(err,
			       "mounts[%zu].destination: / would cover "
			       "the rootfs",
			       i);
	if (check_proc(m, plain, i, err) < 0 || check_source(m, i, err) < 0 ||
	    check_flags(m, i, err) < 0 || check_options(m, i, err) < 0)
		return -1;
	if (check_commands("premount_cmds", m->premount_cmds,
			   m->premount_cmds_len, i, err) < 0)
		return -1;
	return check_commands("postmount_cmds", m->postmount_cmds,
			      m->postmount_cmds_len, i, err);
}

int validate_mounts(const struct config *config, struct error *err)
{
	if (check_root_propagation(config, err) < 0)
		return -1;
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
		plain = path_plain(d->path);
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
