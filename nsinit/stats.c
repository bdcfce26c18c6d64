/* stats.c  [outside]  nsinit stats: what a living container uses, as JSON */
#include "nsinit/nsinit.h"

#include "libcontainer/stats.h"
#include "libcontainer/system/cleanup.h"

static int print_stats(const struct options *o, struct error *err)
{
	cleanup_free char *text = NULL;
	struct container *c;
	struct stats stats;
	int result;

	if (factory_load(&o->factory, o->id, &c, err) < 0)
		return -1;
	result = container_stats(c, &stats, err);
	if (result == 0) {
		text = stats_print(&stats);
		stats_free(&stats);
		result = output_write(text, err);
	}
	container_free(c);
	return result;
}

int nsinit_stats(void *nsinit, const struct subcommand *self, int argc,
		 char **argv, struct error *err)
{
	struct options o;
	int result = options_read(nsinit, self, argc, argv, &o, err);

	if (result == 0)
		result = print_stats(&o, err);
	options_free(&o);
	return result < 0 ? -1 : 0;
}
