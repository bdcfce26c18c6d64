/* defaults.h  [both]  what a container gets when nobody says otherwise */
#ifndef LIBCONTAINER_CONFIGS_DEFAULTS_H
#define LIBCONTAINER_CONFIGS_DEFAULTS_H

#include "libcontainer/configs/config.h"

/*
 * config_default - nsinit's template of 2015: namespaces NS UTS IPC PID NET,
 * the 14 capabilities, proc, tmpfs /dev, devpts, shm, mqueue, read-only sysfs,
 * the default devices, masked and read-only paths, a loopback, the cgroup
 * parent/name, hostname, SIGKILL as parent death signal. rootfs is an absolute
 * path. The config is the caller's: config_free.
 */
struct config *config_default(const char *rootfs, const char *hostname,
			      const char *cgroup_parent,
			      const char *cgroup_name);

/* The pieces, for other templates; each replaces what config has there. */
void config_default_namespaces(struct config *config);
void config_default_capabilities(struct config *config);
void config_default_mounts(struct config *config);
void config_default_devices(struct config *config); /* nodes and rules    */
void config_default_device_rules(struct config *config); /* only the rules */
void config_default_paths(struct config *config); /* masked, read-only  */

/* default_environment - PATH, TERM and HOSTNAME; the caller's: strv_free. */
char **default_environment(const char *hostname);

#endif
