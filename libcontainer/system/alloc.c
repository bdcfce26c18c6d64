/* alloc.c  [both]  memory that is always there */
#include "libcontainer/system/alloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUTSIDE = 512 * 1024, INSIDE = 256 * 1024 };

static const char *program; /* NULL: who is inside is spoken for */
static void *reserve;
static bool is_short;

int alloc_begin(const char *name, struct error *err)
{
	program = name;
	/* So large a piece is a mapping of its own: free gives it back to the
	 * kernel, and with it the room below the limits. */
	reserve = malloc(name ? OUTSIDE : INSIDE);
	if (reserve)
		return 0;
	is_short = true;
	errno = ENOMEM;
	return error_errno(
		err, "%sset %d KiB of memory aside",
		name ? "" : "dockerinit: ", (name ? OUTSIDE : INSIDE) / 1024);
}

int alloc_check(struct error *err)
{
	if (!is_short)
		return 0;
	errno = ENOMEM;
	return error_errno(err, "get memory for what is next; is RLIMIT_DATA "
				"or RLIMIT_AS too low?");
}

/* Is there memory now that was not there before? */
static bool take_reserve(void)
{
	bool had = reserve;

	is_short = true;
	free(reserve);
	reserve = NULL;
	return had;
}

static void __attribute__((noreturn)) give_up(void)
{
	if (program)
		dprintf(STDERR_FILENO, "%s: out of memory\n", program);
	_exit(program ? 125 : ALLOC_EXIT_STATUS);
}

/* p, or what make gives when the reserve is free. */
#define GET(make)                            \
	({                                   \
		void *got_ = (make);         \
		if (!got_ && take_reserve()) \
			got_ = (make);       \
		if (!got_)                   \
			give_up();           \
		got_;                        \
	})

void *xmalloc(size_t size)
{
	return GET(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return GET(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return GET(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *s)
{
	return s ? GET(strdup(s)) : NULL;
}

char *xstrndup(const char *s, size_t len)
{
	return GET(strndup(s, len));
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap, again;
	char *text;

	va_start(ap, fmt);
	va_copy(again, ap);
	if (vasprintf(&text, fmt, ap) < 0 &&
	    (!take_reserve() || vasprintf(&text, fmt, again) < 0))
		give_up();
	va_end(again);
	va_end(ap);
	return text;
}

size_t strv_len(char *const *v)
{
	size_t n = 0;

	while (v && v[n])
		n++;
	return n;
}

char **strv_dup(char *const *v)
{
	size_t n = strv_len(v);
	char **copy;

	if (!v)
		return NULL;
	copy = xcalloc(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(v[i]);
	return copy;
}

void strv_free(char **v)
{
	for (char **s = v; s && *s; s++)
		free(*s);
	free(v);
}

void strv_append(char ***v, const char *s)
{
	size_t n = strv_len(*v);

	*v = xreallocarray(*v, n + 2, sizeof(**v));
	(*v)[n] = xstrdup(s);
	(*v)[n + 1] = NULL;
}
