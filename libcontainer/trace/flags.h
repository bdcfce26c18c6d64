/* flags.h  [outside]  the flags of a run that somebody watches */
#ifndef LIBCONTAINER_TRACE_FLAGS_H
#define LIBCONTAINER_TRACE_FLAGS_H

#include "libcontainer/commands.h"
#include "libcontainer/system/error.h"
#include "libcontainer/trace/hold.h"

#include <stdbool.h>

enum trace_format { TRACE_NONE, TRACE_TEXT, TRACE_JSON, TRACE_HTML };

/* What the flags say; zeroed before the first of them. */
struct trace_options {
	enum trace_format format;
	const char *path; /* NULL: stderr */
	struct hold_options hold;
};

/* Accepted before the command and after it; their object is a struct
 * trace_options. */
extern const struct flag trace_flags[];

/* trace_wanted - was one of them given? */
bool trace_wanted(const struct trace_options *options);

/* trace_refuse - for commands that start nothing: an error when one of the
 * flags was given before them. Returns 0 or -1. */
int trace_refuse(const struct trace_options *options, struct error *err);

#endif
