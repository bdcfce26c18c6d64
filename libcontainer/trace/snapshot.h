/*
 * snapshot.h  [outside]  what a process has and sees, at one moment
 *
 * A snapshot is a sorted list of facts, each a line of three words: what,
 * name, value. Two of them are compared without knowing what a fact means.
 */
#ifndef LIBCONTAINER_TRACE_SNAPSHOT_H
#define LIBCONTAINER_TRACE_SNAPSHOT_H

#include "libcontainer/trace/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* In the order in which changes are shown. */
enum fact_kind {
	FACT_COMMAND,
	FACT_NAMESPACE,
	FACT_CGROUP,
	FACT_ROOT,
	FACT_CWD,
	FACT_MOUNT,
	FACT_HOSTNAME,
	FACT_LINK,
	FACT_ADDRESS,
	FACT_ROUTE,
	FACT_LIMIT,
	FACT_USER,
	FACT_GROUP,
	FACT_CAPABILITIES,
	FACT_NO_NEW_PRIVS,
	FACT_SECCOMP,
	FACT_LABEL,
	FACT_SESSION,
	FACT_ENVIRONMENT,
	FACT_DESCRIPTOR,
	FACT_FILE,
	FACT_KINDS,
};

struct fact {
	enum fact_kind kind;
	char *name;  /* of several things that have one name, each is a fact */
	char *value; /* printable UTF-8, as the name is */
};

struct snapshot {
	struct fact *facts;
	size_t len;
	uint32_t unknown; /* bits of kinds that we may not look at */
};

/* fact_kind_name - "namespace" ... "file". */
const char *fact_kind_name(enum fact_kind kind);

/* snapshot_add - copies, in which other bytes than printable ones are written
 * as \xNN. */
void snapshot_add(struct snapshot *snapshot, enum fact_kind kind,
		  const char *name, const char *value);
void snapshot_addf(struct snapshot *snapshot, enum fact_kind kind,
		   const char *name, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* snapshot_sort - by kind, name and value. */
void snapshot_sort(struct snapshot *snapshot);

/* snapshot_free - all but the struct itself, which is empty then. */
void snapshot_free(struct snapshot *snapshot);

/* snapshot_forget - remove the facts of a kind. */
void snapshot_forget(struct snapshot *snapshot, enum fact_kind kind);

/*
 * snapshot_compare - add to event what differs between the two, both sorted.
 * Of a kind that is unknown in after, one change says so ("?"), if it was
 * known before; its facts are copied from before, to be compared when it can be
 * seen again.
 */
void snapshot_compare(const struct snapshot *before, struct snapshot *after,
		      struct trace_event *event);

#endif
