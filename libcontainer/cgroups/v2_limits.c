/*
 * v2_limits.c  [outside]  cgroup v2: write the numbers
 *
 * The config speaks v1's language; here it is translated:
 *
 *	cpu_shares   cpu.weight = 1 + ((shares - 2) * 9999) / 262142
 *	             (2..262144 becomes 1..10000)
 *	cpu_quota    cpu.max = "QUOTA PERIOD", one file
 *	memory_swap  counted memory and swap together; memory.swap.max counts
 *	             swap alone: memory_swap - memory
 *
 * What v2 cannot do (kernel memory, real-time shares, an OOM killer that is
 * off, swappiness, network classes and priorities) is refused when it is asked
 * for. A swappiness of 0 is passed over: 2015's files all say it, meaning
 * nothing.
 *
 * On a hybrid machine the same rows serve those controllers that v1's
 * hierarchies lack.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/devices_bpf.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { DEFAULT_PERIOD = 100000, SHARES_MIN = 2, SHARES_MAX = 262144 };

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static int refuse(const char *key, struct error *err)
{
	return error_set(err, ERROR_CONFIG_INVALID,
			 "%s: cgroup v2 has no such limit", key);
}

static int set_swap(const char *dir, const struct cgroup *cgroup,
		    struct error *err)
{
	static const char key[] = "cgroups.memory_swap";
	cleanup_free char *text = NULL;

	if (cgroup->memory_swap == 0)
		return 0;
	if (cgroup->memory_swap == -1)
		return cgroup_write(dir, "memory.swap.max", "max", key, err);
	if (cgroup->memory <= 0 || cgroup->memory_swap < cgroup->memory)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: it counts memory and swap together, so "
				 "it needs cgroups.memory, and not less",
				 key);
	text = xasprintf("%" PRId64, cgroup->memory_swap - cgroup->memory);
	return cgroup_write(dir, "memory.swap.max", text, key, err);
}

static int set_memory(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	if (cgroup->kernel_memory > 0)
		return refuse("cgroups.kernel_memory", err);
	if (cgroup->memory_swappiness > 0)
		return refuse("cgroups.memory_swappiness", err);
	if (cgroup->oom_kill_disable)
		return refuse("cgroups.oom_kill_disable", err);
	if (cgroup_write_number(dir, "memory.max", cgroup->memory, "max",
				"cgroups.memory", err) < 0 ||
	    cgroup_write_number(dir, "memory.low", cgroup->memory_reservation,
				"max", "cgroups.memory_reservation", err) < 0)
		return -1;
	return set_swap(dir, cgroup, err);
}

static int set_cpu(const char *dir, const struct cgroup *cgroup,
		   struct error *err)
{
	int64_t shares = cgroup->cpu_shares, period = cgroup->cpu_period;
	cleanup_free char *quota = NULL, *text = NULL;

	if (cgroup->cpu_rt_runtime > 0 || cgroup->cpu_rt_period > 0)
		return refuse(cgroup->cpu_rt_runtime > 0
				      ? "cgroups.cpu_rt_runtime"
				      : "cgroups.cpu_rt_period",
			      err);
	if (shares != 0 && (shares < SHARES_MIN || shares > SHARES_MAX))
		return error_set(err, ERROR_CONFIG_INVALID,
				 "cgroups.cpu_shares: %" PRId64
				 " is not within 2..262144",
				 shares);
	if (shares != 0 &&
	    cgroup_write_number(dir, "cpu.weight",
				1 + ((shares - 2) * 9999) / 262142, "",
				"cgroups.cpu_shares", err) < 0)
		return -1;
	if (cgroup->cpu_quota == 0 && period == 0)
		return 0;
	quota = cgroup->cpu_quota > 0 ? xasprintf("%" PRId64, cgroup->cpu_quota)
				      : xstrdup("max");
	text = xasprintf("%s %" PRId64, quota,
			 period ? period : DEFAULT_PERIOD);
	return cgroup_write(dir, "cpu.max", text,
			    cgroup->cpu_quota ? "cgroups.cpu_quota"
					      : "cgroups.cpu_period",
			    err);
}

static int set_hugetlb(const char *dir, const struct cgroup *cgroup,
		       struct error *err)
{
	return cgroup_set_hugetlb(dir, "max", cgroup, err);
}

static int set_unified(const char *dir, const struct cgroup *cgroup,
		       struct error *err)
{
	for (size_t i = 0; i < cgroup->unified_len; i++) {
		const struct unified_key *row = &cgroup->unified[i];

		/* a file of a controller in this very directory */
		if (!strchr(row->file, '.') || strchr(row->file, '/') ||
		    strncmp(row->file, "cgroup.", 7) == 0)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "cgroups.unified: \"%s\" is no file "
					 "of a controller",
					 row->file);
		if (cgroup_write(dir, row->file, row->value, "cgroups.unified",
				 err) < 0)
			return -1;
	}
	return 0;
}

static int set_devices(const char *dir, const struct cgroup *cgroup,
		       struct error *err)
{
	const char *key = cgroup_asked_devices(cgroup);

	if (devices_bpf_attach(dir, cgroup, err) == 0)
		return 0;
	/* nobody asked for rules: then the host's permissions must do */
	if (!key)
		return 0;
	return error_wrap(err, "%s: cgroup v2 needs BPF for device rules", key);
}

static bool given(const char *text)
{
	return text && *text;
}

static bool asks_memory(const struct cgroup *cgroup)
{
	return cgroup->memory > 0 || cgroup->memory_reservation > 0 ||
	       cgroup->memory_swap > 0;
}

static bool asks_cpu(const struct cgroup *cgroup)
{
	return cgroup->cpu_shares > 0 || cgroup->cpu_quota > 0 ||
	       cgroup->cpu_period > 0;
}

static bool asks_cpuset(const struct cgroup *cgroup)
{
	return given(cgroup->cpuset_cpus) || given(cgroup->cpuset_mems);
}

static bool asks_pids(const struct cgroup *cgroup)
{
	return cgroup->pids_limit > 0;
}

static bool asks_io(const struct cgroup *cgroup)
{
	return cgroup_asked_io(cgroup) != NULL;
}

static bool asks_hugetlb(const struct cgroup *cgroup)
{
	return cgroup->hugetlb_limit_len > 0;
}

static const struct controller {
	const char *name;
	bool (*asks)(const struct cgroup *cgroup);
	int (*set)(const char *dir, const struct cgroup *cgroup,
		   struct error *err);
} controllers[] = {
	{ "memory", asks_memory, set_memory },
	{ "cpu", asks_cpu, set_cpu },
	{ "cpuset", asks_cpuset, cgroup_set_cpuset },
	{ "pids", asks_pids, cgroup_set_pids },
	{ "io", asks_io, cgroup_v2_set_io },
	{ "hugetlb", asks_hugetlb, set_hugetlb },
};

int cgroup_v2_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err)
{
	const char *dir = m->paths[0].path;

	if (cgroup->net_cls_classid > 0)
		return refuse("cgroups.net_cls_classid", err);
	if (cgroup->net_prio_len > 0)
		return refuse("cgroups.net_prio_ifpriomap", err);
	for (size_t i = 0; i < LEN(controllers); i++)
		if (controllers[i].set(dir, cgroup, err) < 0)
			return -1;
	if (set_unified(dir, cgroup, err) < 0)
		return -1;
	return cgroup_same_devices(m, cgroup) ? 0
					      : set_devices(dir, cgroup, err);
}

int cgroup_v2_set_beside(const char *directory, const struct cgroup *cgroup,
			 struct error *err)
{
	for (size_t i = 0; i < LEN(controllers); i++) {
		int has = cgroup_v2_has(directory, controllers[i].name, err);

		if (has < 0 ||
		    (has && controllers[i].set(directory, cgroup, err) < 0))
			return -1;
	}
	return set_unified(directory, cgroup, err);
}

bool cgroup_v2_wants(const struct cgroup *cgroup, const char *controller)
{
	size_t len = strlen(controller);

	for (size_t i = 0; i < cgroup->unified_len; i++) {
		const char *file = cgroup->unified[i].file;

		if (strncmp(file, controller, len) == 0 && file[len] == '.')
			return true;
	}
	for (size_t i = 0; i < LEN(controllers); i++)
		if (strcmp(controllers[i].name, controller) == 0)
			return controllers[i].asks(cgroup);
	return false;
}
