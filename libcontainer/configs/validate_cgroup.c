/* validate_cgroup.c  [both]  the rules for a config's cgroups
 *
 * Here stands what the kernel would take and put somewhere else, and what every
 * kernel refuses with no more than "Invalid argument". What depends on the
 * machine (a cpuset that is not there) is left to the kernel, which knows it.
 */
#include "libcontainer/configs/validate.h"

#include "libcontainer/configs/names.h"

#include <string.h>

enum { QUOTA_MIN = 1000, PERIOD_MIN = 1000, PERIOD_MAX = 1000000 }; /* us */
enum { WEIGHT_MIN = 10, WEIGHT_MAX = 1000 };

static int check_place(const struct cgroup *c, struct error *err)
{
	if (c->name && (strchr(c->name, '/') || !strcmp(c->name, ".") ||
			!strcmp(c->name, "..")))
		return invalid(err,
			       "cgroups.name: \"%s\" is not the name of "
			       "one directory",
			       c->name);
	if (c->parent && path_has_dotdot(c->parent))
		return invalid(err, "cgroups.parent: \"%s\" has \"..\" in it",
			       c->parent);
	if (c->path && path_has_dotdot(c->path))
		return invalid(err, "cgroups.path: \"%s\" has \"..\" in it",
			       c->path);
	return 0;
}

static int check_rule(const char *key, size_t i, const struct device *rule,
		      struct error *err)
{
	const char *permissions = rule->permissions ? rule->permissions : "";
	size_t n = strspn(permissions, "rwm");

	if (rule->type != 'c' && rule->type != 'b' && rule->type != 'a')
		return invalid(err,
			       "cgroups.%s[%zu].type: %d is not 'c', 'b' "
			       "or 'a' (99, 98, 97)",
			       key, i, rule->type);
	if (n == 0 || n > 3 || permissions[n])
		return invalid(err,
			       "cgroups.%s[%zu].permissions: \"%s\" is "
			       "not some of \"rwm\"",
			       key, i, permissions);
	if (rule->major < -1 || rule->major > UINT32_MAX || rule->minor < -1 ||
	    rule->minor > UINT32_MAX)
		return invalid(err,
			       "cgroups.%s[%zu]: %lld:%lld is no device "
			       "number",
			       key, i, (long long)rule->major,
			       (long long)rule->minor);
	return 0;
}

/* The least that each number may be; -1 is "no limit" or "not asked for". */
static int check_numbers(const struct cgroup *c, struct error *err)
{
	const struct {
		const char *key;
		int64_t value, min, max;
	} rows[] = {
		{ "memory", c->memory, -1, INT64_MAX },
		{ "memory_reservation", c->memory_reservation, -1, INT64_MAX },
		{ "memory_swap", c->memory_swap, -1, INT64_MAX },
		{ "kernel_memory", c->kernel_memory, -1, INT64_MAX },
		{ "memory_swappiness", c->memory_swappiness, -1, 100 },
		{ "cpu_shares", c->cpu_shares, 0, INT64_MAX },
		{ "cpu_quota", c->cpu_quota, -1, INT64_MAX },
		{ "cpu_period", c->cpu_period, 0, INT64_MAX },
		{ "cpu_rt_runtime", c->cpu_rt_runtime, -1, INT64_MAX },
		{ "cpu_rt_period", c->cpu_rt_period, 0, INT64_MAX },
		{ "pids_limit", c->pids_limit, -1, INT64_MAX },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].value < rows[i].min || rows[i].value > rows[i].max)
			return invalid(err,
				       "cgroups.%s: %lld is not between "
				       "%lld and %lld",
				       rows[i].key, (long long)rows[i].value,
				       (long long)rows[i].min,
				       (long long)rows[i].max);
	return 0;
}

static int check_memory_swap(const struct cgroup *c, struct error *err)
{
	static const char why[] = "cgroups.memory_swap: counts memory and "
				  "swap together, so it";

	if (c->memory_swap <= 0)
		return 0;
	if (c->memory <= 0)
		return invalid(err,
			       "%s needs cgroups.memory, a limit of memory "
			       "alone",
			       why);
	if (c->memory_swap < c->memory)
		return invalid(err, "%s cannot be below cgroups.memory", why);
	return 0;
}

/* Source: kernel/sched/core.c, min_cfs_quota_period and its maximum, which are
 * the same since there are quotas (Linux 3.2). */
static int check_cpu_time(const struct cgroup *c, struct error *err)
{
	if (c->cpu_quota > 0 && c->cpu_quota < QUOTA_MIN)
		return invalid(err,
			       "cgroups.cpu_quota: %lld us is less than the "
			       "kernel's least, %d us",
			       (long long)c->cpu_quota, QUOTA_MIN);
	if (c->cpu_period != 0 &&
	    (c->cpu_period < PERIOD_MIN || c->cpu_period > PERIOD_MAX))
		return invalid(err,
			       "cgroups.cpu_period: %lld us is not between %d "
			       "and %d us",
			       (long long)c->cpu_period, PERIOD_MIN,
			       PERIOD_MAX);
	return 0;
}

/* What the kernel keeps of a device number: beyond, it means another one. */
static int check_device(const char *key, size_t i, int64_t major, int64_t minor,
			struct error *err)
{
	if (major >= 0 && major < 1 << 12 && minor >= 0 && minor < 1 << 20)
		return 0;
	return invalid(err, "cgroups.%s[%zu]: %lld:%lld is no block device",
		       key, i, (long long)major, (long long)minor);
}

static int check_throttles(const char *key, const struct throttle_device *list,
			   size_t len, uint64_t max, struct error *err)
{
	for (size_t i = 0; i < len; i++) {
		if (check_device(key, i, list[i].major, list[i].minor, err) < 0)
			return -1;
		if (list[i].rate > max)
			return invalid(err,
				       "cgroups.%s[%zu].rate: %llu is more "
				       "than %llu",
				       key, i, (unsigned long long)list[i].rate,
				       (unsigned long long)max);
	}
	return 0;
}

/* The kernel counts operations in 32 bits, and cuts off the rest. */
static int check_blkio(const struct cgroup *c, struct error *err)
{
	const struct weight_device *weights = c->blkio_weight_device;

	if (c->blkio_weight != 0 &&
	    (c->blkio_weight < WEIGHT_MIN || c->blkio_weight > WEIGHT_MAX))
		return invalid(err,
			       "cgroups.blkio_weight: %lld is not between %d "
			       "and %d",
			       (long long)c->blkio_weight, WEIGHT_MIN,
			       WEIGHT_MAX);
	for (size_t i = 0; i < c->blkio_weight_device_len; i++) {
		if (check_device("blkio_weight_device", i, weights[i].major,
				 weights[i].minor, err) < 0)
			return -1;
		if (weights[i].weight < WEIGHT_MIN ||
		    weights[i].weight > WEIGHT_MAX)
			return invalid(err,
				       "cgroups.blkio_weight_device[%zu]."
				       "weight: %d is not between %d and %d",
				       i, weights[i].weight, WEIGHT_MIN,
				       WEIGHT_MAX);
	}
	if (check_throttles("blkio_throttle_read_bps_device",
			    c->throttle_read_bps, c->throttle_read_bps_len,
			    UINT64_MAX, err) < 0 ||
	    check_throttles("blkio_throttle_write_bps_device",
			    c->throttle_write_bps, c->throttle_write_bps_len,
			    UINT64_MAX, err) < 0 ||
	    check_throttles("blkio_throttle_read_iops_device",
			    c->throttle_read_iops, c->throttle_read_iops_len,
			    UINT32_MAX, err) < 0)
		return -1;
	return check_throttles("blkio_throttle_write_iops_device",
			       c->throttle_write_iops,
			       c->throttle_write_iops_len, UINT32_MAX, err);
}

/* Parts of a file's name, and of a line in one. */
static int check_names(const struct cgroup *c, struct error *err)
{
	for (size_t i = 0; i < c->hugetlb_limit_len; i++) {
		const char *size = c->hugetlb_limit[i].page_size;
		size_t digits = size ? strspn(size, "0123456789") : 0;

		if (digits == 0 || (strcmp(size + digits, "KB") != 0 &&
				    strcmp(size + digits, "MB") != 0 &&
				    strcmp(size + digits, "GB") != 0))
			return invalid(err,
				       "cgroups.hugetlb_limit[%zu].page_size: "
				       "\"%s\" is not like \"2MB\"",
				       i, size ? size : "");
	}
	for (size_t i = 0; i < c->net_prio_len; i++) {
		const char *name = c->net_prio[i].interface;
		int64_t priority = c->net_prio[i].priority;

		if (!name || !*name || strpbrk(name, " \t\n/"))
			return invalid(err,
				       "cgroups.net_prio_ifpriomap[%zu]."
				       "interface: \"%s\" is no interface's "
				       "name",
				       i, name ? name : "");
		if (priority < 0 || priority > UINT32_MAX)
			return invalid(err,
				       "cgroups.net_prio_ifpriomap[%zu]."
				       "priority: %lld is not between 0 and "
				       "4294967295",
				       i, (long long)priority);
	}
	return 0;
}

int validate_cgroup(const struct cgroup *c, struct error *err)
{
	if (check_place(c, err) < 0 || check_numbers(c, err) < 0 ||
	    check_memory_swap(c, err) < 0 || check_cpu_time(c, err) < 0 ||
	    check_blkio(c, err) < 0 || check_names(c, err) < 0)
		return -1;
	for (size_t i = 0; i < c->allowed_devices_len; i++)
		if (check_rule("allowed_devices", i, &c->allowed_devices[i],
			       err) < 0)
			return -1;
	for (size_t i = 0; i < c->denied_devices_len; i++)
		if (check_rule("denied_devices", i, &c->denied_devices[i],
			       err) < 0)
			return -1;
	if (c->freezer && *c->freezer && strcmp(c->freezer, "FROZEN") != 0 &&
	    strcmp(c->freezer, "THAWED") != 0)
		return invalid(err,
			       "cgroups.freezer: \"%s\" is neither FROZEN "
			       "nor THAWED",
			       c->freezer);
	for (size_t i = 0; i < c->unified_len; i++)
		if (!*c->unified[i].file || *c->unified[i].file == '.' ||
		    strchr(c->unified[i].file, '/'))
			return invalid(err,
				       "cgroups.unified: \"%s\" is not "
				       "the name of a file",
				       c->unified[i].file);
	return 0;
}
