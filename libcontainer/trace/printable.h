/* printable.h  [outside]  strangers' bytes as text that can be shown */
#ifndef LIBCONTAINER_TRACE_PRINTABLE_H
#define LIBCONTAINER_TRACE_PRINTABLE_H

#include <stddef.h>

/* printable - a copy of text, in which what is no printable UTF-8 is written
 * as \xNN; the caller's: free(). */
char *printable(const char *text);

/* printable_width - how many columns such a text takes on a terminal, when
 * each character takes one. */
size_t printable_width(const char *text);

#endif
