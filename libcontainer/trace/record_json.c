/* record_json.c  [outside]  the document of --trace=json */
#include "libcontainer/trace/record.h"

#include "libcontainer/configs/json.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/explain.h"
#include "libcontainer/trace/printable.h"

#include <string.h>

#ifndef VERSION /* the Makefile says it */
#define VERSION "of an unknown version"
#endif

/* What we were given from outside may be no UTF-8. */
static void add_string(struct json *to, const char *key, const char *value)
{
	cleanup_free char *text = value ? printable(value) : NULL;

	json_add(to, key, text ? json_new_string(text) : json_new(JSON_NULL));
}

static void add_number(struct json *to, const char *key, long value)
{
	json_add(to, key,
		 value < 0 ? json_new(JSON_NULL) : json_new_integer(value));
}

static struct json *strings(char *const *texts)
{
	struct json *list = json_new(JSON_LIST);

	for (; texts && *texts; texts++)
		add_string(list, NULL, *texts);
	return list;
}

static struct json *change_json(const struct trace_change *change)
{
	struct json *object = json_new(JSON_OBJECT);

	add_string(object, "what", change->what);
	add_string(object, "name", change->name);
	add_string(object, "before", change->before);
	add_string(object, "after", change->after);
	return object;
}

/* What nsinit explain says of it. */
static void add_explanation(struct json *object, const char *tag)
{
	static const struct explanation nothing = { .man = NULL };
	const struct explanation *e = explain_find(tag);
	struct json *man = json_new(JSON_LIST);

	if (!e)
		e = &nothing;
	add_string(object, "function", e->function);
	add_string(object, "file", e->file);
	add_number(object, "line", e->line ? e->line : -1);
	add_string(object, "chapter", e->chapter);
	add_string(object, "kernel", e->kernel);
	for (size_t i = 0; e->man && e->man[i]; i++)
		add_string(man, NULL, e->man[i]);
	json_add(object, "man", man);
	add_string(object, "book", e->book);
}

static struct json *event_json(const struct trace_event *event)
{
	struct json *object = json_new(JSON_OBJECT);
	struct json *changes = json_new(JSON_LIST);

	json_add(object, "room",
		 json_new_string(event->room == TRACE_INSIDE ? "inside"
							     : "outside"));
	add_string(object, "tag", event->tag);
	add_string(object, "name", event->name);
	add_explanation(object, event->tag);
	add_number(object, "start_us", event->start_us);
	add_number(object, "us", event->us);
	json_add(object, "failed", json_new_bool(event->failed));
	json_add(object, "notes", strings(event->notes));
	for (size_t i = 0; i < event->changes_len; i++)
		json_add(changes, NULL, change_json(&event->changes[i]));
	json_add(object, "changes", changes);
	return object;
}

/* The step is null when it was the outside that failed. */
static struct json *error_json(const struct trace_record *record)
{
	struct json *object;

	if (!record->failed)
		return json_new(JSON_NULL);
	object = json_new(JSON_OBJECT);
	add_number(object, "step",
		   record->error.step ? record->error.step : -1);
	add_string(object, "message", record->error.message);
	return object;
}

char *trace_record_json(const struct trace_record *record)
{
	struct json *object = json_new(JSON_OBJECT);
	struct json *events = json_new(JSON_LIST);
	cleanup_free char *text = NULL;
	char when[32] = "";
	struct tm tm;

	if (gmtime_r(&record->time, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_add(object, "trace", json_new_integer(1));
	add_string(object, "program", record->program);
	add_string(object, "version", VERSION);
	json_add(object, "command", strings(record->command));
	add_string(object, "id", record->id);
	json_add(object, "joined", json_new_bool(record->joined));
	add_string(object, "rootfs", record->rootfs);
	add_number(object, "pid", record->pid > 0 ? record->pid : -1);
	add_string(object, "time", when);
	add_number(object, "total_us", record->total_us);
	json_add(object, "error", error_json(record));
	for (size_t i = 0; i < record->len; i++)
		json_add(events, NULL, event_json(&record->events[i]));
	json_add(object, "events", events);
	text = json_print(object, true);
	json_free(object);
	return xasprintf("%s\n", text);
}
