/* null_device.h  [outside]  a null device that is not the host's */
#ifndef LIBCONTAINER_NULL_DEVICE_H
#define LIBCONTAINER_NULL_DEVICE_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

/*
 * null_device_replace - of the three descriptors that a process of a container
 * gets as 0 1 2, put a null device of our own in the place of those that are a
 * null device, or that are missing (below 0, or closed). *own is its
 * descriptor, the caller's, or -1 when none was needed. Where we may not make
 * one, the host's stays if nobody in the container could change it: config
 * says who that is. Returns 0, or -1 when he could.
 */
int null_device_replace(const struct config *config, int stdio[3], int *own,
			struct error *err);

#endif
