/* privileges.h  [inside]  10c: who the process is, and what it may do */
#ifndef DOCKERINIT_PRIVILEGES_H
#define DOCKERINIT_PRIVILEGES_H

#include "dockerinit/inside.h"

/*
 * privileges_drop - become the configured user with the configured
 * capabilities, and no more. HOME is set when the environment has none.
 * Returns 0 or -1.
 */
int privileges_drop(struct init *init, struct error *err);

#endif
