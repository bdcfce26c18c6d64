/*
 * reexec.c  [both]  the table: name -> function, looked up by argv[0]
 *
 * A container's first process cannot be a fork of its creator: it must begin
 * with a clean address space, and the file it runs must be one that knows what
 * to do inside. So the creator executes dockerinit under a name, and this
 * table says what that name means there. Rows are added by constructors,
 * before main, as Go's init() functions do it.
 */
#include "reexec/reexec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 16 };

static struct {
	const char *names[ROWS_MAX + 1]; /* ends with NULL */
	reexec_function *functions[ROWS_MAX];
	size_t len;
} table;

static size_t find(const char *name)
{
	size_t i = 0;

	while (i < table.len && strcmp(table.names[i], name) != 0)
		i++;
	return i;
}

void reexec_register(const char *name, reexec_function *function)
{
	if (find(name) < table.len || table.len == ROWS_MAX) {
		fprintf(stderr,
			"reexec: \"%s\" is registered twice, or the "
			"table of %d rows is full\n",
			name, ROWS_MAX);
		abort();
	}
	table.names[table.len] = name;
	table.functions[table.len] = function;
	table.len++;
}

bool reexec_init(const char *argv0)
{
	size_t i = argv0 ? find(argv0) : table.len;

	if (i == table.len)
		return false;
	table.functions[i]();
	return true;
}

const char *const *reexec_names(void)
{
	return table.names;
}
