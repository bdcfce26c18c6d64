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

#include <stdlib.h>
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
		usage->percpu =
			xreallocarray(usage->percpu, usage->percpu_len + 1,
				      sizeof(*usage->percpu));
		usage->percpu[usage->percpu_len++] = value;
	}
}

static void stats_cpuacct(const char *dir, struct cgroup_stats *stats)
{
	struct cpu_usage *usage = &stats->cpu.usage;

	cgroup_read_u64(dir, "cpuacct.usage", &usage->total);
	read_percpu(dir, usage);
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

static const struct {
	const char *name;
	void (*stats)(const char *dir, struct cgroup_stats *stats);
} readers[] = {
	{ "cpuacct", stats_cpuacct }, { "cpu", stats_cpu },
	{ "memory", stats_memory },   { "pids", stats_pids },
	{ "blkio", stats_blkio },
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
	return 0;
}
