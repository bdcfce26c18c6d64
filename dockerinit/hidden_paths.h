/* hidden_paths.h  [inside]  read-only and masked paths */
#ifndef DOCKERINIT_HIDDEN_PATHS_H
#define DOCKERINIT_HIDDEN_PATHS_H

#include "dockerinit/inside.h"

/*
 * paths_make_readonly - each of config.readonly_paths can be read, no more.
 * paths_mask - each of config.mask_paths reads as empty: a file becomes
 * /dev/null, a directory an empty one. Paths that do not exist are passed
 * over.
 * paths_verify - look at all of them once more, by the paths that the container
 * will use, and at the mounts that they lie in: what is not hidden, or not
 * where it was hidden, is an error.
 * All three return 0 or -1.
 */
int paths_make_readonly(struct init *init, struct error *err);
int paths_mask(struct init *init, struct error *err);
int paths_verify(const struct init *init, struct error *err);

#endif
