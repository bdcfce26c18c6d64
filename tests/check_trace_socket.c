/* check_trace_socket.c  [outside]  what is believed of what dockerinit says */
#include "tests/check.h"

#include "libcontainer/trace/explain.h"
#include "libcontainer/trace/hold.h"
#include "libcontainer/trace/socket.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the tracer was told last. */
struct listener {
	struct tracer tracer; /* first: the hooks */
	int before, after;
	const char *name;
	long us;
};

static char on_before(struct tracer *tracer, pid_t pid, int step,
		      const char *name)
{
	struct listener *l = (struct listener *)tracer;

	ck_assert_int_eq(pid, 42);
	l->before = step;
	l->name = name;
	return 'G';
}

static void on_after(struct tracer *tracer, pid_t pid, int step,
		     const char *name, long microseconds)
{
	struct listener *l = (struct listener *)tracer;

	ck_assert_int_eq(pid, 42);
	l->after = step;
	l->name = name;
	l->us = microseconds;
}

static struct listener listener;
static struct trace_walk walk;
static struct error err;
static int outside, inside;

static void begin(bool joining)
{
	listener = (struct listener){ .tracer.before = on_before,
				      .tracer.after = on_after };
	walk = (struct trace_walk){ .joining = joining };
	ck_assert_int_eq(trace_pair(&outside, &inside, &err), 0);
}

static void end(void)
{
	close(outside);
	close(inside);
}

static int say_bytes(const char *bytes, size_t len)
{
	ck_assert_int_eq(send(inside, bytes, len, 0), (ssize_t)len);
	return trace_serve(outside, &walk, &listener.tracer, 42, &err);
}

static int say(const char *text)
{
	return say_bytes(text, strlen(text));
}

static void answered(const char *text, int step)
{
	char answer = 0;

	ck_assert_msg(say(text) == 1, "%s", text);
	ck_assert_int_eq(listener.before, step);
	ck_assert_str_eq(listener.name, explain_step(step)->function);
	ck_assert_int_eq(recv(inside, &answer, 1, MSG_DONTWAIT), 1);
	ck_assert_int_eq(answer, 'G');
}

static void done(const char *text, int step, long us)
{
	ck_assert_msg(say(text) == 1, "%s", text);
	ck_assert_int_eq(listener.after, step);
	ck_assert_str_eq(listener.name, explain_step(step)->function);
	ck_assert_int_eq(listener.us, us);
}

/* One clear line, without a byte of theirs, and the tracer hears nothing. */
static void refused(const char *text)
{
	const struct listener was = listener;
	char answer;

	ck_assert_msg(say(text) == -1, "%s", text);
	ck_assert_int_eq(listener.before, was.before);
	ck_assert_int_eq(listener.after, was.after);
	ck_assert_ptr_nonnull(strstr(err.message, "on the trace socket came"));
	ck_assert_ptr_null(strpbrk(err.message, "\x1b\x07\n_"));
	ck_assert_int_eq(recv(inside, &answer, 1, MSG_DONTWAIT), -1);
}

START_TEST(test_walk)
{
	static const char *const ask[] = { "> 1", "> 2",  "> 3",  "> 4",
					   "> 5", "> 6",  "> 7",  "> 8",
					   "> 9", "> 10", "> 11", "> 12" };
	static const char *const told[] = { "< 1 5", "< 2 5",  "< 3 5", "< 4 5",
					    "< 5 5", "< 6 5",  "< 7 5", "< 8 5",
					    "< 9 5", "< 10 5", "< 11 5" };

	for (int joining = 0; joining < 2; joining++) {
		begin(joining);
		for (int i = 0; i < STEPS; i++) {
			if (joining && !explain_step(i + 1)->joining) {
				refused(ask[i]);
				continue;
			}
			answered(ask[i], i + 1);
			if (i + 1 < STEPS)
				done(told[i], i + 1, 5);
		}
		refused("< 12 5");
		refused("> 12");
		refused("> 13");
		end();
	}
}
END_TEST

START_TEST(test_hostile_question)
{
	static const char *const hostile[] = {
		"> 0",
		"> 99 x_y",
		"> 99",
		"> -1",
		"> 2",
		"> 4294967297",
		"> 1 step01_open_pipe",
		"> 1 x_\x1b[31mHOSTILE\x07",
		"> 1\n",
		"> 1 ",
		">  1",
		"> +1",
		">1",
		"> ",
		">",
		"",
		"w",
		"\x1b[2J",
		"< 1 5",
		"< 0 5",
		"> 13",
		"> 1 1",
		"> 999999999",
		"> 111111111111111111111111111111111111111111111111111111111",
	};

	begin(false);
	for (size_t i = 1; i < sizeof(hostile) / sizeof(*hostile); i++)
		if (*hostile[i])
			refused(hostile[i]);
	refused(hostile[0]);
	answered("> 1", 1);
	refused("> 1"); /* repeated */
	refused("> 2"); /* the first is not done */
	done("< 1 0", 1, 0);
	refused("< 1 0");
	refused("> 1");
	answered("> 2", 2);
	done("< 2 7", 2, 7);
	refused("> 1"); /* backwards */
	refused("> 4"); /* not all of them */
	end();
}
END_TEST

START_TEST(test_hostile_time)
{
	static const char *const hostile[] = {
		"< 3 5 x_\x1b[31m", "< 3",   "< 3 ",  "< 3 x",	"< 3 -",
		"< 3 5\n",	    "< 1 5", "< 4 5", "< -3 5", "< 3  5",
		"< 3 --5",
	};

	begin(false);
	answered("> 1", 1);
	done("< 1 999999999999999999999999999", 1, TRACE_US_MAX);
	answered("> 2", 2);
	done("< 2 -9223372036854775808", 2, 0);
	answered("> 3", 3);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++)
		refused(hostile[i]);
	done("< 3 123", 3, 123);
	end();
}
END_TEST

/* Bytes after a zero are no part of a question; nor is there one in nothing. */
START_TEST(test_zero_bytes)
{
	begin(false);
	ck_assert_int_eq(say_bytes("\0> 1", 4), -1);
	ck_assert_int_eq(say_bytes("> 1\0x", 5), -1);
	close(inside);
	ck_assert_int_eq(
		trace_serve(outside, &walk, &listener.tracer, 42, &err), 0);
	close(outside);
}
END_TEST

START_TEST(test_bits)
{
	static const int numbers[] = { -1, 0, 32, 99, -2147483647 };

	ck_assert_uint_eq(HOLD_BIT(12), 1U << 12);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		ck_assert_uint_eq(HOLD_BIT(numbers[i]), 0);
}
END_TEST

Suite *check_trace_socket_suite(void)
{
	Suite *suite = suite_create("trace_socket");
	TCase *tcase = tcase_create("hostile");

	tcase_add_test(tcase, test_walk);
	tcase_add_test(tcase, test_hostile_question);
	tcase_add_test(tcase, test_hostile_time);
	tcase_add_test(tcase, test_zero_bytes);
	tcase_add_test(tcase, test_bits);
	suite_add_tcase(suite, tcase);
	return suite;
}
