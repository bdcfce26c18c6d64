/* idmap.h  [outside]  uid_map and gid_map of a new user namespace */
#ifndef LIBCONTAINER_IDMAP_H
#define LIBCONTAINER_IDMAP_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * idmap_write - write the config's uid_mappings and gid_mappings for the user
 * namespace that the process pid, our child, has just been born into. What the
 * kernel does not allow us newuidmap(1) and newgidmap(1) are asked for.
 * Returns 0, or -1 and *err begins with the mapping's JSON key.
 */
int idmap_write(const struct config *config, pid_t pid, struct error *err);

/* idmap_text - "0 1000 1\n" for each range, as the kernel wants it; the
 * caller's: free(). */
char *idmap_text(const struct id_map *maps, size_t len);

/* idmap_arguments - newuidmap PID CONTAINER HOST SIZE ...; the caller's:
 * strv_free. */
char **idmap_arguments(const char *helper, pid_t pid, const struct id_map *maps,
		       size_t len);

#endif
