/*
 * reexec.h  [both]  waking our own binary under a registered name in argv[0]
 *
 * Docker's pkg/reexec: a program executes dockerinit's file with argv[0] set
 * to a name; dockerinit's main looks that name up and runs what was
 * registered for it. Source: the chapter, "the dockerinit process has one
 * function only, to execute reexec.init()".
 */
#ifndef REEXEC_REEXEC_H
#define REEXEC_REEXEC_H

#include "libcontainer/system/error.h"

#include <stdbool.h>

typedef void reexec_function(void);

/* reexec_register - add a row. A name twice, or a full table, aborts (as in
 * Go, where Register panics). name is kept, not copied. */
void reexec_register(const char *name, reexec_function *function);

/* reexec_init - run the function registered for argv[0] (compared whole, not
 * by its last part) and return true when it returns; false: not registered. */
bool reexec_init(const char *argv0);

/* reexec_names - what is registered, for messages; NULL-terminated. */
const char *const *reexec_names(void);

/*
 * REEXEC_REGISTER - a row that is there before main (Go's init()). The object
 * file must be named on the program's link line: inside an archive nothing
 * refers to it, and the linker leaves it out.
 */
#define REEXEC_REGISTER(name, function)                                      \
	__attribute__((constructor)) static void reexec_register_##function( \
		void)                                                        \
	{                                                                    \
		reexec_register(name, function);                             \
	}

/*
 * reexec_self - the absolute path of dockerinit: beside the running program,
 * else in the libexec folder given at build. The caller's: free(). NULL and
 * *err when there is none.
 */
char *reexec_self(struct error *err);

enum reexec_kind {
	REEXEC_PROTECTED,  /* a detached read-only clone of its mount, else a
			    * sealed memfd copy                             */
	REEXEC_UNREADABLE, /* a sealed copy that nobody may read, but root of
			    * the host; who executes it is not dumpable     */
	REEXEC_PLAIN,	   /* the file itself (for gdb, which finds no symbols
			    * in the others)                                */
};

/*
 * reexec_open - a descriptor to execute dockerinit by (execveat(2) with
 * AT_EMPTY_PATH) through which, unless it is plain, the host's file cannot be
 * written. Close-on-exec; the caller's. -1 and *err on failure.
 */
int reexec_open(const char *path, enum reexec_kind kind, struct error *err);

#endif
