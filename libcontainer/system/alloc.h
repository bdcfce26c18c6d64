/*
 * alloc.h  [both]  memory that is always there
 *
 * The x functions never return NULL; what they return is freed with free().
 *
 * A program that runs out of memory must still undo what it has made. So main
 * sets a reserve aside. The first x function that gets nothing frees it, tries
 * again, and notes that memory is short; between two acts the program asks
 * (alloc_check), and gives up in good order: the undo has the reserve. Should
 * that be used up, too, the program prints one line and exits with 125; what
 * it leaves the next command removes. Inside a container nobody prints: the
 * status says it to the outside.
 */
#ifndef LIBCONTAINER_SYSTEM_ALLOC_H
#define LIBCONTAINER_SYSTEM_ALLOC_H

#include "libcontainer/system/error.h"

#include <stdarg.h>
#include <stddef.h>

/* What dockerinit exits with when even its reserve is used up. */
enum { ALLOC_EXIT_STATUS = 124 };

/*
 * alloc_begin - set the reserve aside. program: whose name the last line
 * bears; NULL inside. Called once, before anything is made. Returns 0, or -1
 * when there is not even that much.
 */
int alloc_begin(const char *program, struct error *err);

/* alloc_check - returns 0, or -1 when memory has become short. */
int alloc_check(struct error *err);

/* xmalloc - size bytes, not set to anything. */
void *xmalloc(size_t size);

/* xcalloc - zeroed; a product that overflows is out of memory. */
void *xcalloc(size_t count, size_t size);

/* xreallocarray - grow old (NULL: none), which is no longer valid then. */
void *xreallocarray(void *old, size_t count, size_t size);

/* xstrdup - a copy of s; NULL gives NULL. */
char *xstrdup(const char *s);

/* xstrndup - a copy of at most len bytes of s. */
char *xstrndup(const char *s, size_t len);

/* xasprintf - what printf would print, as a string. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * NULL-terminated string lists ("strv"); NULL is the empty list.
 */

/* strv_len - how many strings. */
size_t strv_len(char *const *v);

/* strv_dup - a deep copy; NULL gives NULL. */
char **strv_dup(char *const *v);

/* strv_free - free the strings and the list. */
void strv_free(char **v);

/* strv_append - add a copy of s at the end. */
void strv_append(char ***v, const char *s);

#endif
