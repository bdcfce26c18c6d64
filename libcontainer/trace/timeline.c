/*
 * timeline.c  [outside]  where the time goes, as bars
 *
 * One row for each act and step, with the same scale for all: a bar begins
 * where the event began and is as wide as it took. A row that took a thousandth
 * still has the narrowest bar there is.
 */
#include "libcontainer/trace/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEFT = 30, RIGHT = 12, EIGHTHS = 8 };

/* A bar's scale. */
struct scale {
	size_t cells; /* as wide as total */
	long total;   /* microseconds, above 0 */
	bool utf8;
};

static void repeat(FILE *to, const char *text, size_t times)
{
	while (times-- > 0)
		fputs(text, to);
}

/* A cell can be filled by eighths from the left, so a bar begins at a cell's
 * left side. Returns the cells used. */
static size_t put_bar(FILE *to, const struct scale *scale, long start, long us)
{
	static const char *const parts[] = { "",  "▏", "▎", "▍",
					     "▌", "▋", "▊", "▉" };
	size_t begin = (size_t)start * scale->cells / (size_t)scale->total;
	size_t eighths = ((size_t)us * scale->cells * EIGHTHS +
			  (size_t)scale->total / 2) /
			 (size_t)scale->total;
	size_t whole, part;

	if (begin >= scale->cells)
		begin = scale->cells - 1;
	if (eighths == 0)
		eighths = 1;
	if (eighths > (scale->cells - begin) * EIGHTHS)
		eighths = (scale->cells - begin) * EIGHTHS;
	whole = eighths / EIGHTHS;
	part = eighths % EIGHTHS;
	repeat(to, " ", begin);
	repeat(to, scale->utf8 ? "█" : "#", whole);
	if (part)
		fputs(scale->utf8 ? parts[part] : part < 4 ? "|" : "#", to);
	return begin + whole + (part != 0);
}

static void put_row(FILE *to, const struct scale *scale,
		    const struct trace_event *event)
{
	size_t used;

	fprintf(to, "  %-4s %-22.22s ", event->tag, event->name);
	if (event->us < 0) {
		fputs(event->failed ? "failed\n" : "\n", to);
		return;
	}
	used = put_bar(to, scale, event->start_us, event->us);
	repeat(to, " ", scale->cells - used);
	fprintf(to, " %7ld us%s\n", event->us, event->failed ? "!" : "");
}

static void put_room(FILE *to, const struct scale *scale,
		     const struct trace_record *record, enum trace_room room)
{
	fprintf(to, "%s\n", room == TRACE_INSIDE ? "inside" : "outside");
	for (size_t i = 0; i < record->len; i++)
		if (record->events[i].room == room)
			put_row(to, scale, &record->events[i]);
}

char *show_timeline(const struct trace_record *record, size_t width, bool utf8)
{
	struct scale scale = { .cells = width - LEFT - RIGHT,
			       .total = record->total_us,
			       .utf8 = utf8 };
	char *text;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort(); /* memory is out */
	if (scale.total < 1)
		scale.total = 1;
	if (record->len) {
		fprintf(to, "\n%-*s0%*ld us\n", LEFT - 1, "where the time goes",
			(int)scale.cells + RIGHT - 4, record->total_us);
		put_room(to, &scale, record, TRACE_OUTSIDE);
		put_room(to, &scale, record, TRACE_INSIDE);
		fputc('\n', to);
	}
	fclose(to);
	return text;
}
