/*
 * v2_stats.c  [outside]  cgroup v2: read the figures
 *
 * The same figures as v1's, from v2's files; v2 counts microseconds and has
 * none per cpu. Swap is swap alone here.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <sys/stat.h>

static void read_us(const char *dir, const char *key, uint64_t *ns)
{
	uint64_t us;

	if (cgroup_read_key(dir, "cpu.stat", key, &us))
		*ns = us * 1000;
}

static void stats_cpu(const char *dir, struct cpu_stats *cpu)
{
	read_us(dir, "usage_usec", &cpu->usage.total);
	read_us(dir, "user_usec", &cpu->usage.in_usermode);
	read_us(dir, "system_usec", &cpu->usage.in_kernelmode);
	cgroup_read_key(dir, "cpu.stat", "nr_periods",
			&cpu->throttling.periods);
	cgroup_read_key(dir, "cpu.stat", "nr_throttled",
			&cpu->throttling.throttled_periods);
	read_us(dir, "throttled_usec", &cpu->throttling.throttled_time);
}

static void stats_memory(const char *dir, struct memory_stats *memory)
{
	cleanup_free char *text = cgroup_read(dir, "memory.stat");

	if (text)
		named_values_parse(&memory->stats, text);
	memory->cache = named_values_get(&memory->stats, "file");
	memory->kernel.usage = named_values_get(&memory->stats, "kernel");
	cgroup_read_u64(dir, "memory.current", &memory->usage.usage);
	cgroup_read_u64(dir, "memory.peak", &memory->usage.max_usage);
	cgroup_read_u64(dir, "memory.max", &memory->usage.limit);
	cgroup_read_key(dir, "memory.events", "max", &memory->usage.failcnt);
	cgroup_read_u64(dir, "memory.swap.current", &memory->swap.usage);
	cgroup_read_u64(dir, "memory.swap.peak", &memory->swap.max_usage);
	cgroup_read_u64(dir, "memory.swap.max", &memory->swap.limit);
	cgroup_read_key(dir, "memory.swap.events", "max",
			&memory->swap.failcnt);
}

static void stats_cpuset(const char *dir, struct cpuset_stats *set)
{
	cleanup_free char *cpus = cgroup_read(dir, "cpuset.cpus.effective");
	cleanup_free char *mems = cgroup_read(dir, "cpuset.mems.effective");

	cpu_list_parse(&set->cpus, &set->cpus_len, cpus ? cpus : "");
	cpu_list_parse(&set->mems, &set->mems_len, mems ? mems : "");
}

void cgroup_v2_hugetlb_stats(const char *dir, struct cgroup_stats *stats)
{
	cgroup_hugetlb_stats(dir, ".current", stats);
	for (size_t i = 0; i < stats->hugetlb_len; i++) {
		struct hugetlb_stats *h = &stats->hugetlb[i];
		cleanup_free char *events =
			xasprintf("hugetlb.%s.events", h->page_size);

		cgroup_read_key(dir, events, "max", &h->failcnt);
	}
}

int cgroup_v2_stats(struct cgroup_manager *m, struct cgroup_stats *stats,
		    struct error *err)
{
	const char *dir = m->paths[0].path;
	cleanup_free char *io = cgroup_read(dir, "io.stat");
	struct stat st;

	if (stat(dir, &st) < 0)
		return error_errno(err, "cgroup %s", dir);
	stats_cpu(dir, &stats->cpu);
	stats_memory(dir, &stats->memory);
	stats_cpuset(dir, &stats->cpuset);
	cgroup_v2_hugetlb_stats(dir, stats);
	cgroup_read_u64(dir, "pids.current", &stats->pids.current);
	cgroup_read_u64(dir, "pids.max", &stats->pids.limit);
	if (io)
		blkio_stats_parse_io(&stats->blkio, io);
	return 0;
}
