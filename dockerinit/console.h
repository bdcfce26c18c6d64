/* console.h  [inside]  a terminal of the container's own */
#ifndef DOCKERINIT_CONSOLE_H
#define DOCKERINIT_CONSOLE_H

#include "dockerinit/inside.h"

/*
 * console_open - make a pty from the container's devpts, send its master out
 * (CONSOLE) and become its slave's session: stdio and controlling terminal.
 * In a new container the slave is bound on /dev/console, too. The caller must
 * lead a session without a terminal. Returns 0 or -1.
 */
int console_open(struct init *init, struct error *err);

#endif
