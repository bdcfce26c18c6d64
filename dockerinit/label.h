/* label.h  [inside]  AppArmor profile and SELinux label */
#ifndef DOCKERINIT_LABEL_H
#define DOCKERINIT_LABEL_H

#include "dockerinit/inside.h"

/*
 * label_open - open this process's own attr/exec into init->attr_fd, through
 * proc_fd, or through /proc when that is still the host's (a joining process).
 * Nothing is opened when the config has no profile and no label, or when the
 * kernel does not run that security module. Returns 0 or -1.
 */
int label_open(struct init *init, struct error *err);

/* label_write - the profile or label that execve (step 12) shall change to.
 * Does nothing when label_open opened nothing. Returns 0 or -1. */
int label_write(const struct init *init, struct error *err);

/*
 * label_mount_data - a copy of data (may be NULL), with the config's mount
 * label as context= added where SELinux runs. The caller's: free().
 */
char *label_mount_data(const struct init *init, const char *data);

#endif
