/* check_trace.c  [outside]  facts, what differs between them, and its words */
#include "tests/check.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/clock.h"
#include "libcontainer/trace/look.h"
#include "libcontainer/trace/printable.h"
#include "libcontainer/trace/snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A snapshot from lines "name value", all of one kind. */
static struct snapshot facts(enum fact_kind kind, const char *lines)
{
	struct snapshot s = { .facts = NULL };
	char *copy = xstrdup(lines), *at = copy, *line;

	while ((line = strsep(&at, "\n"))) {
		char *name = strsep(&line, " ");

		if (line)
			snapshot_add(&s, kind, name, line);
	}
	free(copy);
	snapshot_sort(&s);
	return s;
}

/* The changes of an event as "what name before>after" lines; it is emptied. */
static char *changes(struct trace_event *event)
{
	struct trace_record record = { .events = xcalloc(1, sizeof(*event)),
				       .len = 1 };
	char *text = xstrdup("");

	for (size_t i = 0; i < event->changes_len; i++) {
		const struct trace_change *c = &event->changes[i];
		char *longer = xasprintf("%s%s %s %s>%s\n", text, c->what,
					 c->name, c->before ? c->before : "",
					 c->after ? c->after : "");

		free(text);
		text = longer;
	}
	record.events[0] = *event;
	trace_record_free(&record);
	*event = (struct trace_event){ .us = -1 };
	return text;
}

static void differ(const char *was, const char *is, const char *want)
{
	struct snapshot before = facts(FACT_MOUNT, was);
	struct snapshot after = facts(FACT_MOUNT, is);
	struct trace_event event = { .us = -1 };
	cleanup_free char *got = NULL;

	snapshot_compare(&before, &after, &event);
	got = changes(&event);
	ck_assert_str_eq(got, want);
	snapshot_free(&before);
	snapshot_free(&after);
}

START_TEST(test_compare)
{
	differ("", "", "");
	differ("/ a\n/proc b", "/ a\n/proc b", "");
	differ("/ a", "/ b", "mount / a>b\n");
	differ("", "/proc b", "mount /proc >b\n");
	differ("/proc b", "", "mount /proc b>\n");
	differ("/a 1\n/c 3", "/b 2\n/c 4",
	       "mount /a 1>\nmount /b >2\nmount /c 3>4\n");
}
END_TEST

START_TEST(test_compare_one_name)
{
	differ("/ a\n/ b", "/ b\n/ a", "");
	differ("/ a", "/ a\n/ a", "mount / >a\n");
	differ("/ a\n/ a\n/ a", "/ a\n/ a", "mount / a>\n");
	differ("/ a\n/ b", "/ b\n/ c", "mount / a>c\n");
	differ("/ a\n/ b\n/ d", "/ b\n/ c", "mount / a>c\nmount / d>\n");
}
END_TEST

/* What is hidden is said once, and compared when it is seen again. */
START_TEST(test_compare_unknown)
{
	struct snapshot one = facts(FACT_CWD, " /a");
	struct snapshot two = facts(FACT_CWD, "");
	struct snapshot three = facts(FACT_CWD, "");
	struct snapshot four = facts(FACT_CWD, " /b");
	struct trace_event event = { .us = -1 };
	cleanup_free char *first = NULL, *second = NULL, *third = NULL;

	two.unknown = three.unknown = 1U << FACT_CWD;
	snapshot_compare(&one, &two, &event);
	first = changes(&event);
	ck_assert_str_eq(first, "cwd  >?\n");
	snapshot_compare(&two, &three, &event);
	second = changes(&event);
	ck_assert_str_eq(second, "");
	snapshot_compare(&three, &four, &event);
	third = changes(&event);
	ck_assert_str_eq(third, "cwd  /a>/b\n");
	snapshot_free(&one);
	snapshot_free(&two);
	snapshot_free(&three);
	snapshot_free(&four);
}
END_TEST

/* What a text of /proc adds, as "what name >value" lines. */
static char *looked(void (*look)(char *, struct snapshot *), const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	struct snapshot nothing = { .facts = NULL }, some = { .facts = NULL };
	struct trace_event event = { .us = -1 };

	look(copy, &some);
	snapshot_sort(&some);
	snapshot_compare(&nothing, &some, &event);
	snapshot_free(&some);
	return changes(&event);
}

static void look_limits_of(char *text, struct snapshot *snapshot)
{
	look_limits(text, snapshot);
}

static void look_stat_of(char *text, struct snapshot *snapshot)
{
	look_stat(text, snapshot);
}

static void reads(void (*look)(char *, struct snapshot *), const char *text,
		  const char *want)
{
	cleanup_free char *got = looked(look, text);

	ck_assert_str_eq(got, want);
}

START_TEST(test_mountinfo)
{
	reads(look_mountinfo,
	      "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw\n"
	      "37 36 0:5 / / rw shared:2 master:7 - tmpfs none rw\n"
	      "38 36 0:6 / /a\\040b ro - proc proc rw\n",
	      "mount / >tmpfs none rw slave+shared (0:5)\n"
	      "mount /a\\040b >proc proc ro private (0:6)\n"
	      "mount /mnt2 >ext3 /dev/root from /mnt1 rw,noatime slave "
	      "(98:0)\n");
	reads(look_mountinfo, "", "");
	reads(look_mountinfo, "36 35\nno mount at all\n", "");
}
END_TEST

START_TEST(test_limits)
{
	reads(look_limits_of,
	      "Limit                     Soft Limit           Hard Limit       "
	      "    Units     \n"
	      "Max cpu time              unlimited            unlimited        "
	      "    seconds   \n"
	      "Max file size             12                   4096             "
	      "    bytes     \n",
	      "limit RLIMIT_CPU >unlimited unlimited\n"
	      "limit RLIMIT_FSIZE >12 4096\n");
	reads(look_limits_of, "", "");
}
END_TEST

START_TEST(test_status)
{
	reads(look_status,
	      "Name:\tx: y\nUid:\t0\t0\t0\t0\nGid:\t0\t5\t5\t5\nGroups:\t4 27 "
	      "\n"
	      "NSpid:\t77\t1\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\n",
	      "user uid >0\ngroup gid >0 5 5 5\ngroup others >4 27\n"
	      "capabilities effective >00000000a80425fb\nno_new_privs  >1\n"
	      "session pid >77 1\n");
}
END_TEST

START_TEST(test_cgroup)
{
	reads(look_cgroup, "5:memory:/a:b\n4:cpu,cpuacct:/\n0::/nsinit/x\n",
	      "cgroup cpu,cpuacct >/\ncgroup memory >/a:b\n"
	      "cgroup v2 >/nsinit/x\n");
}
END_TEST

START_TEST(test_stat)
{
	reads(look_stat_of, "7 (a) b) S 1 7 7 34816 7 0",
	      "session tty >136:0\n");
	reads(look_stat_of, "7 (a) S 1 7 7 0 7 0", "session tty >none\n");
	reads(look_stat_of, "", "");
}
END_TEST

START_TEST(test_routes)
{
	reads(look_routes,
	      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
	      "eth0\t00000000\t012A110A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
	      "eth0\t002A110A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
	      "route 10.17.42.0/24 >dev eth0\n"
	      "route default >via 10.17.42.1 dev eth0\n");
	reads(look_routes6,
	      "fd000000000000000000000000000000 40 "
	      "00000000000000000000000000000000 00 "
	      "00000000000000000000000000000000 00000100 00000001 00000000 "
	      "00000001     eth0\n"
	      "fe800000000000000000000000000000 40 "
	      "00000000000000000000000000000000 00 "
	      "00000000000000000000000000000000 00000100 00000001 00000000 "
	      "00000001     eth0\n"
	      "00000000000000000000000000000000 00 "
	      "00000000000000000000000000000000 00 "
	      "fd000000000000000000000000000001 00000400 00000002 00000000 "
	      "00000003     eth0\n",
	      "route default >via fd00::1 dev eth0\n"
	      "route fd00::/64 >dev eth0\n");
	reads(look_routes, "", "");
	reads(look_routes6, "", "");
}
END_TEST

static void prints(const char *text, const char *want)
{
	cleanup_free char *got = printable(text);

	ck_assert_str_eq(got, want);
}

START_TEST(test_printable)
{
	prints("", "");
	prints("a b~", "a b~");
	prints("a\tb\n\x1b[2J\x7f", "a\\x09b\\x0a\\x1b[2J\\x7f");
	prints("\xe5\xae\xb9\xe5\x99\xa8 \xc3\xa9", "容器 é");
	prints("\xc2\x9b"
	       "2J",
	       "\\xc2\\x9b2J");
	prints("\xff\xfe", "\\xff\\xfe");
	/* Left-to-right mark, override, isolate; an ellipsis is harmless. */
	prints("\xe2\x80\x8e", "\\xe2\\x80\\x8e");
	prints("\xe2\x80\x8f", "\\xe2\\x80\\x8f");
	prints("\xe2\x80\xaa", "\\xe2\\x80\\xaa");
	prints("\xe2\x80\xae", "\\xe2\\x80\\xae");
	prints("\xe2\x81\xa6", "\\xe2\\x81\\xa6");
	prints("\xe2\x81\xa9", "\\xe2\\x81\\xa9");
	prints("\xd8\x9c", "\\xd8\\x9c");
	prints("\xe2\x80\xa6 \xe2\x80\x8d \xe2\x81\xaa \xd8\x9b",
	       "\xe2\x80\xa6 \xe2\x80\x8d \xe2\x81\xaa \xd8\x9b");
	prints("\xe5\xae", "\\xe5\\xae");
	prints("\xc0\xaf", "\\xc0\\xaf");
	prints("\xed\xa0\x80", "\\xed\\xa0\\x80");
	prints("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	ck_assert_uint_eq(printable_width("容器 é"), 4);
}
END_TEST

START_TEST(test_clock)
{
	struct trace_clock clock = { .stopped_us = 0 };
	long first;

	clock_stop(&clock);
	ck_assert_int_eq(clock_us(&clock), 0);
	usleep(20000);
	clock_start(&clock);
	clock_stop(&clock);
	/* It stood still while we slept. */
	first = clock_us(&clock);
	ck_assert_int_ge(first, 0);
	ck_assert_int_lt(first, 20000);
	clock_start(&clock);
	usleep(2000);
	clock_stop(&clock);
	ck_assert_int_ge(clock_us(&clock), first + 2000);
	clock_set_back(&clock, first + 10);
	ck_assert_int_eq(clock_us(&clock), first + 10);
	clock_set_back(&clock, first + 20);
	ck_assert_int_eq(clock_us(&clock), first + 10);
}
END_TEST

/* Ourselves: the kernel must agree with itself. */
START_TEST(test_look_at_ourselves)
{
	struct snapshot one, two;
	struct trace_event event = { .us = -1 };
	cleanup_free char *same = NULL, *other = NULL;

	ck_assert_int_eq(look_at(getpid(), &one), 0);
	ck_assert_int_eq(look_at(getpid(), &two), 0);
	ck_assert_uint_gt(one.len, 30);
	snapshot_compare(&one, &two, &event);
	same = changes(&event);
	ck_assert_str_eq(same, "");
	snapshot_free(&two);
	ck_assert_int_eq(chdir("/proc"), 0);
	ck_assert_int_eq(look_at(getpid(), &two), 0);
	snapshot_compare(&one, &two, &event);
	other = changes(&event);
	ck_assert_msg(strncmp(other, "cwd  /", 6) == 0 &&
			      strstr(other, ">/proc\n"),
		      "%s", other);
	snapshot_free(&one);
	snapshot_free(&two);
	ck_assert_int_eq(look_at(0x7ffffff0, &one), -1);
}
END_TEST

Suite *check_trace_suite(void)
{
	Suite *suite = suite_create("trace");
	TCase *tcase = tcase_create("facts");

	tcase_add_test(tcase, test_compare);
	tcase_add_test(tcase, test_compare_one_name);
	tcase_add_test(tcase, test_compare_unknown);
	tcase_add_test(tcase, test_mountinfo);
	tcase_add_test(tcase, test_limits);
	tcase_add_test(tcase, test_status);
	tcase_add_test(tcase, test_cgroup);
	tcase_add_test(tcase, test_stat);
	tcase_add_test(tcase, test_routes);
	tcase_add_test(tcase, test_printable);
	tcase_add_test(tcase, test_clock);
	tcase_add_test(tcase, test_look_at_ourselves);
	suite_add_tcase(suite, tcase);
	return suite;
}
