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

const struct flag trace_flags[] = {
	{ "trace", 0, "[=FILE]", 0, set_trace,
	  "show what each act and step changes: as lines, or as "
	  "json[:FILE] or html:FILE" },
	{ .name = NULL },
};

bool trace_wanted(const struct trace_options *options)
{
	return options->format != TRACE_NONE;
}

int trace_refuse(const struct trace_options *options, struct error *err)
{
	if (!trace_wanted(options))
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "nothing is started, so there is nothing to trace: "
			 "leave out --trace");
}
