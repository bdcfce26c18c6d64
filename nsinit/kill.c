/*
 * kill.c  [outside]  nsinit kill ID KILL: the end of a container
 *
 * The explicit way to end one, whatever it does: paused, frozen by itself, with
 * or without somebody who stays with it. A signal for its program goes to the
 * nsinit that started it, which hands it on; so KILL is the one signal here.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/configs/names.h"

#include <signal.h>

enum { WORD_ID, WORD_SIGNAL, WORDS };

static int check_words(const struct command_line *line, struct error *err)
{
	char *const *words = line->words;

	if (line->words_len != WORDS)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "the words ID KILL are wanted");
	if (factory_check_id(words[WORD_ID], err) < 0)
		return -1;
	if (signal_number(words[WORD_SIGNAL]) == SIGKILL)
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "expected KILL, got \"%s\": any other signal goes to "
			 "the nsinit that started the container",
			 words[WORD_SIGNAL]);
}

static int end(const struct options *o, struct error *err)
{
	struct container *c;
	int result;

	if (check_words(&o->line, err) < 0 ||
	    factory_load(&o->factory, o->line.words[WORD_ID], &c, err) < 0)
		return -1;
	result = container_end_orphan(c, err);
	if (result == 0)
		result = container_end(c, err);
	container_free(c);
	return result;
}

int nsinit_kill(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err)
{
	struct options o;
	int result = options_read(nsinit, self, argc, argv, &o, err);

	if (result == 0)
		result = end(&o, err);
	options_free(&o);
	return result < 0 ? -1 : 0;
}
