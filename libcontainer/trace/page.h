/* page.h  [outside]  a trace as one page that opens from file:// */
#ifndef LIBCONTAINER_TRACE_PAGE_H
#define LIBCONTAINER_TRACE_PAGE_H

#include "libcontainer/system/error.h"

/*
 * page_text - the whole page: template, style, program and the trace in it.
 * json: the document of --trace=json. book_url: the folder of the woven book,
 * with a slash at its end, or NULL when there is none: then the page names the
 * book's sections without a link. The caller owns what is returned.
 */
char *page_text(const char *json, const char *book_url);

/*
 * page_check - may a page be made at path? For the time before the container
 * is made: who cannot have the page is told so then. Makes nothing.
 */
int page_check(const char *path, struct error *err);

/*
 * page_save - the page at path, whole or not at all: a file, or the one that a
 * link leads to, is replaced when all is written, and keeps its owner and
 * mode; a new one is its user's alone. What is there and is no file (a pipe,
 * /dev/stdout) is written to. Returns 0 or -1.
 */
int page_save(const char *path, const char *json, const char *book_url,
	      struct error *err);

/*
 * page_book_url - the file:// URL of build/book/ in the folder above that of
 * this program, or NULL when no book is built there. The caller owns it.
 */
char *page_book_url(void);

#endif
