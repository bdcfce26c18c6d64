/*
 * nsenter.c  [outside]  nsinit nsenter: a program in a living container
 *
 * Like exec, but it never makes a container. June 2014 had another form,
 * which exec itself called to join:
 *
 *	nsinit nsenter PID PROCESS-LABEL CONTAINER-JSON CMD [ARG...]
 *
 * It is known by its first word, a number, and needs no state: the namespaces
 * and cgroups are the process's own. (Then a command whose name is a number
 * is written as a path: ./7.)
 */
#include "nsinit/nsinit.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_PID, WORD_LABEL, WORD_JSON, WORD_CMD };

static int enter_pid(struct options *o, int *status, struct error *err)
{
	char **words = o->line.words;
	struct config *config;
	struct container *c;
	long long pid;
	int result;

	if (o->line.words_len <= WORD_CMD)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "after the number %s, PROCESS-LABEL "
				 "CONTAINER-JSON CMD are wanted",
				 words[WORD_PID]);
	if (number_read(words[WORD_PID], 1, INT_MAX, &pid, err) < 0)
		return error_wrap(err, "pid %s", words[WORD_PID]);
	if (config_load(words[WORD_JSON], strlen(words[WORD_JSON]), &config,
			err) < 0)
		return error_wrap(err, "CONTAINER-JSON");
	if (*words[WORD_LABEL]) {
		free(config->process_label);
		config->process_label = xstrdup(words[WORD_LABEL]);
	}
	if (container_of_pid(&o->factory, (pid_t)pid, config, &c, err) < 0) {
		config_free(config);
		return -1;
	}
	result = run_process(o, c, words + WORD_CMD, NULL, status, err);
	container_free(c);
	return result;
}

static int enter_id(struct options *o, int *status, struct error *err)
{
	struct container *c;
	int result;

	if (factory_load(&o->factory, o->id, &c, err) < 0)
		return -1;
	result = container_end_orphan(c, err);
	if (result > 0)
		result = error_set(err, ERROR_CONTAINER_NOT_EXISTS,
				   "%s: there is no such container", c->root);
	else if (result == 0)
		result = run_process(o, c, o->line.words, NULL, status, err);
	container_free(c);
	return result;
}

static int enter(struct options *o, int *status, struct error *err)
{
	const char *first = o->line.words[0];

	if (*first && first[strspn(first, "0123456789")] == '\0')
		return enter_pid(o, status, err);
	return enter_id(o, status, err);
}

int nsinit_nsenter(void *nsinit, const struct subcommand *self, int argc,
		   char **argv, struct error *err)
{
	struct options o;
	int status = 0;
	int result = options_read(nsinit, self, argc, argv, &o, err);

	if (result == 0)
		result = enter(&o, &status, err);
	return options_end(&o, result, status, err);
}
