/* flags.c  [outside]  the flags of a run that somebody watches */
#include "libcontainer/trace/flags.h"

#include <string.h>

static const struct {
	const char *prefix;
	enum trace_format format;
} formats[] = { { "json", TRACE_JSON }, { "html", TRACE_HTML } };

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

/*
 * FILE, FORMAT or FORMAT:FILE. What stands before a colon is a format, unless
 * there is more in it than letters: ./a:b is a file.
 */
static int set_trace(void *object, const char *value, struct error *err)
{
	struct trace_options *options = object;
	size_t len = value ? strspn(value, "abcdefghijklmnopqrstuvwxyz") : 0;

	if (options->format)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "it was given already; one is enough");
	options->format = TRACE_TEXT;
	options->path = value;
	if (!value)
		return 0;
	for (size_t i = 0; i < FORMATS; i++)
		if (strlen(formats[i].prefix) == len &&
		    strncmp(value, formats[i].prefix, len) == 0 &&
		    (!value[len] || value[len] == ':'))
			options->format = formats[i].format;
	if (options->format == TRACE_JSON && !value[len])
		options->path = NULL;
	else if (options->format == TRACE_HTML && !value[len])
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a page wants a file: --trace=html:FILE");
	else if (options->format != TRACE_TEXT)
		options->path = value + len + 1;
	else if (len && value[len] == ':')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "there is no format \"%.*s\", but json:FILE "
				 "and html:FILE; a file of that name is ./%s",
				 (int)len, value, value);
	if (options->path && !*options->path)
		return error_set(err, ERROR_CONFIG_INVALID, "a file is wanted");
	return 0;
}

static int set_step(void *object, const char *value __attribute__((unused)),
		    struct error *err __attribute__((unused)))
{
	((struct trace_options *)object)->hold.step = true;
	return 0;
}

static int add_break(void *object, const char *value, struct error *err)
{
	return hold_add_break(&((struct trace_options *)object)->hold, value,
			      err);
}

static int add_stop(void *object, const char *value, struct error *err)
{
	return hold_add_stop(&((struct trace_options *)object)->hold, value,
			     err);
}

const struct flag trace_flags[] = {
	{ "trace", 0, "[=FILE]", 0, set_trace,
	  "show what each act and step changes: as lines, or as "
	  "json[:FILE] or html:FILE; it holds the program's "
	  "environment" },
	{ "step", 0, NULL, 0, set_step,
	  "ask at the terminal before each step" },
	{ "break", 0, "N[=host]", 0, add_break,
	  "a shell before step N, inside or on the host (repeatable)" },
	{ "stop", 0, "N", 0, add_stop,
	  "hold before step N, for gdb or nsenter (repeatable); implies "
	  "--plain-init: a dockerinit that is neither protected nor hidden" },
	{ .name = NULL },
};

bool trace_wanted(const struct trace_options *options)
{
	return options->format != TRACE_NONE || hold_wanted(&options->hold);
}

int trace_refuse(const struct trace_options *options, struct error *err)
{
	const struct hold_options *hold = &options->hold;

	if (!trace_wanted(options))
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "nothing is started, so there is nothing to trace: "
			 "leave out --%s",
			 options->format ? "trace"
			 : hold->step	 ? "step"
			 : hold->stop	 ? "stop"
					 : "break");
}
