/*
 * stats.h  [outside]  the figures of a cgroup
 *
 * The grouping and the names are those of libcontainer 2015, pids is ours.
 * Bytes and nanoseconds; a limit that is none is UINT64_MAX on v2 and the
 * kernel's own huge number on v1. What a kernel does not count is 0.
 */
#ifndef LIBCONTAINER_CGROUPS_STATS_H
#define LIBCONTAINER_CGROUPS_STATS_H

#include <stddef.h>
#include <stdint.h>

struct cpu_usage {
	uint64_t total;	  /* ns since the cgroup was made            */
	uint64_t *percpu; /* v1 only                                 */
	size_t percpu_len;
	uint64_t *percpu_kernelmode, *percpu_usermode; /* v1 only           */
	size_t percpu_kernelmode_len, percpu_usermode_len;
	uint64_t in_kernelmode, in_usermode;
};

struct throttling_data {
	uint64_t periods, throttled_periods;
	uint64_t throttled_time; /* ns                                      */
};

struct cpu_stats {
	struct cpu_usage usage;
	struct throttling_data throttling;
};

/* Which processors and memory nodes; v1 also has how they are used. */
struct cpuset_stats {
	uint64_t *cpus, *mems;
	size_t cpus_len, mems_len;
	uint64_t cpu_exclusive, mem_exclusive, mem_hardwall;
	uint64_t memory_migrate, memory_spread_page, memory_spread_slab;
	uint64_t memory_pressure, sched_load_balance;
	int64_t sched_relax_domain_level;
};

struct memory_data {
	uint64_t usage, max_usage;
	uint64_t failcnt; /* how often the limit was hit             */
	uint64_t limit;
};

struct named_value {
	char *name;
	uint64_t value;
};

/* memory.stat, as the kernel spells it. */
struct named_values {
	struct named_value *list;
	size_t len;
};

struct memory_stats {
	uint64_t cache; /* bytes of the page cache                 */
	struct memory_data usage;
	struct memory_data swap; /* v1: memory and swap together            */
	struct memory_data kernel;
	struct memory_data kernel_tcp; /* v1 only                         */
	struct named_values stats;
};

struct pids_stats {
	uint64_t current, limit;
};

struct blkio_entry {
	uint64_t major, minor;
	char *op; /* "Read", "Write", ...; "" when unnamed   */
	uint64_t value;
};

struct blkio_list {
	struct blkio_entry *entries;
	size_t len;
};

struct blkio_stats {
	struct blkio_list service_bytes, serviced, queued, service_time;
	struct blkio_list wait_time, merged, time, sectors;
};

/* Huge pages of one size. */
struct hugetlb_stats {
	char *page_size; /* "2MB"                                        */
	uint64_t usage, max_usage;
	uint64_t failcnt;
};

struct cgroup_stats {
	struct cpu_stats cpu;
	struct cpuset_stats cpuset;
	struct memory_stats memory;
	struct pids_stats pids;
	struct blkio_stats blkio;
	struct hugetlb_stats *hugetlb;
	size_t hugetlb_len;
};

/* named_values_parse - append the lines "name value" of text. */
void named_values_parse(struct named_values *values, const char *text);

/* named_values_get - a value by its name; 0 when there is none. */
uint64_t named_values_get(const struct named_values *values, const char *name);

/* blkio_list_parse - append v1's lines "MAJOR:MINOR [Op] VALUE"; a line
 * without a device (the total) is passed over. */
void blkio_list_parse(struct blkio_list *list, const char *text);

/*
 * blkio_stats_parse_io - append v2's io.stat, "MAJOR:MINOR rbytes=1 wios=2
 * ...": bytes to service_bytes, ios to serviced, as v1 would name them.
 */
void blkio_stats_parse_io(struct blkio_stats *stats, const char *text);

/* number_list_append - one more number at the end of list. */
void number_list_append(uint64_t **list, size_t *len, uint64_t value);

/* cpu_list_parse - append the numbers of "0-3,5". */
void cpu_list_parse(uint64_t **list, size_t *len, const char *text);

/* cgroup_stats_free - release what the members own, and zero them. */
void cgroup_stats_free(struct cgroup_stats *stats);

#endif
