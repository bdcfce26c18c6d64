/*
 * v1_limits.c  [outside]  cgroup v1: write the numbers
 *
 * One row per controller: which key of the config asks for it, and what
 * writes it. Most limits are one number into one file; those with an order of
 * their own have a function:
 *
 *	memory  limit <= memsw holds at every moment: going up, memsw goes
 *	        first; going down, the limit does
 *	cpuset  empty at birth, and closed to tasks until it has both lists
 *
 * Time is in v1_cpu.c, devices in device_rules.c, block devices in
 * io_limits.c. What no v1 hierarchy has may be in the v2 tree beside them
 * (hybrid): v2_limits.c.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <inttypes.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static const struct cgroup_limit memory_limit =
	LIMIT("memory.limit_in_bytes", memory);
static const struct cgroup_limit memory_memsw =
	LIMIT("memory.memsw.limit_in_bytes", memory_swap);
static const struct cgroup_limit memory_soft =
	LIMIT("memory.soft_limit_in_bytes", memory_reservation);
static const struct cgroup_limit memory_kernel =
	LIMIT("memory.kmem.limit_in_bytes", kernel_memory);

static int set_memory_and_swap(const char *dir, const struct cgroup *cgroup,
			       struct error *err)
{
	uint64_t memsw = UINT64_MAX;
	bool raise;

	if (cgroup->memory == 0 && cgroup->memory_swap == 0)
		return 0;
	if (cgroup_look_u64(dir, memory_memsw.file, &memsw, err) < 0)
		return -1;
	raise = cgroup->memory == -1 || (uint64_t)cgroup->memory > memsw;
	/* no limit of memory needs none of memory and swap together */
	if (cgroup->memory == -1 && cgroup->memory_swap == 0 &&
	    memsw != UINT64_MAX &&
	    cgroup_write(dir, memory_memsw.file, "-1", memory_limit.key, err) <
		    0)
		return -1;
	if (raise && cgroup_v1_write(dir, cgroup, &memory_memsw, err) < 0)
		return -1;
	if (cgroup_v1_write(dir, cgroup, &memory_limit, err) < 0)
		return -1;
	return raise ? 0 : cgroup_v1_write(dir, cgroup, &memory_memsw, err);
}

static int set_memory(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	cleanup_free char *swappiness =
		xasprintf("%" PRId64, cgroup->memory_swappiness);

	if (set_memory_and_swap(dir, cgroup, err) < 0 ||
	    cgroup_v1_write(dir, cgroup, &memory_soft, err) < 0 ||
	    cgroup_v1_write(dir, cgroup, &memory_kernel, err) < 0 ||
	    cgroup_v1_check(dir, cgroup, &memory_kernel, false, err) < 0)
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

/* What file says in the nearest cgroup above that says something; those in
 * between get it, too. The caller's; NULL: nobody says anything. */
static char *copied_from_above(const char *dir, const char *file,
			       struct error *err)
{
	cleanup_free char *above = xstrdup(dir), *list = NULL;
	char *slash = strrchr(above, '/');

	if (!slash)
		return NULL;
	*slash = '\0';
	if (cgroup_look(above, file, &list, err) < 0)
		return NULL;
	if (list && !*list) {
		free(list);
		list = copied_from_above(above, file, err);
	}
	if (!list || cgroup_write(dir, file, list, NULL, err) < 0)
		return NULL;
	return steal_ptr(&list);
}

int cgroup_v1_cpuset(const char *directory, bool fresh, struct error *err)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };

	for (size_t i = 0; i < 2; i++) {
		cleanup_free char *now = NULL, *list = NULL;
		struct error why = { 0 };

		if (!fresh && cgroup_look(directory, files[i], &now, err) < 0)
			return -1;
		if (now && *now)
			continue;
		list = copied_from_above(directory, files[i], &why);
		if (list || !why.errnum)
			continue;
		if (err)
			*err = why;
		return -1;
	}
	return 0;
}

static int set_net_cls(const char *dir, const struct cgroup *cgroup,
		       struct error *err)
{
	return cgroup_write_number(dir, "net_cls.classid",
				   cgroup->net_cls_classid, "",
				   "cgroups.net_cls_classid", err);
}

static int set_net_prio(const char *dir, const struct cgroup *cgroup,
			struct error *err)
{
	for (size_t i = 0; i < cgroup->net_prio_len; i++) {
		const struct interface_priority *p = &cgroup->net_prio[i];
		cleanup_free char *text =
			xasprintf("%s %" PRId64, p->interface, p->priority);

		if (cgroup_write(dir, "net_prio.ifpriomap", text, NULL, err) <
		    0)
			return error_wrap(err,
					  "cgroups.net_prio_ifpriomap[%zu]", i);
	}
	return 0;
}

/* When the container runs: a frozen child could not even begin. */
static int set_freezer(const char *dir, const struct cgroup *cgroup,
		       struct error *err)
{
	(void)dir;
	(void)cgroup;
	(void)err;
	return 0;
}

static int set_hugetlb(const char *dir, const struct cgroup *cgroup,
		       struct error *err)
{
	return cgroup_set_hugetlb(dir, "limit_in_bytes", cgroup, err);
}

static const char *asked_memory(const struct cgroup *cgroup)
{
	static const struct cgroup_limit *const rows[] = {
		&memory_limit, &memory_memsw, &memory_soft, &memory_kernel
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		if (cgroup_limit_value(cgroup, rows[i]) > 0)
			return rows[i]->key;
	}
	if (cgroup->oom_kill_disable)
		return "cgroups.oom_kill_disable";
	return cgroup->memory_swappiness > 0 ? "cgroups.memory_swappiness"
					     : NULL;
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

static const char *asked_hugetlb(const struct cgroup *cgroup)
{
	return cgroup->hugetlb_limit_len > 0 ? "cgroups.hugetlb_limit" : NULL;
}

static const char *asked_net_cls(const struct cgroup *cgroup)
{
	return cgroup->net_cls_classid > 0 ? "cgroups.net_cls_classid" : NULL;
}

static const char *asked_net_prio(const struct cgroup *cgroup)
{
	return cgroup->net_prio_len > 0 ? "cgroups.net_prio_ifpriomap" : NULL;
}

static const char *asked_freezer(const struct cgroup *cgroup)
{
	return cgroup->freezer && strcmp(cgroup->freezer, "FROZEN") == 0
		       ? "cgroups.freezer"
		       : NULL;
}

static const struct controller {
	const char *name, *v2; /* v2: its name in the tree beside v1's      */
	const char *(*asked)(const struct cgroup *cgroup);
	int (*set)(const char *dir, const struct cgroup *cgroup,
		   struct error *err);
} controllers[] = {
	{ "memory", "memory", asked_memory, set_memory },
	{ "cpu", "cpu", cgroup_v1_asked_cpu, cgroup_v1_set_cpu },
	{ "cpuset", "cpuset", asked_cpuset, cgroup_set_cpuset },
	{ "pids", "pids", asked_pids, cgroup_set_pids },
	{ "blkio", "io", cgroup_asked_io, cgroup_v1_set_io },
	{ "hugetlb", "hugetlb", asked_hugetlb, set_hugetlb },
	{ "net_cls", NULL, asked_net_cls, set_net_cls },
	{ "net_prio", NULL, asked_net_prio, set_net_prio },
	{ "freezer", NULL, asked_freezer, set_freezer },
	{ "devices", NULL, cgroup_asked_devices, cgroup_v1_set_devices },
};

static int refuse_unified(const struct cgroup_manager *m, struct error *err)
{
	if (m->left_out_len > 0 && !*m->left_out[0].controller)
		return cgroup_not_there(m, "", "cgroups.unified", err);
	return error_set(err, ERROR_CONFIG_INVALID,
			 "cgroups.unified: these are cgroup v1's hierarchies, "
			 "unified files are v2's");
}

/* Is there a controller for all that is asked for? */
static int check_there(const struct cgroup_manager *m,
		       const struct cgroup *cgroup, const char *beside,
		       struct error *err)
{
	for (size_t i = 0; i < LEN(controllers); i++) {
		const struct controller *c = &controllers[i];
		const char *key = c->asked(cgroup);
		int there = 0;

		if (!key || cgroup_v1_path(m, c->name))
			continue;
		if (beside && c->v2)
			there = cgroup_v2_has(beside, c->v2, err);
		if (there == 0)
			return cgroup_not_there(m, c->name, key, err);
		if (there < 0)
			return error_wrap(err, "%s", key);
	}
	return cgroup->unified_len > 0 && !beside ? refuse_unified(m, err) : 0;
}

int cgroup_v1_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err)
{
	const char *beside = cgroup_v2_path(m);

	if (check_there(m, cgroup, beside, err) < 0)
		return -1;
	for (size_t i = 0; i < LEN(controllers); i++) {
		const struct controller *c = &controllers[i];
		const char *dir = cgroup_v1_path(m, c->name);

		if (!dir || (c->set == cgroup_v1_set_devices &&
			     cgroup_same_devices(m, cgroup)))
			continue;
		if (c->set(dir, cgroup, err) < 0)
			return -1;
	}
	return beside ? cgroup_v2_set_beside(beside, cgroup, err) : 0;
}
