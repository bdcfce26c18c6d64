/*
 * v1_limits.c  [outside]  cgroup v1: write the numbers
 *
 * One row per controller: which key of the config asks for it, and what
 * writes it. Most limits are one number into one file; those with an order of
 * their own have a function:
 *
 *	memory  limit <= memsw holds at every moment: going up, memsw goes
 *	        first; going down, the limit does
 *	cpu     a period must fit the quota that is there; the other way
 *	        round when the kernel says EINVAL
 *	devices a new cgroup inherits what its parent may; "a" to devices.deny
 *	        forbids all, then each rule opens one thing
 *	cpuset  empty at birth, and closed to tasks until it has both lists
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/mounts.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int write_row(const char *dir, const struct cgroup *cgroup,
		     const struct cgroup_limit *row, struct error *err)
{
	return cgroup_write_number(dir, row->file,
				   cgroup_limit_value(cgroup, row), "-1",
				   row->key, err);
}

static const struct cgroup_limit memory_limit =
	LIMIT("memory.limit_in_bytes", memory);
static const struct cgroup_limit memory_memsw =
	LIMIT("memory.memsw.limit_in_bytes", memory_swap);
static const struct cgroup_limit memory_soft =
	LIMIT("memory.soft_limit_in_bytes", memory_reservation);
static const struct cgroup_limit memory_kernel =
	LIMIT("memory.kmem.limit_in_bytes", kernel_memory);

static int set_memory(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	cleanup_free char *swappiness =
		xasprintf("%" PRId64, cgroup->memory_swappiness);
	uint64_t memsw = UINT64_MAX;
	bool raise;

	cgroup_read_u64(dir, memory_memsw.file, &memsw);
	raise = cgroup->memory == -1 || (uint64_t)cgroup->memory > memsw;
	/* no limit of memory needs none of memory and swap together */
	if (cgroup->memory == -1 && cgroup->memory_swap == 0 &&
	    memsw != UINT64_MAX &&
	    cgroup_write(dir, memory_memsw.file, "-1", memory_limit.key, err) <
		    0)
		return -1;
	if (raise && write_row(dir, cgroup, &memory_memsw, err) < 0)
		return -1;
	if (write_row(dir, cgroup, &memory_limit, err) < 0)
		return -1;
	if (!raise && write_row(dir, cgroup, &memory_memsw, err) < 0)
		return -1;
	if (write_row(dir, cgroup, &memory_soft, err) < 0 ||
	    write_row(dir, cgroup, &memory_kernel, err) < 0)
		return -1;
	if (cgroup->oom_kill_disable &&
	    cgroup_write(dir, "memory.oom_control", "1",
			 "cgroups.oom_kill_disable", err) < 0)
		return -1;
	if (cgroup->memory_swappiness < 0)
		return 0;
	return cgroup_write(dir, "memory.swappiness", swappiness,
			    "cgroups.memory_swappiness", err);
}

static const struct cgroup_limit cpu_shares = LIMIT("cpu.shares", cpu_shares);
static const struct cgroup_limit cpu_period =
	LIMIT("cpu.cfs_period_us", cpu_period);
static const struct cgroup_limit cpu_quota =
	LIMIT("cpu.cfs_quota_us", cpu_quota);
static const struct cgroup_limit cpu_rt_period =
	LIMIT("cpu.rt_period_us", cpu_rt_period);
static const struct cgroup_limit cpu_rt_runtime =
	LIMIT("cpu.rt_runtime_us", cpu_rt_runtime);

/* The kernel bends shares into its range without a word. */
static int set_shares(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	uint64_t now;

	if (write_row(dir, cgroup, &cpu_shares, err) < 0)
		return -1;
	if (cgroup->cpu_shares > 0 &&
	    cgroup_read_u64(dir, cpu_shares.file, &now) &&
	    now != (uint64_t)cgroup->cpu_shares)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: write \"%" PRId64 "\" to %s/%s: the "
				 "kernel made it %" PRIu64,
				 cpu_shares.key, cgroup->cpu_shares, dir,
				 cpu_shares.file, now);
	return 0;
}

static int set_cpu(const char *dir, const struct cgroup *cgroup,
		   struct error *err)
{
	struct error first = { 0 };

	if (set_shares(dir, cgroup, err) < 0 ||
	    write_row(dir, cgroup, &cpu_rt_period, err) < 0 ||
	    write_row(dir, cgroup, &cpu_rt_runtime, err) < 0)
		return -1;
	if (write_row(dir, cgroup, &cpu_period, &first) == 0)
		return write_row(dir, cgroup, &cpu_quota, err);
	if (first.errnum != EINVAL || cgroup->cpu_quota == 0) {
		if (err)
			*err = first;
		return -1;
	}
	if (write_row(dir, cgroup, &cpu_quota, err) < 0)
		return -1;
	return write_row(dir, cgroup, &cpu_period, err);
}

static int copy_from_above(const char *dir, const char *file, struct error *err)
{
	cleanup_free char *above = xstrdup(dir);
	cleanup_free char *now = cgroup_read(dir, file), *list = NULL;
	char *slash = strrchr(above, '/');

	if (!now || *now || !slash)
		return 0;
	*slash = '\0';
	if (copy_from_above(above, file, err) < 0)
		return -1;
	list = cgroup_read(above, file);
	return list && *list ? cgroup_write(dir, file, list, NULL, err) : 0;
}

int cgroup_v1_cpuset(const char *directory, struct error *err)
{
	if (copy_from_above(directory, "cpuset.cpus", err) < 0)
		return -1;
	return copy_from_above(directory, "cpuset.mems", err);
}

static int set_cpuset(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	if (cgroup->cpuset_cpus && *cgroup->cpuset_cpus &&
	    cgroup_write(dir, "cpuset.cpus", cgroup->cpuset_cpus,
			 "cgroups.cpuset_cpus", err) < 0)
		return -1;
	if (cgroup->cpuset_mems && *cgroup->cpuset_mems)
		return cgroup_write(dir, "cpuset.mems", cgroup->cpuset_mems,
				    "cgroups.cpuset_mems", err);
	return 0;
}

static int set_pids(const char *dir, const struct cgroup *cgroup,
		    struct error *err)
{
	return cgroup_write_number(dir, "pids.max", cgroup->pids_limit, "max",
				   "cgroups.pids_limit", err);
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
	for (size_t i = 0; i < len; i++) {
		cleanup_free char *rule = device_rule(&devices[i]);

		if (!rule)
			continue;
		if (cgroup_write(dir, file, rule, NULL, err) < 0)
			return error_wrap(err, "%s[%zu]", key, i);
	}
	return 0;
}

static int set_devices(const char *dir, const struct cgroup *cgroup,
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

static const char *asked_memory(const struct cgroup *cgroup)
{
	static const struct cgroup_limit *const rows[] = {
		&memory_limit, &memory_memsw, &memory_soft, &memory_kernel
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (cgroup_limit_value(cgroup, rows[i]) > 0)
			return rows[i]->key;
	}
	if (cgroup->oom_kill_disable)
		return "cgroups.oom_kill_disable";
	return cgroup->memory_swappiness > 0 ? "cgroups.memory_swappiness"
					     : NULL;
}

static const char *asked_cpu(const struct cgroup *cgroup)
{
	static const struct cgroup_limit *const rows[] = {
		&cpu_shares, &cpu_quota, &cpu_period, &cpu_rt_period,
		&cpu_rt_runtime
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (cgroup_limit_value(cgroup, rows[i]) > 0)
			return rows[i]->key;
	}
	return NULL;
}

static const char *asked_cpuset(const struct cgroup *cgroup)
{
	if (cgroup->cpuset_cpus && *cgroup->cpuset_cpus)
		return "cgroups.cpuset_cpus";
	if (cgroup->cpuset_mems && *cgroup->cpuset_mems)
		return "cgroups.cpuset_mems";
	return NULL;
}

static const char *asked_pids(const struct cgroup *cgroup)
{
	return cgroup->pids_limit > 0 ? "cgroups.pids_limit" : NULL;
}

static const struct controller {
	const char *name;
	const char *(*asked)(const struct cgroup *cgroup);
	int (*set)(const char *dir, const struct cgroup *cgroup,
		   struct error *err);
} controllers[] = {
	{ "memory", asked_memory, set_memory },
	{ "cpu", asked_cpu, set_cpu },
	{ "cpuset", asked_cpuset, set_cpuset },
	{ "pids", asked_pids, set_pids },
	{ "devices", cgroup_asked_devices, set_devices },
};

bool cgroup_v1_asks(const struct cgroup *cgroup, const char *list)
{
	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]);
	     i++) {
		if ((!list || cgroup_list_has(list, controllers[i].name)) &&
		    controllers[i].asked(cgroup))
			return true;
	}
	return false;
}

int cgroup_v1_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err)
{
	if (cgroup->unified_len > 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "cgroups.unified: these are cgroup v1's "
				 "hierarchies, unified files are v2's");
	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]);
	     i++) {
		const struct controller *c = &controllers[i];
		const char *dir = cgroup_v1_path(m, c->name);
		const char *key = c->asked(cgroup);

		if (!dir && key)
			return error_set(err, ERROR_SYSTEM,
					 "%s: the %s cgroup controller is not "
					 "mounted",
					 key, c->name);
		if (!dir ||
		    (c->set == set_devices && cgroup_same_devices(m, cgroup)))
			continue;
		if (c->set(dir, cgroup, err) < 0)
			return -1;
	}
	return 0;
}
