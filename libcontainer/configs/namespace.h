/* namespace.h  [both]  a namespace that is there already, given by its path */
#ifndef LIBCONTAINER_CONFIGS_NAMESPACE_H
#define LIBCONTAINER_CONFIGS_NAMESPACE_H

#include "libcontainer/system/error.h"

/*
 * namespace_open - open the namespace at path, which must be one of that type
 * (a CLONE_NEW flag): /proc/PID/ns/net, or what such a file was bound on. The
 * descriptor is close-on-exec and the caller's. Returns it, or -1 with
 * "PATH: why".
 */
int namespace_open(const char *path, int type, struct error *err);

/*
 * namespace_is_own - is fd the namespace of that type that we are in? Returns
 * 1, 0, or -1 when the kernel does not say.
 */
int namespace_is_own(int fd, int type, struct error *err);

#endif
