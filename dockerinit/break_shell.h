/* break_shell.h  [inside]  a shell in the half-made container */
#ifndef DOCKERINIT_BREAK_SHELL_H
#define DOCKERINIT_BREAK_SHELL_H

#include "dockerinit/inside.h"

/*
 * break_shell - run /bin/sh on slave, a pseudo-terminal's end that becomes its
 * controlling terminal, and wait until it and all that it has started have
 * ended. terminal is its $TERM. say reports to the outside: "b ERRNO" when
 * there can be no shell; else "w" when it has ended, and "e" when nothing of
 * it is left. slave is closed.
 */
void break_shell(struct init *init, int slave, const char *terminal,
		 void (*say)(struct init *init, const char *text));

#endif
