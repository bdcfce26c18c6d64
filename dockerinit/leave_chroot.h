/* leave_chroot.h  [inside]  our / becomes the mount namespace's root
 */
#ifndef DOCKERINIT_LEAVE_CHROOT_H
#define DOCKERINIT_LEAVE_CHROOT_H

#include "libcontainer/system/error.h"

/*
 * leave_chroot - in a mount namespace of our own: set the propagation
 * (MS_SLAVE or MS_PRIVATE) of all mounts; and where our / is not the root of
 * the namespace, but a chroot in it, make it so. Returns 0 or -1.
 */
int leave_chroot(unsigned long propagation, struct error *err);

#endif
