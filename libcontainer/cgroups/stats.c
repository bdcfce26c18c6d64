/*
 * stats.c  [outside]  the figures of a cgroup: lists, and their release
 */
#include "libcontainer/cgroups/stats.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CPUS_MAX = 65536 };

void named_values_parse(struct named_values *values, const char *text)
{
	const char *name;
	uint64_t value;
	size_t len;

	while (cgroup_next_pair(&text, &name, &len, &value)) {
		values->list = xreallocarray(values->list, values->len + 1,
					     sizeof(*values->list));
		values->list[values->len++] =
			(struct named_value){ .name = xstrndup(name, len),
					      .value = value };
	}
}

uint64_t named_values_get(const struct named_values *values, const char *name)
{
	for (size_t i = 0; i < values->len; i++) {
		if (strcmp(values->list[i].name, name) == 0)
			return values->list[i].value;
	}
	return 0;
}

void number_list_append(uint64_t **list, size_t *len, uint64_t value)
{
	*list = xreallocarray(*list, *len + 1, sizeof(**list));
	(*list)[(*len)++] = value;
}

void cpu_list_parse(uint64_t **list, size_t *len, const char *text)
{
	int used;

	for (; *text; text += used + (text[used] == ',')) {
		unsigned int from, to;

		used = 0;
		if (sscanf(text, "%9u%n", &from, &used) != 1)
			return;
		to = from;
		if (text[used] == '-' &&
		    sscanf(text, "%*u-%9u%n", &to, &used) != 1)
			return;
		/* no machine has as many as a broken text may say */
		for (; from <= to && *len < CPUS_MAX; from++)
			number_list_append(list, len, from);
	}
}

static void blkio_add(struct blkio_list *list, uint64_t major, uint64_t minor,
		      const char *op, uint64_t value)
{
	list->entries = xreallocarray(list->entries, list->len + 1,
				      sizeof(*list->entries));
	list->entries[list->len++] = (struct blkio_entry){
		.major = major,
		.minor = minor,
		.op = xstrdup(op),
		.value = value,
	};
}

void blkio_list_parse(struct blkio_list *list, const char *text)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		uint64_t major, minor, value;
		char op[32] = "";

		if (sscanf(text, "%" SCNu64 ":%" SCNu64 " %31[A-Za-z] %" SCNu64,
			   &major, &minor, op, &value) == 4 ||
		    sscanf(text, "%" SCNu64 ":%" SCNu64 " %" SCNu64, &major,
			   &minor, &value) == 3)
			blkio_add(list, major, minor, op, value);
	}
}

static const struct {
	const char *key, *op;
	size_t list;
} io_keys[] = {
	{ "rbytes", "Read", offsetof(struct blkio_stats, service_bytes) },
	{ "wbytes", "Write", offsetof(struct blkio_stats, service_bytes) },
	{ "dbytes", "Discard", offsetof(struct blkio_stats, service_bytes) },
	{ "rios", "Read", offsetof(struct blkio_stats, serviced) },
	{ "wios", "Write", offsetof(struct blkio_stats, serviced) },
	{ "dios", "Discard", offsetof(struct blkio_stats, serviced) },
};

static void parse_io_word(struct blkio_stats *stats, const char *word,
			  uint64_t major, uint64_t minor)
{
	for (size_t i = 0; i < sizeof(io_keys) / sizeof(io_keys[0]); i++) {
		size_t len = strlen(io_keys[i].key);
		void *list = (char *)stats + io_keys[i].list;

		if (strncmp(word, io_keys[i].key, len) == 0 && word[len] == '=')
			blkio_add(list, major, minor, io_keys[i].op,
				  strtoull(word + len + 1, NULL, 10));
	}
}

void blkio_stats_parse_io(struct blkio_stats *stats, const char *text)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		uint64_t major, minor;
		const char *p = text;

		if (sscanf(text, "%" SCNu64 ":%" SCNu64, &major, &minor) != 2)
			continue;
		for (;;) {
			p += strcspn(p, " \n");
			if (*p != ' ')
				break;
			parse_io_word(stats, ++p, major, minor);
		}
	}
}

static void blkio_list_free(struct blkio_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		free(list->entries[i].op);
	free(list->entries);
}

void cgroup_stats_free(struct cgroup_stats *stats)
{
	struct named_values *values = &stats->memory.stats;

	free(stats->cpu.usage.percpu);
	free(stats->cpu.usage.percpu_kernelmode);
	free(stats->cpu.usage.percpu_usermode);
	free(stats->cpuset.cpus);
	free(stats->cpuset.mems);
	for (size_t i = 0; i < stats->hugetlb_len; i++)
		free(stats->hugetlb[i].page_size);
	free(stats->hugetlb);
	for (size_t i = 0; i < values->len; i++)
		free(values->list[i].name);
	free(values->list);
	blkio_list_free(&stats->blkio.service_bytes);
	blkio_list_free(&stats->blkio.serviced);
	blkio_list_free(&stats->blkio.queued);
	blkio_list_free(&stats->blkio.service_time);
	blkio_list_free(&stats->blkio.wait_time);
	blkio_list_free(&stats->blkio.merged);
	blkio_list_free(&stats->blkio.time);
	blkio_list_free(&stats->blkio.sectors);
	memset(stats, 0, sizeof(*stats));
}
