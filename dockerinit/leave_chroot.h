/* leave_chroot.h  [inside]  when our / is a chroot directory, make it a mount
 */
#ifndef DOCKERINIT_LEAVE_CHROOT_H
#define DOCKERINIT_LEAVE_CHROOT_H

#include "libcontainer/system/error.h"

/*
 * leave_chroot - in a mount namespace of our own, whose / is a plain chroot
 * directory: make that directory the namespace's root, with the propagation
 * given (MS_SLAVE or MS_PRIVATE) for all mounts. Returns 0 or -1.
 */
int leave_chroot(unsigned long propagation, struct error *err);

#endif
