/*
 * snapshot.c  [outside]  facts: kept, sorted and compared
 *
 * What is equal in both snapshots is struck out; what is left over is a
 * change. Of one name there can be several facts (two mounts on one folder,
 * two addresses of one device): those that are left of them are paired in
 * their order, and become "was, is"; who has no partner came or went.
 */
#include "libcontainer/trace/snapshot.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/printable.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *fact_kind_name(enum fact_kind kind)
{
	static const char *const names[FACT_KINDS] = {
		[FACT_COMMAND] = "command",
		[FACT_NAMESPACE] = "namespace",
		[FACT_CGROUP] = "cgroup",
		[FACT_ROOT] = "root",
		[FACT_CWD] = "cwd",
		[FACT_MOUNT] = "mount",
		[FACT_HOSTNAME] = "hostname",
		[FACT_LINK] = "link",
		[FACT_ADDRESS] = "address",
		[FACT_ROUTE] = "route",
		[FACT_LIMIT] = "limit",
		[FACT_USER] = "user",
		[FACT_GROUP] = "group",
		[FACT_CAPABILITIES] = "capabilities",
		[FACT_NO_NEW_PRIVS] = "no_new_privs",
		[FACT_SECCOMP] = "seccomp",
		[FACT_LABEL] = "label",
		[FACT_SESSION] = "session",
		[FACT_ENVIRONMENT] = "environment",
		[FACT_DESCRIPTOR] = "descriptor",
		[FACT_FILE] = "file",
	};

	return names[kind];
}

void snapshot_add(struct snapshot *snapshot, enum fact_kind kind,
		  const char *name, const char *value)
{
	snapshot->facts = xreallocarray(snapshot->facts, snapshot->len + 1,
					sizeof(*snapshot->facts));
	snapshot->facts[snapshot->len++] = (struct fact){
		.kind = kind,
		.name = printable(name),
		.value = printable(value),
	};
}

void snapshot_addf(struct snapshot *snapshot, enum fact_kind kind,
		   const char *name, const char *fmt, ...)
{
	char value[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	snapshot_add(snapshot, kind, name, value);
}

static int compare_names(const struct fact *a, const struct fact *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strverscmp(a->name, b->name);
}

static int compare_facts(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int order = compare_names(x, y);

	return order ? order : strcmp(x->value, y->value);
}

void snapshot_sort(struct snapshot *snapshot)
{
	if (snapshot->len)
		qsort(snapshot->facts, snapshot->len, sizeof(*snapshot->facts),
		      compare_facts);
}

void snapshot_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->len; i++) {
		free(snapshot->facts[i].name);
		free(snapshot->facts[i].value);
	}
	free(snapshot->facts);
	*snapshot = (struct snapshot){ .facts = NULL };
}

void snapshot_forget(struct snapshot *snapshot, enum fact_kind kind)
{
	size_t kept = 0;

	for (size_t i = 0; i < snapshot->len; i++) {
		struct fact *fact = &snapshot->facts[i];

		if (fact->kind != kind) {
			snapshot->facts[kept++] = *fact;
		} else {
			free(fact->name);
			free(fact->value);
		}
	}
	snapshot->len = kept;
}

static void copy_kind(const struct snapshot *from, enum fact_kind kind,
		      struct snapshot *to)
{
	for (size_t i = 0; i < from->len; i++)
		if (from->facts[i].kind == kind)
			snapshot_add(to, kind, from->facts[i].name,
				     from->facts[i].value);
}

static void carry_unknown(const struct snapshot *before, struct snapshot *after,
			  struct trace_event *event)
{
	const uint32_t unknown = after->unknown;

	for (int k = 0; k < FACT_KINDS; k++) {
		enum fact_kind kind = (enum fact_kind)k;

		if (!(unknown & 1U << k))
			continue;
		if (!(before->unknown & 1U << k))
			trace_event_change(event, fact_kind_name(kind), "",
					   NULL, "?");
		/* What was read of it is not all of it. */
		snapshot_forget(after, kind);
		copy_kind(before, kind, after);
	}
	if (unknown)
		snapshot_sort(after);
}

/* The facts of one name in one snapshot: from at, as many as len. */
struct run {
	const struct fact *at;
	size_t len;
};

/* The values of own that other has not, or not as often; both are sorted. */
static size_t left_over(struct run own, struct run other, const char **values)
{
	size_t len = 0;

	for (; own.len; own.at++, own.len--) {
		int order = -1;

		while (other.len &&
		       (order = strcmp(own.at->value, other.at->value)) > 0) {
			other.at++;
			other.len--;
		}
		if (other.len && order == 0) {
			other.at++;
			other.len--;
		} else {
			values[len++] = own.at->value;
		}
	}
	return len;
}

static void compare_run(struct run before, struct run after,
			struct trace_event *event)
{
	const struct fact *any = before.len ? before.at : after.at;
	cleanup_free const char **was = xcalloc(before.len + 1, sizeof(*was));
	cleanup_free const char **is = xcalloc(after.len + 1, sizeof(*is));
	size_t was_len = left_over(before, after, was);
	size_t is_len = left_over(after, before, is);

	for (size_t i = 0; i < was_len || i < is_len; i++)
		trace_event_change(event, fact_kind_name(any->kind), any->name,
				   i < was_len ? was[i] : NULL,
				   i < is_len ? is[i] : NULL);
}

static size_t run_length(const struct fact *facts, size_t len)
{
	size_t n = 1;

	while (n < len && compare_names(facts, facts + n) == 0)
		n++;
	return n;
}

void snapshot_compare(const struct snapshot *before, struct snapshot *after,
		      struct trace_event *event)
{
	size_t b = 0, a = 0;

	carry_unknown(before, after, event);
	while (b < before->len || a < after->len) {
		struct run was = { before->facts + b, 0 };
		struct run is = { after->facts + a, 0 };
		int order = b == before->len  ? 1
			    : a == after->len ? -1
					      : compare_names(was.at, is.at);

		if (order <= 0)
			was.len = run_length(was.at, before->len - b);
		if (order >= 0)
			is.len = run_length(is.at, after->len - a);
		b += was.len;
		a += is.len;
		compare_run(was, is, event);
	}
}
