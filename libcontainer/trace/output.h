/* output.h  [outside]  where a trace goes */
#ifndef LIBCONTAINER_TRACE_OUTPUT_H
#define LIBCONTAINER_TRACE_OUTPUT_H

#include "libcontainer/system/error.h"
#include "libcontainer/trace/flags.h"
#include "libcontainer/trace/record.h"

#include <stdbool.h>

struct trace_output {
	enum trace_format format;
	char *path; /* NULL: stderr */
	int fd;
	char *kept; /* text for the last write; NULL: write at once */
	bool old;   /* the file has a text that is not ours yet to lose */
	bool failed;
	struct error error; /* of the first write that failed */
};

/* trace_output_open - make the file, or find out whether it can be written. One
 * with something in it stays as it is until there is something to write. A
 * page is made in the end, but whether it can be is found out now. 0 or -1. */
int trace_output_open(struct trace_output *output,
		      const struct trace_options *options, struct error *err);

/* trace_output_write - text, at once. What fails is kept for close. */
void trace_output_write(struct trace_output *output, const char *text);

/* trace_output_keep - from now on keep texts, until all is written: the
 * container's program begins to write, too. */
void trace_output_keep(struct trace_output *output);

/* trace_output_finish - what is written when all has been seen; when nothing
 * was begun, an old file stays. */
void trace_output_finish(struct trace_output *output,
			 const struct trace_record *record);

/* trace_output_close - returns result; -1 with *err when it was no failure,
 * but a write was. */
int trace_output_close(struct trace_output *output, int result,
		       struct error *err);

#endif
