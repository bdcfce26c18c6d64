/*
 * output.c  [outside]  where a trace goes
 *
 * Lines go out one by one, so that one can watch; a document goes out in the
 * end, in one piece, between whatever the container's program writes. A file
 * is opened before anything is made, but what is in it goes when something
 * takes its place: who has misspelt the config still has the last trace.
 *
 * A trace tells the program's environment, passwords included: a new file is
 * its user's alone.
 */
#include "libcontainer/trace/output.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/trace/page.h"
#include "libcontainer/trace/show.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH = 80, WIDTH_MIN = 60, WIDTH_MAX = 240 };

static bool has_text(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_size > 0;
}

static void write_failed(struct trace_output *output)
{
	output->failed = true;
	error_errno(&output->error, "write the trace %s",
		    output->path ? output->path : "to stderr");
}

/* From here on the file is ours. */
static void begin(struct trace_output *output)
{
	cleanup_free char *head = NULL;

	output->old = false;
	if (output->fd != STDERR_FILENO && ftruncate(output->fd, 0) < 0 &&
	    errno != EINVAL) {
		write_failed(output);
		return;
	}
	if (output->format == TRACE_TEXT) {
		head = show_head();
		trace_output_write(output, head);
	}
}

int trace_output_open(struct trace_output *output,
		      const struct trace_options *options, struct error *err)
{
	*output = (struct trace_output){ .format = options->format,
					 .path = xstrdup(options->path),
					 .old = has_text(options->path),
					 .fd = STDERR_FILENO };
	if (output->format == TRACE_HTML &&
	    page_check(options->path, err) < 0) {
		free(output->path);
		return -1;
	}
	if (options->path && output->format != TRACE_HTML) {
		output->fd =
			open(options->path,
			     O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
		if (output->fd < 0) {
			free(output->path);
			return error_errno(err, "open the trace file %s",
					   options->path);
		}
	}
	if (!output->old && output->format != TRACE_HTML)
		begin(output);
	return output->failed ? trace_output_close(output, 0, err) : 0;
}

void trace_output_write(struct trace_output *output, const char *text)
{
	char *longer;

	if (output->old)
		begin(output);
	if (output->kept) {
		longer = xasprintf("%s%s", output->kept, text);
		free(output->kept);
		output->kept = longer;
	} else if (!output->failed &&
		   write_all(output->fd, text, strlen(text)) < 0) {
		write_failed(output);
	}
}

void trace_output_keep(struct trace_output *output)
{
	if (!output->kept)
		output->kept = xstrdup("");
}

static size_t terminal_columns(const struct trace_output *output)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { .ws_col = 0 };
	size_t width = columns ? strtoul(columns, NULL, 10) : 0;

	if (!width && ioctl(output->fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (!width)
		width = WIDTH;
	return width < WIDTH_MIN   ? WIDTH_MIN
	       : width > WIDTH_MAX ? WIDTH_MAX
				   : width;
}

/* The locale is asked for, not set: nothing else here shall depend on it. */
static bool speaks_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8 =
		locale && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;

	if (locale)
		freelocale(locale);
	return utf8;
}

static void save_page(struct trace_output *output, const char *json)
{
	cleanup_free char *book = page_book_url();

	output->failed =
		page_save(output->path, json, book, &output->error) < 0;
}

void trace_output_finish(struct trace_output *output,
			 const struct trace_record *record)
{
	cleanup_free char *text = NULL, *all = NULL;

	if (output->format == TRACE_NONE || (output->old && !record->len))
		return;
	if (output->format == TRACE_TEXT)
		text = show_timeline(record, terminal_columns(output),
				     speaks_utf8());
	else
		text = trace_record_json(record);
	if (output->format == TRACE_HTML)
		save_page(output, text);
	else
		trace_output_write(output, text);
	all = steal_ptr(&output->kept);
	if (all)
		trace_output_write(output, all);
}

int trace_output_close(struct trace_output *output, int result,
		       struct error *err)
{
	if (output->fd != STDERR_FILENO && close(output->fd) < 0 &&
	    !output->failed)
		write_failed(output);
	if (output->failed && result >= 0) {
		*err = output->error;
		result = -1;
	}
	free(output->path);
	output->path = NULL;
	return result;
}
