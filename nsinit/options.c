/* options.c  [outside]  the flags of nsinit's commands */
#include "nsinit/nsinit.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set_id(void *object, const char *value, struct error *err)
{
	((struct options *)object)->id_flag = value;
	return factory_check_id(value, err);
}

static int set_config(void *object, const char *value,
		      struct error *err __attribute__((unused)))
{
	((struct options *)object)->config_file = value;
	return 0;
}

static int set_rootfs(void *object, const char *value, struct error *err)
{
	((struct options *)object)->rootfs = value;
	if (!*value)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a directory is wanted");
	return 0;
}

static int set_tty(void *object, const char *value __attribute__((unused)),
		   struct error *err __attribute__((unused)))
{
	((struct options *)object)->tty = true;
	return 0;
}

static int set_user(void *object, const char *value,
		    struct error *err __attribute__((unused)))
{
	((struct options *)object)->user = value;
	return 0;
}

static int set_cwd(void *object, const char *value, struct error *err)
{
	((struct options *)object)->cwd = value;
	if (value[0] != '/')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "an absolute path is wanted");
	return 0;
}

static int add_env(void *object, const char *value, struct error *err)
{
	const char *equals = strchr(value, '=');

	if (!equals || equals == value)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "KEY=VALUE is wanted");
	strv_append(&((struct options *)object)->env, value);
	return 0;
}

static const struct flag option_flags[] = {
	{ "id", 0, "ID", NEED_ID, set_id, "which container" },
	{ "config", 0, "FILE", NEED_CONFIG, set_config,
	  "its config, trusted; a container.json that is found is not" },
	{ "rootfs", 0, "DIR", NEED_CONFIG, set_rootfs,
	  "what becomes its /; else the config's, else ." },
	{ "tty", 't', NULL, NEED_PROCESS, set_tty, "give CMD a terminal" },
	{ "user", 'u', "USER[:GROUP]", NEED_PROCESS, set_user,
	  "run CMD as this user, by name or number" },
	{ "cwd", 0, "DIR", NEED_PROCESS, set_cwd,
	  "run CMD in this folder, inside" },
	{ "env", 0, "KEY=VALUE", NEED_PROCESS, add_env,
	  "add to CMD's environment (repeatable)" },
	{ .name = NULL },
};

static int read_line(const struct nsinit *nsinit,
		     const struct subcommand *command, int argc, char **argv,
		     struct options *o, struct error *err)
{
	const struct flag *tables[4] = { option_flags };
	size_t tables_len = 1;
	cleanup_free char *name = xasprintf("nsinit %s", command->name);
	struct command_form form = {
		.name = name,
		.usage = command->usage,
		.help = command->help,
		.tables = tables,
		.needs = command->needs,
	};
	int result;

	if (command->needs & NEED_PROCESS)
		tables[tables_len++] = trace_flags;
	if (command->needs & NEED_CREATE)
		tables[tables_len++] = create_flags;
	result = command_line_read(&form, argc, argv, &o->line, err);
	if (result)
		return result;
	if (flags_apply(option_flags, &o->line, o, err) < 0 ||
	    flags_apply(trace_flags, &o->line, &o->trace, err) < 0)
		return -1;
	if (!(command->needs & NEED_PROCESS) &&
	    trace_refuse(&o->trace, err) < 0)
		return -1;
	if ((command->needs & NEED_PROCESS) && !o->line.words_len)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a program to run is wanted");
	if (!(command->needs & (NEED_PROCESS | NEED_WORDS)) &&
	    o->line.words_len)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "takes no words, but there is \"%s\"",
				 o->line.words[0]);
	return identity_choose(nsinit, o, err);
}

static int open_trace(struct options *o, struct error *err)
{
	const struct trace_subject subject = { .program = "nsinit",
					       .root = o->root,
					       .id = o->id,
					       .args = o->line.words };

	if (trace_session_open(&o->trace, &subject, &o->session, err) < 0)
		return -1;
	o->factory.tracer = trace_session_tracer(o->session);
	/* Who attaches a debugger wants symbols. */
	if (o->trace.hold.stop)
		o->factory.plain_init = true;
	return 0;
}

int options_read(const struct nsinit *nsinit, const struct subcommand *command,
		 int argc, char **argv, struct options *o, struct error *err)
{
	int result;

	*o = (struct options){ .trace = nsinit->trace, .signals = -1 };
	result = read_line(nsinit, command, argc, argv, o, err);
	if (result == 0)
		result = open_trace(o, err);
	if (result == 0 && (command->needs & NEED_PROCESS)) {
		o->signals = terminal_catch_signals(err);
		result = o->signals < 0 ? -1 : 0;
	}
	return result;
}

void options_free(struct options *o)
{
	if (o->signals >= 0)
		close(o->signals);
	command_line_free(&o->line);
	strv_free(o->env);
	free(o->id);
	free(o->data_dir);
	free(o->root);
}

int options_end(struct options *o, int result, int status, struct error *err)
{
	if (trace_session_close(o->session, result, err) < 0)
		result = -1;
	options_free(o);
	if (result)
		return result < 0 ? -1 : 0;
	return exit_status(status);
}
