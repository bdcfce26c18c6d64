/* stats.c  [outside]  the figures of a container, as JSON */
#include "libcontainer/stats.h"

#include "libcontainer/configs/fields.h"
#include "libcontainer/configs/json.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdlib.h>
#include <string.h>

#define UINT64(s, k, m) FIELD(s, k, FIELD_UINT64, m)

static const struct field cpu_usage_rows[] = {
	UINT64(struct cpu_usage, "total_usage", total),
	FIELD_UINT64S(struct cpu_usage, "percpu_usage", percpu),
	FIELD_UINT64S(struct cpu_usage, "percpu_usage_in_kernelmode",
		      percpu_kernelmode),
	FIELD_UINT64S(struct cpu_usage, "percpu_usage_in_usermode",
		      percpu_usermode),
	UINT64(struct cpu_usage, "usage_in_kernelmode", in_kernelmode),
	UINT64(struct cpu_usage, "usage_in_usermode", in_usermode),
	FIELD_END,
};

static const struct field throttling_rows[] = {
	UINT64(struct throttling_data, "periods", periods),
	UINT64(struct throttling_data, "throttled_periods", throttled_periods),
	UINT64(struct throttling_data, "throttled_time", throttled_time),
	FIELD_END,
};

static const struct field cpu_rows[] = {
	FIELD_OBJECT(struct cpu_stats, "cpu_usage", usage, cpu_usage_rows),
	FIELD_OBJECT(struct cpu_stats, "throttling_data", throttling,
		     throttling_rows),
	FIELD_END,
};

static const struct field cpuset_rows[] = {
	FIELD_UINT64S(struct cpuset_stats, "cpus", cpus),
	UINT64(struct cpuset_stats, "cpu_exclusive", cpu_exclusive),
	FIELD_UINT64S(struct cpuset_stats, "mems", mems),
	UINT64(struct cpuset_stats, "mem_hardwall", mem_hardwall),
	UINT64(struct cpuset_stats, "mem_exclusive", mem_exclusive),
	UINT64(struct cpuset_stats, "memory_migrate", memory_migrate),
	UINT64(struct cpuset_stats, "memory_spread_page", memory_spread_page),
	UINT64(struct cpuset_stats, "memory_spread_slab", memory_spread_slab),
	UINT64(struct cpuset_stats, "memory_pressure", memory_pressure),
	UINT64(struct cpuset_stats, "sched_load_balance", sched_load_balance),
	FIELD(struct cpuset_stats, "sched_relax_domain_level", FIELD_INT64,
	      sched_relax_domain_level),
	FIELD_END,
};

static const struct field memory_data_rows[] = {
	UINT64(struct memory_data, "usage", usage),
	UINT64(struct memory_data, "max_usage", max_usage),
	UINT64(struct memory_data, "failcnt", failcnt),
	UINT64(struct memory_data, "limit", limit),
	FIELD_END,
};

/* Names are data here, and values are numbers: no row says that. */
static struct json *encode_values(const struct field *row, const void *object)
{
	const struct memory_stats *memory = object;
	struct json *values = json_new(JSON_OBJECT);

	(void)row;
	for (size_t i = 0; i < memory->stats.len; i++)
		json_add(values, memory->stats.list[i].name,
			 json_new_unsigned(memory->stats.list[i].value));
	return values;
}

static const struct field memory_rows[] = {
	UINT64(struct memory_stats, "cache", cache),
	FIELD_OBJECT(struct memory_stats, "usage", usage, memory_data_rows),
	FIELD_OBJECT(struct memory_stats, "swap_usage", swap, memory_data_rows),
	FIELD_OBJECT(struct memory_stats, "kernel_usage", kernel,
		     memory_data_rows),
	FIELD_OBJECT(struct memory_stats, "kernel_tcp_usage", kernel_tcp,
		     memory_data_rows),
	{ .key = "stats", .type = FIELD_CUSTOM, .encode = encode_values },
	FIELD_END,
};

static const struct field pids_rows[] = {
	UINT64(struct pids_stats, "current", current),
	UINT64(struct pids_stats, "limit", limit),
	FIELD_END,
};

static const struct field entry_rows[] = {
	UINT64(struct blkio_entry, "major", major),
	UINT64(struct blkio_entry, "minor", minor),
	FIELD(struct blkio_entry, "op", FIELD_STRING, op),
	UINT64(struct blkio_entry, "value", value),
	FIELD_END,
};

#define BLKIO(k, m)                                                    \
	{                                                              \
		.key = (k), .type = FIELD_OBJECTS,                     \
		.offset = offsetof(struct blkio_stats, m.entries),     \
		.len_offset = offsetof(struct blkio_stats, m.len),     \
		.size = sizeof(struct blkio_entry), .rows = entry_rows \
	}

static const struct field blkio_rows[] = {
	BLKIO("io_service_bytes_recursive", service_bytes),
	BLKIO("io_serviced_recursive", serviced),
	BLKIO("io_queue_recursive", queued),
	BLKIO("io_service_time_recursive", service_time),
	BLKIO("io_wait_time_recursive", wait_time),
	BLKIO("io_merged_recursive", merged),
	BLKIO("io_time_recursive", time),
	BLKIO("sectors_recursive", sectors),
	FIELD_END,
};

/* Page sizes are names, too: {"2MB": {"usage": ...}}. */
static struct json *encode_hugetlb(const struct field *row, const void *object)
{
	const struct cgroup_stats *stats = object;
	struct json *sizes = json_new(JSON_OBJECT);

	(void)row;
	for (size_t i = 0; i < stats->hugetlb_len; i++) {
		const struct hugetlb_stats *h = &stats->hugetlb[i];
		struct json *figures = json_new(JSON_OBJECT);

		json_add(figures, "usage", json_new_unsigned(h->usage));
		json_add(figures, "max_usage", json_new_unsigned(h->max_usage));
		json_add(figures, "failcnt", json_new_unsigned(h->failcnt));
		json_add(sizes, h->page_size, figures);
	}
	return sizes;
}

static const struct field cgroup_rows[] = {
	FIELD_OBJECT(struct cgroup_stats, "cpu_stats", cpu, cpu_rows),
	FIELD_OBJECT(struct cgroup_stats, "cpuset_stats", cpuset, cpuset_rows),
	FIELD_OBJECT(struct cgroup_stats, "memory_stats", memory, memory_rows),
	FIELD_OBJECT(struct cgroup_stats, "pids_stats", pids, pids_rows),
	FIELD_OBJECT(struct cgroup_stats, "blkio_stats", blkio, blkio_rows),
	{ .key = "hugetlb_stats",
	  .type = FIELD_CUSTOM,
	  .encode = encode_hugetlb },
	FIELD_END,
};

static const struct field interface_rows[] = {
	FIELD(struct interface_stats, "Name", FIELD_STRING, name),
	UINT64(struct interface_stats, "RxBytes", rx_bytes),
	UINT64(struct interface_stats, "RxPackets", rx_packets),
	UINT64(struct interface_stats, "RxErrors", rx_errors),
	UINT64(struct interface_stats, "RxDropped", rx_dropped),
	UINT64(struct interface_stats, "TxBytes", tx_bytes),
	UINT64(struct interface_stats, "TxPackets", tx_packets),
	UINT64(struct interface_stats, "TxErrors", tx_errors),
	UINT64(struct interface_stats, "TxDropped", tx_dropped),
	FIELD_END,
};

static const struct field rows[] = {
	FIELD_OBJECTS(struct stats, "Interfaces", interfaces,
		      struct interface_stats, interface_rows),
	FIELD_OBJECT(struct stats, "CgroupStats", cgroup_stats, cgroup_rows),
	FIELD_END,
};

static const struct field rows_with_status[] = {
	FIELD(struct stats, "Status", FIELD_STRING, status),
	FIELD_OBJECTS(struct stats, "Interfaces", interfaces,
		      struct interface_stats, interface_rows),
	FIELD_OBJECT(struct stats, "CgroupStats", cgroup_stats, cgroup_rows),
	FIELD_END,
};

char *stats_print(const struct stats *stats)
{
	cleanup_free char *text = fields_encode(
		stats->status ? rows_with_status : rows, stats, true);
	size_t len = strlen(text);

	if (len > 0 && text[len - 1] == '\n')
		return steal_ptr(&text);
	return xasprintf("%s\n", text);
}

void stats_free(struct stats *stats)
{
	if (!stats)
		return;
	for (size_t i = 0; i < stats->interfaces_len; i++)
		free(stats->interfaces[i].name);
	free(stats->interfaces);
	free(stats->status);
	stats->status = NULL;
	stats->interfaces = NULL;
	stats->interfaces_len = 0;
	cgroup_stats_free(&stats->cgroup_stats);
}
