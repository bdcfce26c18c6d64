/* devices.h  [inside]  device nodes and links below /dev */
#ifndef DOCKERINIT_DEVICES_H
#define DOCKERINIT_DEVICES_H

#include "dockerinit/inside.h"

/*
 * devices_create - make each node of config.devices in the rootfs, with its
 * mode and owner; where the kernel refuses mknod, bind the host's. The umask
 * must be 0. Returns 0 or -1.
 */
int devices_create(const struct init *init, struct error *err);

/* devices_link - ptmx, fd, stdin, stdout, stderr and core in /dev. */
int devices_link(const struct init *init, struct error *err);

/* devices_is_null - is fd the null device (character device 1:3)? false also
 * when it cannot be looked at; errno then says why, else it is 0. */
bool devices_is_null(int fd);

/*
 * devices_open_null - the container's own /dev/null, O_PATH and checked: a
 * file of that name may be a link or anything (CVE-2025-31133). Returns the
 * descriptor, the caller's, or -1 and *err.
 */
int devices_open_null(const struct init *init, struct error *err);

#endif
