/*
 * device_rules.c  [outside]  which devices: what is asked for, and v1's way
 *
 * A v1 devices cgroup is born with what its parent may; "a" written to
 * devices.deny forbids all, then each rule in devices.allow opens one thing.
 * A cgroup can never allow what its parent may not. v2's way is another:
 * devices_bpf.c.
 *
 * An ordinary user can write no such rules, and hardly needs them: only root
 * of the first user namespace can make device nodes, and those that are there
 * open for whom their permissions say.
 * Source: Documentation/admin-guide/cgroup-v1/devices.rst.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool same_rule(const struct device *a, const struct device *b)
{
	const char *may = a->permissions ? a->permissions : "";

	return a->type == b->type && a->major == b->major &&
	       a->minor == b->minor &&
	       strcmp(may, b->permissions ? b->permissions : "") == 0;
}

static bool same_rules(const struct device *a, size_t a_len,
		       const struct device *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if (!same_rule(&a[i], &b[i]))
			return false;
	return true;
}

/* Root in the first user namespace, who can make and open any device? So is who
 * cannot find that out: his rules are then asked for, and not lost. */
static bool is_root(void)
{
	cleanup_free char *map = NULL;
	unsigned int inside, outside, count;

	if (geteuid() != 0)
		return false;
	if (file_read("/proc/self/uid_map", 4096, &map, NULL, NULL) < 0)
		return true;
	return sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 &&
	       inside == 0 && outside == 0 && count == UINT32_MAX;
}

/* Is all allowed that a new config allows? */
static bool allows_defaults(const struct cgroup *cgroup)
{
	struct config *config = config_new();
	const struct cgroup *want = &config->cgroups;
	size_t found = 0;

	config_default_device_rules(config);
	for (size_t i = 0; i < want->allowed_devices_len; i++) {
		for (size_t k = 0; k < cgroup->allowed_devices_len; k++) {
			if (!same_rule(&want->allowed_devices[i],
				       &cgroup->allowed_devices[k]))
				continue;
			found++;
			break;
		}
	}
	found -= want->allowed_devices_len;
	config_free(config);
	return found == 0;
}

const char *cgroup_asked_devices(const struct cgroup *cgroup)
{
	if (cgroup->denied_devices_len > 0)
		return "cgroups.denied_devices";
	if (cgroup->allow_all_devices || cgroup->allowed_devices_len == 0)
		return NULL;
	return is_root() || !allows_defaults(cgroup) ? "cgroups.allowed_devices"
						     : NULL;
}

bool cgroup_same_devices(const struct cgroup_manager *m,
			 const struct cgroup *cgroup)
{
	const struct cgroup *now = m->cgroup;

	/* the manager's own: prepare writes them for the first time */
	if (now == cgroup)
		return false;
	return now->allow_all_devices == cgroup->allow_all_devices &&
	       same_rules(now->allowed_devices, now->allowed_devices_len,
			  cgroup->allowed_devices,
			  cgroup->allowed_devices_len) &&
	       same_rules(now->denied_devices, now->denied_devices_len,
			  cgroup->denied_devices, cgroup->denied_devices_len);
}

/* "c 1:3 rwm"; NULL for what devices cgroups know nothing of (a fifo). */
static char *device_rule(const struct device *device)
{
	cleanup_free char *major = xasprintf("%" PRId64, device->major);
	cleanup_free char *minor = xasprintf("%" PRId64, device->minor);

	if (!device->type || !strchr("abc", device->type) ||
	    !device->permissions || !*device->permissions)
		return NULL;
	return xasprintf("%c %s:%s %s", device->type,
			 device->major < 0 ? "*" : major,
			 device->minor < 0 ? "*" : minor, device->permissions);
}

static int write_rules(const char *dir, const char *file,
		       const struct device *devices, size_t len,
		       const char *key, struct error *err)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, file);
	cleanup_close int fd = -1;

	for (size_t i = 0; i < len; i++) {
		cleanup_free char *rule = device_rule(&devices[i]);
		ssize_t size = rule ? (ssize_t)strlen(rule) : 0;

		if (!rule)
			continue;
		if (fd < 0)
			fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return error_errno(err, "%s: open %s", key, path);
		if (write(fd, rule, (size_t)size) != size)
			return error_errno(err, "%s[%zu]: write \"%s\" to %s",
					   key, i, rule, path);
	}
	return 0;
}

int cgroup_v1_set_devices(const char *dir, const struct cgroup *cgroup,
			  struct error *err)
{
	struct error why;

	if (!cgroup->allow_all_devices) {
		if (cgroup_write(dir, "devices.deny", "a",
				 "cgroups.allow_all_devices", err) < 0 ||
		    write_rules(dir, "devices.allow", cgroup->allowed_devices,
				cgroup->allowed_devices_len,
				"cgroups.allowed_devices", err) < 0)
			return -1;
	} else if (cgroup_write(dir, "devices.allow", "a",
				"cgroups.allow_all_devices", &why) < 0 &&
		   why.errnum != EPERM) {
		/* EPERM: all that our own cgroup may is all there is */
		if (err)
			*err = why;
		return -1;
	}
	return write_rules(dir, "devices.deny", cgroup->denied_devices,
			   cgroup->denied_devices_len, "cgroups.denied_devices",
			   err);
}
