/*
 * v1_cpu.c  [outside]  cgroup v1: shares, quotas and real-time budgets
 *
 * A quota must fit its period at every moment, so the one is written first
 * that the kernel takes. A real-time budget is part of the parent's, and a
 * new cgroup has none: a parent that was made for the container is given as
 * much more as it needs, out of its own parent's. That goes when the parent
 * does, with the last container in it.
 * Source: Documentation/scheduler/sched-bwc.rst, sched-rt-group.rst.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/paths.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { RT_PERIOD_MAX = 1000000000 }; /* us; beyond it we calculate nothing */

static const struct cgroup_limit cpu_shares = LIMIT("cpu.shares", cpu_shares);
static const struct cgroup_limit cpu_period =
	LIMIT("cpu.cfs_period_us", cpu_period);
static const struct cgroup_limit cpu_quota =
	LIMIT("cpu.cfs_quota_us", cpu_quota);
static const struct cgroup_limit cpu_rt_period =
	LIMIT("cpu.rt_period_us", cpu_rt_period);
static const struct cgroup_limit cpu_rt_runtime =
	LIMIT("cpu.rt_runtime_us", cpu_rt_runtime);

/* Two limits of which each must fit the other: in either order. */
static int write_pair(const char *dir, const struct cgroup *cgroup,
		      const struct cgroup_limit *period,
		      const struct cgroup_limit *share, struct error *err)
{
	struct error first = { 0 };

	if (cgroup_v1_write(dir, cgroup, period, &first) == 0)
		return cgroup_v1_write(dir, cgroup, share, err);
	if (first.errnum != EINVAL || cgroup_limit_value(cgroup, share) == 0) {
		if (err)
			*err = first;
		return -1;
	}
	if (cgroup_v1_write(dir, cgroup, share, err) < 0)
		return -1;
	return cgroup_v1_write(dir, cgroup, period, err);
}

/* Give directory more real-time, as much as a child of it needs, which is part
 * of 1000000. Those above it first, as many as are the container's own. */
static void grow_realtime(const char *directory, size_t levels, uint64_t part)
{
	cleanup_free char *above = xstrdup(directory), *text = NULL;
	uint64_t now, period;

	if (levels == 0 ||
	    !cgroup_read_u64(directory, cpu_rt_runtime.file, &now) ||
	    !cgroup_read_u64(directory, cpu_rt_period.file, &period))
		return;
	*strrchr(above, '/') = '\0';
	grow_realtime(above, levels - 1, part);
	text = xasprintf("%" PRIu64, now + part * period / 1000000 + 1);
	cgroup_write(directory, cpu_rt_runtime.file, text, NULL, NULL);
}

static int set_realtime(const char *dir, const struct cgroup *cgroup,
			struct error *err)
{
	cleanup_free char *place = cgroup_place(cgroup, NULL);
	cleanup_free char *above = xstrdup(dir);
	int64_t runtime = cgroup->cpu_rt_runtime, period = 1000000;
	struct error why = { 0 };
	size_t levels = 0;

	if (write_pair(dir, cgroup, &cpu_rt_period, &cpu_rt_runtime, &why) == 0)
		return 0;
	/* an absolute parent's budget is not ours to change */
	for (const char *p = place; p && *place != '/' && *p; p++)
		levels += *p == '/';
	if (cgroup->cpu_rt_period > 0)
		period = cgroup->cpu_rt_period;
	if (why.errnum == EINVAL && runtime > 0 && runtime <= period &&
	    period <= RT_PERIOD_MAX) {
		*strrchr(above, '/') = '\0';
		grow_realtime(above, levels,
			      (uint64_t)(runtime * 1000000 / period));
	}
	return write_pair(dir, cgroup, &cpu_rt_period, &cpu_rt_runtime, err);
}

int cgroup_v1_set_cpu(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	/* the kernel bends shares into its range without a word */
	if (cgroup_v1_write(dir, cgroup, &cpu_shares, err) < 0 ||
	    cgroup_v1_check(dir, cgroup, &cpu_shares, true, err) < 0 ||
	    set_realtime(dir, cgroup, err) < 0)
		return -1;
	return write_pair(dir, cgroup, &cpu_period, &cpu_quota, err);
}

const char *cgroup_v1_asked_cpu(const struct cgroup *cgroup)
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
