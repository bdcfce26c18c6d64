/* explain.c  [outside]  nsinit explain: an act or a step in words */
#include "nsinit/nsinit.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/explain.h"

#include <stdlib.h>

static int explain(const struct command_line *line, struct error *err)
{
	const struct explanation *e;
	cleanup_free char *text = NULL;

	if (line->words_len > 1)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "one step or act is wanted, but there is "
				 "\"%s\", too",
				 line->words[1]);
	if (!line->words_len) {
		text = explain_list();
	} else {
		e = explain_search(line->words[0], err);
		if (!e)
			return -1;
		text = explain_text(e);
	}
	return output_write(text, err);
}

int nsinit_explain(void *nsinit, const struct subcommand *self, int argc,
		   char **argv, struct error *err)
{
	static const struct flag *const tables[] = { NULL };
	const struct command_form form = {
		.name = "nsinit explain",
		.usage = self->usage,
		.help = self->help,
		.tables = tables,
	};
	struct command_line line;
	int result = command_line_read(&form, argc, argv, &line, err);

	if (result)
		return result < 0 ? -1 : 0;
	result = trace_refuse(&((struct nsinit *)nsinit)->trace, err);
	if (result == 0)
		result = explain(&line, err);
	command_line_free(&line);
	return result;
}
