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

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size); /* zeroed; overflow is fatal   */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *s); /* NULL gives NULL                         */
char *xstrndup(const char *s, size_t len);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* NULL-terminated string lists ("strv"); NULL is the empty list. */
size_t strv_len(char *const *v);
char **strv_dup(char *const *v);       /* deep copy; NULL gives NULL     */
void strv_free(char **v);              /* frees the strings and the list */
void strv_append(char ***v, const char *s); /* copies s                  */

#endif
