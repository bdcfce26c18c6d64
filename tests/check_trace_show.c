/* check_trace_show.c  [outside]  a trace as lines, bars and JSON; its flags */
#include "tests/check.h"

#include "libcontainer/configs/json.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/flags.h"
#include "libcontainer/trace/printable.h"
#include "libcontainer/trace/record.h"
#include "libcontainer/trace/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_AT = 51, TIME_ENDS = 49 };

static struct trace_event *add(struct trace_record *record, const char *tag,
			       const char *name, int step, long start, long us)
{
	struct trace_event *event = trace_record_add(record);

	event->room = step ? TRACE_INSIDE : TRACE_OUTSIDE;
	event->step = step;
	snprintf(event->tag, sizeof(event->tag), "%s", tag);
	snprintf(event->name, sizeof(event->name), "%s", name);
	event->start_us = start;
	event->us = us;
	return event;
}

static struct trace_record a_record(void)
{
	struct trace_record record = { .program = xstrdup("nsinit"),
				       .id = xstrdup("x"),
				       .total_us = 1000 };
	struct trace_event *event;

	strv_append(&record.command, "/bin/\"sh\"");
	strv_append(&record.command, "\xff\n");
	add(&record, "S1", "execute the cmd", 0, 0, 500);
	event = add(&record, "9", "pivot_root", 9, 500, 250);
	trace_event_change(event, "root", "", "a", "b");
	trace_event_change(event, "mount", "/proc", NULL, "proc");
	trace_event_change(event, "mount", "/old", "ext4", NULL);
	trace_event_note(event, "left out");
	add(&record, "12", "exec", 12, 900, -1)->failed = true;
	return record;
}

START_TEST(test_lines)
{
	struct trace_record record = a_record();
	cleanup_free char *outside = show_event(&record.events[0]);
	cleanup_free char *inside = show_event(&record.events[1]);
	cleanup_free char *failed = show_event(&record.events[2]);
	cleanup_free char *head = show_head();
	cleanup_free char *note = show_note(&record.events[1], "a\nb");
	char *second = strchr(inside, '\n') + 1;

	ck_assert_str_eq(outside,
			 "outside  S1     execute the cmd            500 us\n");
	ck_assert(strncmp(inside, "inside   9/12   pivot_root ", 27) == 0);
	ck_assert_str_eq(inside + TIME_ENDS - 7,
			 " 250 us  root: a -> b\n"
			 "                                                   "
			 "mount + /proc: proc\n"
			 "                                                   "
			 "mount - /old: ext4\n");
	ck_assert_uint_eq(strspn(second, " "), CHANGES_AT);
	ck_assert_ptr_eq(strstr(head, "what it changed"), head + CHANGES_AT);
	ck_assert_ptr_eq(strstr(failed, "FAILED\n"), failed + CHANGES_AT);
	ck_assert_ptr_eq(strstr(note, "note: a\\x0ab\n"), note + CHANGES_AT);
	trace_record_free(&record);
}
END_TEST

/* Of many that are alike a few are shown, and how many more there are. */
START_TEST(test_many)
{
	struct trace_record record = { .len = 0 };
	struct trace_event *event = add(&record, "8", "mounts", 8, 0, 1);
	cleanup_free char *text = NULL;
	char name[8];
	size_t lines = 0;

	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		trace_event_change(event, "mount", name, i % 2 ? "a" : NULL,
				   "b");
	}
	text = show_event(event);
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	ck_assert_uint_eq(lines, 14);
	ck_assert_ptr_nonnull(strstr(text, "mount: 9 more came\n"));
	ck_assert_ptr_nonnull(strstr(text, "mount: 9 more changed\n"));
	trace_record_free(&record);
}
END_TEST

/* How often c stands in the line that begins with start. */
static size_t count(const char *text, const char *start, const char *c)
{
	const char *line = strstr(text, start);
	cleanup_free char *copy = NULL;
	size_t n = 0;

	ck_assert_msg(line != NULL, "no %s in %s", start, text);
	copy = xstrndup(line, strcspn(line, "\n"));
	for (const char *at = copy; (at = strstr(at, c)); at += strlen(c))
		n++;
	return n;
}

START_TEST(test_timeline)
{
	struct trace_record record = a_record();
	cleanup_free char *ascii = show_timeline(&record, 82, false);
	cleanup_free char *wide = show_timeline(&record, 122, true);
	cleanup_free char *none = NULL;
	char *outside = strstr(ascii, "\noutside\n");

	/* 40 cells for 1000 us. */
	ck_assert_uint_eq(count(ascii, "  S1 ", "#"), 20);
	ck_assert_uint_eq(count(ascii, "  9 ", "#"), 10);
	ck_assert_uint_eq(count(ascii, "  12 ", "#"), 0);
	ck_assert_uint_eq(count(ascii, "  12 ", "failed"), 1);
	ck_assert_uint_eq(count(wide, "  S1 ", "█"), 40);
	ck_assert_uint_eq(count(wide, "  9 ", "█"), 20);
	ck_assert_ptr_nonnull(outside);
	ck_assert_ptr_nonnull(strstr(outside, "\ninside\n"));
	for (char *line = strtok(ascii, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 82, "%s", line);
	for (char *line = strtok(wide, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(printable_width(line) <= 122, "%s", line);
	trace_record_forget(&record);
	none = show_timeline(&record, 80, true);
	ck_assert_str_eq(none, "");
	trace_record_free(&record);
}
END_TEST

/* Bars of any length stay where they belong. */
START_TEST(test_timeline_extremes)
{
	struct trace_record record = { .total_us = 0 };
	cleanup_free char *empty = NULL, *text = NULL;

	add(&record, "F1", "x", 0, 0, 0);
	empty = show_timeline(&record, 60, false);
	ck_assert_uint_eq(count(empty, "  F1 ", "|"), 1);
	record.total_us = 100;
	add(&record, "F2", "too long", 0, 50, 5000);
	add(&record, "F3", "too late", 0, 5000, 7);
	add(&record, "F4", "a thousandth", 0, 0, 1);
	text = show_timeline(&record, 60, true);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(printable_width(line) <= 60, "%s", line);
	trace_record_free(&record);
}
END_TEST

START_TEST(test_json)
{
	struct trace_record record = a_record();
	cleanup_free char *text = trace_record_json(&record);
	struct json *tree;
	struct error err;
	const struct json *events, *event, *change;

	ck_assert_int_eq(json_parse(text, strlen(text), &tree, &err), 0);
	ck_assert_str_eq(json_text(json_member(tree, "trace")), "1");
	ck_assert_str_eq(
		json_text(json_next(json_first(json_member(tree, "command")))),
		"\\xff\\x0a");
	ck_assert_ptr_null(json_member(tree, "error"));
	events = json_member(tree, "events");
	ck_assert_uint_eq(json_length(events), 3);
	event = json_next(json_first(events));
	ck_assert_str_eq(json_text(json_member(event, "room")), "inside");
	ck_assert_str_eq(json_text(json_member(event, "us")), "250");
	change = json_next(json_first(json_member(event, "changes")));
	ck_assert_str_eq(json_text(json_member(change, "name")), "/proc");
	ck_assert_ptr_null(json_member(change, "before"));
	ck_assert_ptr_null(json_member(json_next(event), "us"));
	json_free(tree);
	trace_record_free(&record);
}
END_TEST

START_TEST(test_json_of_a_failure)
{
	struct trace_record record = a_record();
	cleanup_free char *text = NULL;
	const struct json *error;
	struct json *tree;
	struct error err;

	record.failed = true;
	record.error.step = 9;
	snprintf(record.error.message, sizeof(record.error.message), "why");
	text = trace_record_json(&record);
	ck_assert_int_eq(json_parse(text, strlen(text), &tree, &err), 0);
	error = json_member(tree, "error");
	ck_assert_str_eq(json_text(json_member(error, "step")), "9");
	ck_assert_str_eq(json_text(json_member(error, "message")), "why");
	json_free(tree);
	trace_record_free(&record);
}
END_TEST

static void means(const char *value, enum trace_format format, const char *path)
{
	struct trace_options options = { .format = TRACE_NONE };
	struct error err;

	ck_assert_int_eq(trace_flags[0].apply(&options, value, &err), 0);
	ck_assert_int_eq(options.format, format);
	ck_assert_pstr_eq(options.path, path);
	ck_assert(trace_wanted(&options));
	ck_assert_int_eq(trace_refuse(&options, &err), -1);
}

static void refused(const char *value, const char *text)
{
	struct trace_options options = { .format = TRACE_NONE };
	struct error err;

	ck_assert_int_eq(trace_flags[0].apply(&options, value, &err), -1);
	ck_assert_msg(strstr(err.message, text) != NULL, "%s", err.message);
}

START_TEST(test_flag)
{
	const struct trace_options none = { .format = TRACE_NONE };

	ck_assert_str_eq(trace_flags[0].name, "trace");
	ck_assert(!trace_wanted(&none));
	ck_assert_int_eq(trace_refuse(&none, NULL), 0);
	means(NULL, TRACE_TEXT, NULL);
	means("x", TRACE_TEXT, "x");
	means("jsonx", TRACE_TEXT, "jsonx");
	means("./json", TRACE_TEXT, "./json");
	means("./xml:y", TRACE_TEXT, "./xml:y");
	means("/tmp/a:b", TRACE_TEXT, "/tmp/a:b");
	means("json", TRACE_JSON, NULL);
	means("json:x", TRACE_JSON, "x");
	means("json:json", TRACE_JSON, "json");
	means("html:x", TRACE_HTML, "x");
	refused("", "a file is wanted");
	refused("json:", "a file is wanted");
	refused("html:", "a file is wanted");
	refused("html", "--trace=html:FILE");
	refused("xml:x", "there is no format \"xml\"");
}
END_TEST

Suite *check_trace_show_suite(void)
{
	Suite *suite = suite_create("trace_show");
	TCase *tcase = tcase_create("words");

	tcase_add_test(tcase, test_lines);
	tcase_add_test(tcase, test_many);
	tcase_add_test(tcase, test_timeline);
	tcase_add_test(tcase, test_timeline_extremes);
	tcase_add_test(tcase, test_json);
	tcase_add_test(tcase, test_json_of_a_failure);
	tcase_add_test(tcase, test_flag);
	suite_add_tcase(suite, tcase);
	return suite;
}
