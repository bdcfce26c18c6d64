/*
 * run_process.c  [outside]  one program in a container, from start to end
 *
 * What exec and nsenter have in common: the process is made from the flags
 * and the container's config, started, and stayed with until it ends.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/configs/defaults.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/terminal.h"

#include <unistd.h>

/* Of a name that comes twice the last value counts (step 3). */
char **process_environment(const struct options *o, const struct config *config)
{
	char **env = config->environment
			     ? strv_dup(config->environment)
			     : default_environment(config->hostname);

	for (char **pair = o->env; pair && *pair; pair++)
		strv_append(&env, *pair);
	return env;
}

/* A terminal of its own, when it was asked for or when a person sits at all
 * three ends: the person's own terminal is not given away. */
static bool wants_tty(const struct options *o, const struct config *config)
{
	return o->tty || config->tty ||
	       (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
		isatty(STDERR_FILENO));
}

int run_process(const struct options *o, struct container *c, char **args,
		bool *started, int *status, struct error *err)
{
	cleanup_strv char **env = process_environment(o, c->config);
	cleanup_free char *user = xstrdup(o->user ? o->user : c->config->user);
	cleanup_free char *cwd =
		xstrdup(o->cwd ? o->cwd : c->config->working_dir);
	struct process p;
	int result;

	if (started)
		*started = false;
	process_init(&p);
	p.args = args;
	p.env = env;
	p.user = user;
	p.cwd = cwd;
	p.tty = wants_tty(o, c->config);
	if (p.tty)
		terminal_size(STDIN_FILENO, &p.console_rows,
			      &p.console_columns);
	if (container_start(c, &p, err) < 0)
		return -1;
	if (started)
		*started = true;
	result = terminal_attach(&p, o->signals, status, err);
	process_free(&p);
	return result;
}

int container_find_living(const struct options *o, struct container **out,
			  struct error *err)
{
	struct container *c;
	enum container_status status;
	int result;

	if (factory_load(&o->factory, o->id, &c, err) < 0)
		return err->code == ERROR_CONTAINER_NOT_EXISTS ? 0 : -1;
	result = container_end_orphan(c, err);
	if (result == 0 && container_status(c, &status, err) < 0)
		result = -1;
	else if (result == 0 && container_lives(status)) {
		*out = c;
		return 1;
	} else if (result == 0)
		result = container_destroy(c, err);
	container_free(c);
	/* Somebody was quicker: factory_create will find his, and we come
	 * back. */
	if (result > 0 ||
	    (result < 0 && err->code == ERROR_CONTAINER_NOT_STOPPED))
		return 0;
	return result;
}
