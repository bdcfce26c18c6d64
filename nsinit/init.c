/*
 * init.c  [outside]  nsinit init: be dockerinit
 *
 * In 2014 and 2015 nsinit executed itself as "nsinit init" to become the
 * container's first process. That is dockerinit's work here, and all entrances
 * come in that one way.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/system/cleanup.h"
#include "reexec/reexec.h"

#include <unistd.h>

int nsinit_init(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err)
{
	static const struct flag *const tables[] = { NULL };
	const struct command_form form = {
		.name = "nsinit init",
		.usage = self->usage,
		.help = self->help,
		.tables = tables,
	};
	char *const args[] = { (char[]){ "native" }, NULL };
	cleanup_free char *path = NULL;
	struct command_line line;
	int result = command_line_read(&form, argc, argv, &line, err);

	if (result)
		return result < 0 ? -1 : 0;
	command_line_free(&line);
	if (trace_refuse(&((struct nsinit *)nsinit)->trace, err) < 0)
		return -1;
	path = reexec_self(err);
	if (!path)
		return -1;
	execv(path, args);
	return error_errno(err, "execute %s", path);
}
