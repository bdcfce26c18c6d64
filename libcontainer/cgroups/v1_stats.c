/*
 * v1_stats.c  [outside]  cgroup v1: read the figures
 *
 * A file that is not there leaves its figure 0: which ones exist depends on
 * how the kernel was built.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* cpuacct.stat counts in clock ticks. */
static uint64_t ticks_to_ns(uint64_t ticks)
{
	return ticks * (UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK));
}

static void read_percpu(const char *dir, struct cpu_usage *usage)
{
	cleanup_free char *text = cgroup_read(dir, "cpuacct.usage_percpu");
	char *p = text, *end;

	for (; p && *p; p = end) {
		uint64_t value = strtoull(p, &end, 10);

		if (end == p)
			break;
		number_list_append(&usage->percpu, &usage->percpu_len, value);
	}
}

/* "cpu user system", then a line of nanoseconds for each processor. */
static void read_percpu_modes(const char *dir, struct cpu_usage *usage)
{
	cleanup_free char *text = cgroup_read(dir, "cpuacct.usage_all");
	unsigned long long user, system;

	for (const char *p = text; p && *p; p += *p == '\n') {
		if (sscanf(p, "%*u %llu %llu", &user, &system) == 2) {
			number_list_append(&usage->percpu_usermode,
					   &usage->percpu_usermode_len, user);
			number_list_append(&usage->percpu_kernelmode,
					   &usage->percpu_kernelmode_len,
					   system);
		}
		p += strcspn(p, "\n");
	}
}

static void stats_cpuacct(const char *dir, struct cgroup_stats *stats)
{
	struct cpu_usage *usage = &stats->cpu.usage;

	cgroup_read_u64(dir, "cpuacct.usage", &usage->total);
	read_percpu(dir, usage);
	read_percpu_modes(dir, usage);
	if (cgroup_read_key(dir, "cpuacct.stat", "user", &usage->in_usermode))
		usage->in_usermode = ticks_to_ns(usage->in_usermode);
	if (cgroup_read_key(dir, "cpuacct.stat", "system",
			    &usage->in_kernelmode))
		usage->in_kernelmode = ticks_to_ns(usage->in_kernelmode);
}

static void stats_cpu(const char *dir, struct cgroup_stats *stats)
{
	struct throttling_data *data = &stats->cpu.throttling;

	cgroup_read_key(dir, "cpu.stat", "nr_periods", &data->periods);
	cgroup_read_key(dir, "cpu.stat", "nr_throttled",
			&data->throttled_periods);
	cgroup_read_key(dir, "cpu.stat", "throttled_time",
			&data->throttled_time);
}

static void stats_cpuset(const char *dir, struct cgroup_stats *stats)
{
	struct cpuset_stats *set = &stats->cpuset;
	cleanup_free char *cpus = cgroup_read(dir, "cpuset.cpus");
	cleanup_free char *mems = cgroup_read(dir, "cpuset.mems");
	cleanup_free char *level =
		cgroup_read(dir, "cpuset.sched_relax_domain_level");
	const struct {
		const char *file;
		uint64_t *value;
	} rows[] = {
		{ "cpuset.cpu_exclusive", &set->cpu_exclusive },
		{ "cpuset.mem_exclusive", &set->mem_exclusive },
		{ "cpuset.mem_hardwall", &set->mem_hardwall },
		{ "cpuset.memory_migrate", &set->memory_migrate },
		{ "cpuset.memory_spread_page", &set->memory_spread_page },
		{ "cpuset.memory_spread_slab", &set->memory_spread_slab },
		{ "cpuset.memory_pressure", &set->memory_pressure },
		{ "cpuset.sched_load_balance", &set->sched_load_balance },
	};

	cpu_list_parse(&set->cpus, &set->cpus_len, cpus ? cpus : "");
	cpu_list_parse(&set->mems, &set->mems_len, mems ? mems : "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cgroup_read_u64(dir, rows[i].file, rows[i].value);
	/* the one number that may be negative */
	if (level)
		set->sched_relax_domain_level = strtoll(level, NULL, 10);
}

static void read_memory_data(const char *dir, const char *kind,
			     struct memory_data *data)
{
	const struct {
		const char *file;
		uint64_t *value;
	} rows[] = {
		{ "usage_in_bytes", &data->usage },
		{ "max_usage_in_bytes", &data->max_usage },
		{ "failcnt", &data->failcnt },
		{ "limit_in_bytes", &data->limit },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_free char *file =
			xasprintf("memory.%s%s", kind, rows[i].file);

		cgroup_read_u64(dir, file, rows[i].value);
	}
}

static void stats_memory(const char *dir, struct cgroup_stats *stats)
{
	struct memory_stats *memory = &stats->memory;
	cleanup_free char *text = cgroup_read(dir, "memory.stat");

	if (text)
		named_values_parse(&memory->stats, text);
	memory->cache = named_values_get(&memory->stats, "cache");
	read_memory_data(dir, "", &memory->usage);
	read_memory_data(dir, "memsw.", &memory->swap);
	read_memory_data(dir, "kmem.", &memory->kernel);
	read_memory_data(dir, "kmem.tcp.", &memory->kernel_tcp);
}

static void stats_pids(const char *dir, struct cgroup_stats *stats)
{
	cgroup_read_u64(dir, "pids.current", &stats->pids.current);
	cgroup_read_u64(dir, "pids.max", &stats->pids.limit);
}

/* Who counts depends on the I/O scheduler: the first with a device wins. */
static void read_blkio(const char *dir, const char *name,
		       struct blkio_list *list)
{
	static const char *const schedulers[] = { "bfq.", "", "throttle." };

	for (size_t i = 0; i < 3 && list->len == 0; i++) {
		cleanup_free char *file =
			xasprintf("blkio.%s%s_recursive", schedulers[i], name);
		cleanup_free char *text = cgroup_read(dir, file);

		if (text)
			blkio_list_parse(list, text);
	}
}

static void stats_blkio(const char *dir, struct cgroup_stats *stats)
{
	struct blkio_stats *blkio = &stats->blkio;

	read_blkio(dir, "io_service_bytes", &blkio->service_bytes);
	read_blkio(dir, "io_serviced", &blkio->serviced);
	read_blkio(dir, "io_queued", &blkio->queued);
	read_blkio(dir, "io_service_time", &blkio->service_time);
	read_blkio(dir, "io_wait_time", &blkio->wait_time);
	read_blkio(dir, "io_merged", &blkio->merged);
	read_blkio(dir, "time", &blkio->time);
	read_blkio(dir, "sectors", &blkio->sectors);
}

static void stats_hugetlb(const char *dir, struct cgroup_stats *stats)
{
	cgroup_hugetlb_stats(dir, ".usage_in_bytes", stats);
	for (size_t i = 0; i < stats->hugetlb_len; i++) {
		struct hugetlb_stats *h = &stats->hugetlb[i];
		cleanup_free char *max = xasprintf(
			"hugetlb.%s.max_usage_in_bytes", h->page_size);
		cleanup_free char *failcnt =
			xasprintf("hugetlb.%s.failcnt", h->page_size);

		cgroup_read_u64(dir, max, &h->max_usage);
		cgroup_read_u64(dir, failcnt, &h->failcnt);
	}
}

static const struct {
	const char *name;
	void (*stats)(const char *dir, struct cgroup_stats *stats);
} readers[] = {
	{ "cpuacct", stats_cpuacct }, { "cpu", stats_cpu },
	{ "memory", stats_memory },   { "pids", stats_pids },
	{ "blkio", stats_blkio },     { "cpuset", stats_cpuset },
	{ "hugetlb", stats_hugetlb },
};

int cgroup_v1_stats(struct cgroup_manager *m, struct cgroup_stats *stats,
		    struct error *err)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		const char *dir = cgroup_v1_path(m, readers[i].name);
		struct stat st;

		if (!dir)
			continue;
		if (stat(dir, &st) < 0) {
			cgroup_stats_free(stats);
			return error_errno(err, "cgroup %s", dir);
		}
		readers[i].stats(dir, stats);
	}
	if (cgroup_v2_path(m) && stats->hugetlb_len == 0)
		cgroup_v2_hugetlb_stats(cgroup_v2_path(m), stats);
	return 0;
}
