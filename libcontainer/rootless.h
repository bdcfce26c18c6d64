/* rootless.h  [outside]  a container whose maker is not root */
#ifndef LIBCONTAINER_ROOTLESS_H
#define LIBCONTAINER_ROOTLESS_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>

/* rootless_is_needed - may this process make no namespace but a user one? 1, 0,
 * or -1 when /proc does not tell. */
int rootless_is_needed(struct error *err);

/*
 * rootless_adapt - make of config one that this process may have. Does nothing
 * for root. For an ordinary user a new user namespace is added, with him as
 * its root, unless the config has one; device rules are dropped. Each of these
 * is told to note (may be NULL), one line each. What was asked for and needs
 * root is ERROR_CONFIG_INVALID with its JSON path. Returns 0 or -1.
 */
int rootless_adapt(struct config *config, void (*note)(const char *text),
		   struct error *err);

#endif
