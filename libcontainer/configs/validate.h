/* validate.h  [both]  the parts of config_validate; each 0, or -1 with *err */
#ifndef LIBCONTAINER_CONFIGS_VALIDATE_H
#define LIBCONTAINER_CONFIGS_VALIDATE_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>

/* Say what is wrong and where: return invalid(err, "mounts[%zu]: ...", i). */
#define invalid(err, ...) error_set(err, ERROR_CONFIG_INVALID, __VA_ARGS__)

/* In validate_namespaces.c. */
int validate_namespaces(const struct config *config, struct error *err);
int validate_user_namespace(const struct config *config, struct error *err);

/* In validate_mounts.c, validate_process.c, validate_network.c and
 * validate_cgroup.c. */
int validate_mounts(const struct config *config, struct error *err);
int validate_devices(const struct config *config, struct error *err);
int validate_sysctls(const struct config *config, struct error *err);
int validate_process(const struct config *config, struct error *err);
int validate_networks(const struct config *config, struct error *err);
int validate_routes(const struct config *config, struct error *err);
int validate_cgroup(const struct cgroup *cgroup, struct error *err);

/* path_is_safe - absolute, and no component is ".."; for names inside the
 * rootfs, where nothing may lead out. NULL is not safe. */
bool path_is_safe(const char *path);

/* path_plain - a safe path without empty parts and ".": "/proc//sys/./" is
 * "/proc/sys", and "/" is "". The caller's: free(). */
char *path_plain(const char *path);

/* path_may_cover_proc - may a bind mount cover this plain path below /proc?
 * Only what programs read there about the machine, as lxcfs does. */
bool path_may_cover_proc(const char *plain);

/* path_has_dotdot - is one of the components ".."? */
bool path_has_dotdot(const char *path);

#endif
