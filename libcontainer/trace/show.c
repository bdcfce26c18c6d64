/*
 * show.c  [outside]  a trace as lines for a terminal
 *
 * A step can change thirty mounts; of one kind a few are shown, then how many
 * more there are. All of them are in the JSON document.
 */
/* clang-format off */
/*
 *	outside  S2     join the cgroup      412 us  cgroup memory: / -> /x
 *	inside   9/12   pivot_root            85 us  root: inode 2 of ...
 */
/* clang-format on */
#include "libcontainer/trace/show.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 6, VALUE_MAX = 64 };

/* Came, went, or is another. */
enum turn { CAME, WENT, TURNED };

static enum turn turn_of(const struct trace_change *change)
{
	if (!change->before)
		return CAME;
	return change->after ? TURNED : WENT;
}

static void put_left(FILE *to, const struct trace_event *event)
{
	cleanup_free char *tag = NULL;

	tag = event->step ? xasprintf("%s/12", event->tag)
			  : xstrdup(event->tag);
	fprintf(to, "%-8s %-6s %-22s",
		event->room == TRACE_INSIDE ? "inside" : "outside", tag,
		event->name);
}

static void put_time(FILE *to, long us)
{
	if (us >= 0)
		fprintf(to, "%8ld us", us);
	else
		fprintf(to, "%8s   ", "");
}

/* At most VALUE_MAX characters, not in the middle of one. */
static void put_value(FILE *to, const char *value)
{
	size_t len = 0;

	if (printable_width(value) <= VALUE_MAX) {
		fputs(value, to);
		return;
	}
	for (size_t n = 0; n < VALUE_MAX - 3; n++)
		do
			len++;
		while (((unsigned char)value[len] & 0xc0) == 0x80);
	fprintf(to, "%.*s...", (int)len, value);
}

static void put_change(FILE *to, const struct trace_change *change)
{
	static const char *const signs[] = {
		[CAME] = "+ ", [WENT] = "- ", [TURNED] = ""
	};
	enum turn turn = turn_of(change);

	fputs(change->what, to);
	if (*change->name || turn != TURNED)
		fprintf(to, " %s%s", signs[turn], change->name);
	fputs(": ", to);
	if (turn != CAME)
		put_value(to, change->before);
	if (turn == TURNED)
		fputs(" -> ", to);
	if (turn != WENT)
		put_value(to, change->after);
}

/* How many from at on are of its kind and came, went or turned as it did. */
static size_t count_alike(const struct trace_event *event, size_t at)
{
	const struct trace_change *first = &event->changes[at];
	size_t n = 0;

	for (size_t i = at; i < event->changes_len; i++)
		n += strcmp(event->changes[i].what, first->what) == 0 &&
		     turn_of(&event->changes[i]) == turn_of(first);
	return n;
}

static bool is_shown_before(const struct trace_event *event, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(event->changes[i].what, event->changes[at].what) ==
			    0 &&
		    turn_of(&event->changes[i]) == turn_of(&event->changes[at]))
			return true;
	return false;
}

static void put_rest(FILE *to, const struct trace_change *like, size_t rest)
{
	static const char *const words[] = {
		[CAME] = "came", [WENT] = "went", [TURNED] = "changed"
	};

	fprintf(to, "%s: %zu more %s", like->what, rest, words[turn_of(like)]);
}

/* Where the changes of a line begin. */
static void put_margin(FILE *to, bool *first)
{
	if (*first)
		fputs("  ", to);
	else
		fprintf(to, "\n%51s", "");
	*first = false;
}

/* Those that are alike one below the other, whatever stands between them. */
static void put_alike(FILE *to, const struct trace_event *event, size_t at,
		      bool *first)
{
	size_t alike = count_alike(event, at), shown = 0;
	size_t most = alike <= SHOWN + 1 ? alike : SHOWN;

	for (size_t i = at; i < event->changes_len && shown < most; i++) {
		const struct trace_change *change = &event->changes[i];

		if (strcmp(change->what, event->changes[at].what) != 0 ||
		    turn_of(change) != turn_of(&event->changes[at]))
			continue;
		put_margin(to, first);
		put_change(to, change);
		shown++;
	}
	if (shown < alike) {
		put_margin(to, first);
		put_rest(to, &event->changes[at], alike - shown);
	}
}

static FILE *open_text(char **text)
{
	size_t len;
	FILE *to = open_memstream(text, &len);

	if (!to)
		abort(); /* memory is out */
	return to;
}

char *show_head(void)
{
	char *text;
	FILE *to = open_text(&text);

	fprintf(to, "%-8s %-6s %-22s%8s     %s\n", "room", "no.", "name",
		"time", "what it changed");
	fclose(to);
	return text;
}

char *show_event(const struct trace_event *event)
{
	char *text;
	FILE *to = open_text(&text);
	bool first = true;

	put_left(to, event);
	put_time(to, event->us);
	if (event->failed) {
		put_margin(to, &first);
		fputs("FAILED", to);
	}
	for (size_t i = 0; i < event->changes_len; i++)
		if (!is_shown_before(event, i))
			put_alike(to, event, i, &first);
	fputc('\n', to);
	fclose(to);
	return text;
}

char *show_note(const struct trace_event *event, const char *text)
{
	cleanup_free char *line = printable(text);
	char *shown;
	FILE *to = open_text(&shown);

	put_left(to, event);
	fprintf(to, "%11s  note: %s\n", "", line);
	fclose(to);
	return shown;
}
