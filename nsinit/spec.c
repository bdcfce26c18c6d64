/*
 * spec.c  [outside]  nsinit spec: the container's config as JSON
 *
 * A living container's own, else the one that exec would take. June 2014
 * printed the line "Spec:" first; JSON alone can be read by programs, and be
 * given back by --config.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/system/cleanup.h"

#include <string.h>

/* A cgroup that is called like its container is so by default: written down,
 * it would tie every container made from the file to one cgroup. */
static char *print(struct config *config, const char *id)
{
	char *name = config->cgroups.name;
	char *text;

	if (name && strcmp(name, id) == 0)
		config->cgroups.name = NULL;
	text = config_print(config);
	config->cgroups.name = name;
	return text;
}

static int print_spec(const struct options *o, struct error *err)
{
	cleanup_free char *text = NULL;
	struct config *config;
	struct container *c;
	int living = 0;

	if (factory_load(&o->factory, o->id, &c, err) == 0) {
		enum container_status status;

		if (container_status(c, &status, err) < 0) {
			container_free(c);
			return -1;
		}
		living = container_lives(status);
		if (living)
			text = print(c->config, o->id);
		container_free(c);
	} else if (err->code != ERROR_CONTAINER_NOT_EXISTS) {
		return -1;
	}
	if (!living) {
		if (config_choose(o, &config, NULL, err) < 0)
			return -1;
		text = print(config, o->id);
		config_free(config);
	}
	return output_write(text, err);
}

int nsinit_spec(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err)
{
	struct options o;
	int result = options_read(nsinit, self, argc, argv, &o, err);

	if (result == 0)
		result = print_spec(&o, err);
	if (result < 0)
		error_name_flags(err, &o.line);
	options_free(&o);
	return result < 0 ? -1 : 0;
}
