/* record.c  [outside]  a container's birth, as it is remembered */
#include "libcontainer/trace/record.h"

#include "libcontainer/system/alloc.h"

#include <stdio.h>
#include <stdlib.h>

struct trace_event *trace_record_add(struct trace_record *record)
{
	struct trace_event *event;

	record->events = xreallocarray(record->events, record->len + 1,
				       sizeof(*record->events));
	event = &record->events[record->len++];
	*event = (struct trace_event){ .us = -1 };
	return event;
}

void trace_event_change(struct trace_event *event, const char *what,
			const char *name, const char *before, const char *after)
{
	event->changes = xreallocarray(event->changes, event->changes_len + 1,
				       sizeof(*event->changes));
	event->changes[event->changes_len++] = (struct trace_change){
		.what = what,
		.name = xstrdup(name),
		.before = xstrdup(before),
		.after = xstrdup(after),
	};
}

void trace_event_note(struct trace_event *event, const char *text)
{
	strv_append(&event->notes, text);
}

struct trace_event *trace_record_noted(struct trace_record *record,
				       const char **text)
{
	int step = 0, begin = 0;

	if (sscanf(*text, "dockerinit step %d (%*[a-z0-9_]): %n", &step,
		   &begin) != 1 ||
	    !begin)
		return NULL;
	for (size_t i = record->len; i-- > 0;) {
		if (record->events[i].step != step)
			continue;
		*text += begin;
		return &record->events[i];
	}
	return NULL;
}

void trace_record_forget(struct trace_record *record)
{
	for (size_t i = 0; i < record->len; i++) {
		struct trace_event *event = &record->events[i];

		for (size_t c = 0; c < event->changes_len; c++) {
			free(event->changes[c].name);
			free(event->changes[c].before);
			free(event->changes[c].after);
		}
		free(event->changes);
		strv_free(event->notes);
	}
	free(record->events);
	record->events = NULL;
	record->len = 0;
	record->failed = false;
}

void trace_record_free(struct trace_record *record)
{
	trace_record_forget(record);
	free(record->program);
	free(record->id);
	free(record->rootfs);
	strv_free(record->command);
}
