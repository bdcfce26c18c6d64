/* guard.h  [inside]  dockerinit dies with the parent that built it */
#ifndef DOCKERINIT_GUARD_H
#define DOCKERINIT_GUARD_H

#include "dockerinit/inside.h"

/*
 * guard_arm - let the kernel kill this process when its parent dies, and keep
 * it non-dumpable if it is hidden. The kernel forgets this in a new child and
 * whenever credentials change (PR_SET_PDEATHSIG, prctl(2)), so each of those
 * calls this again. It fails when the parent has died before: 0, or -1 with
 * *err.
 */
int guard_arm(const struct init *init, struct error *err);

/* guard_check - fail if the parent's end of the pipe is closed. */
int guard_check(const struct init *init, struct error *err);

#endif
