/*
 * tracer.c  [outside]  an entrance for tests that answers the trace socket
 *
 *	tracer STATE-ROOT ID ROOTFS|CONFIG-FILE FAIL CMD [ARG...]
 *
 * Starts CMD in a container, as nsinit exec does (in the living container ID,
 * or in a new one), with a tracer that prints one line before and after each
 * step and lets step FAIL fail (0: none; -8: it stops itself before it answers
 * for step 8, so that somebody can look around). Prints the error as
 * "failed STEP NAME CODE MESSAGE", destroys what it created, and exits 9; else
 * exits with the status of CMD. It is also the shortest example of a program
 * that uses libcontainer: create, start, wait, destroy.
 */
#include "libcontainer/trace/tracer.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/process.h"
#include "libcontainer/system/alloc.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct fail_tracer {
	struct tracer tracer;
	int fail;
};

static char before(struct tracer *tracer, pid_t pid, int step, const char *name)
{
	const struct fail_tracer *t = (const struct fail_tracer *)tracer;

	printf("> %d %s %d\n", step, name, (int)pid);
	if (step == -t->fail)
		raise(SIGSTOP);
	return step == t->fail ? 'F' : 'G';
}

static void after(struct tracer *tracer, pid_t pid, int step, const char *name,
		  long microseconds)
{
	(void)tracer;
	printf("< %d %s %d %s\n", step, name, (int)pid,
	       microseconds >= 0 ? "us" : "negative");
}

/* The template for a rootfs, or what a file says. */
static struct config *read_config(const char *path, const char *id,
				  struct error *err)
{
	struct config *config = NULL;
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return config_default(path, "traced", "nsinit", id);
	return config_load_file(path, &config, err) < 0 ? NULL : config;
}

static int report(const struct error *err)
{
	printf("failed %d %s %d %s\n", err->step,
	       err->step ? err->step_name : "-", (int)err->code, err->message);
	return 9;
}

int main(int argc, char **argv)
{
	struct fail_tracer t = { { .before = before, .after = after }, 0 };
	struct factory factory = { .init_name = "native" };
	struct container *c = NULL;
	struct process p;
	struct error err;
	int status = 0, code;
	bool created;

	if (argc < 6) {
		fprintf(stderr, "usage: tracer ROOT ID ROOTFS|CONFIG "
				"FAIL CMD...\n");
		return 125;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	factory.root = argv[1];
	factory.tracer = &t.tracer;
	t.fail = atoi(argv[4]);
	created = factory_load(&factory, argv[2], &c, &err) < 0;
	if (created) {
		struct config *config = read_config(argv[3], argv[2], &err);

		if (!config)
			return report(&err);
		if (factory_create(&factory, argv[2], config, &c, &err) < 0) {
			config_free(config);
			return report(&err);
		}
	}
	process_init(&p);
	p.args = argv + 5;
	p.env = default_environment("traced");
	if (container_start(c, &p, &err) < 0)
		code = report(&err);
	else if (process_wait(&p, &status, &err) < 0)
		code = report(&err);
	else
		code = exit_status(status);
	if (created && container_destroy(c, &err) < 0)
		code = report(&err);
	process_free(&p);
	container_free(c);
	strv_free(p.env);
	return code;
}
