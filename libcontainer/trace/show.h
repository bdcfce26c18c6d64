/* show.h  [outside]  a trace as lines for a terminal; all texts are the
 * caller's: free() */
#ifndef LIBCONTAINER_TRACE_SHOW_H
#define LIBCONTAINER_TRACE_SHOW_H

#include "libcontainer/trace/record.h"

#include <stdbool.h>
#include <stddef.h>

/* show_head - the columns' names. */
char *show_head(void);

/* show_event - one line, and one more for each change after the first. */
char *show_event(const struct trace_event *event);

/* show_note - a line for a note that belongs to event. */
char *show_note(const struct trace_event *event, const char *text);

/* show_timeline - a bar for each event: outside above, inside below. width: of
 * the terminal; utf8: it can show more than ASCII. */
char *show_timeline(const struct trace_record *record, size_t width, bool utf8);

#endif
