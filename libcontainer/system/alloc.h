/*
 * alloc.h  [both]  memory that is always there
 *
 * Out of memory is fatal: the x functions print one line and exit 125. They
 * never return NULL. What they return is freed with free().
 */
#ifndef LIBCONTAINER_SYSTEM_ALLOC_H
#define LIBCONTAINER_SYSTEM_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

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
