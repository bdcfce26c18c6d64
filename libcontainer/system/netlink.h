/*
 * netlink.h  [both]  the rtnetlink requests of the house
 *
 * Each request is one message, written out field by field in netlink.c, and
 * answered by the kernel with an acknowledgement: rtnetlink(7).
 */
#ifndef LIBCONTAINER_SYSTEM_NETLINK_H
#define LIBCONTAINER_SYSTEM_NETLINK_H

#include "libcontainer/system/error.h"

/*
 * netlink_open - a socket to the network namespace that we are in now. The
 * caller's: close(). -1 and *err on failure.
 */
int netlink_open(struct error *err);

/* netlink_link_up - set the device name up. Returns 0 or -1. */
int netlink_link_up(int fd, const char *name, struct error *err);

#endif
