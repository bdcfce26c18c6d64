/* state_root.h  [outside]  the folder that the containers' state lives in */
#ifndef LIBCONTAINER_STATE_ROOT_H
#define LIBCONTAINER_STATE_ROOT_H

#include "libcontainer/system/error.h"

/*
 * state_root - an absolute path: given, which may be relative; NULL: /run and
 * the program's name for root; for an ordinary user $XDG_RUNTIME_DIR and that
 * name, or a folder of his own in /tmp, which is made. The caller's: free();
 * NULL and *err when he has none.
 */
char *state_root(const char *program, const char *given, struct error *err);

#endif
