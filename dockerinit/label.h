/* label.h  [inside]  AppArmor profile and SELinux label */
#ifndef DOCKERINIT_LABEL_H
#define DOCKERINIT_LABEL_H

#include "dockerinit/inside.h"

/*
 * label_look - if the config has a profile or a label: find out which security
 * module runs (selinux_runs, apparmor_file), while /proc is the host's, which
 * is opened into proc_fd. Returns 0 or -1; no answer is an error.
 */
int label_look(struct init *init, struct error *err);

/* label_close_proc - close that proc_fd. */
void label_close_proc(struct init *init);

/*
 * label_open - open this process's own attr/exec into init->attr_fd, through
 * proc_fd. Nothing is opened when the config has no profile and no label, or
 * when the kernel does not run that security module. Returns 0 or -1.
 */
int label_open(struct init *init, struct error *err);

/* label_write - the profile or label that execve (step 12) shall change to.
 * Does nothing when label_open opened nothing. Returns 0 or -1. */
int label_write(const struct init *init, struct error *err);

/* label_note_mounts - say that the config's mount label is ignored, where it
 * is. */
void label_note_mounts(const struct init *init);

/* label_file - give the file that fd (O_PATH will do) is the config's mount
 * label, where SELinux runs and there is one. Returns 0 or -1. */
int label_file(const struct init *init, int fd, struct error *err);

/* label_set - the same with a label of the caller's. Returns 0, or -1 with
 * errno. */
int label_set(const struct init *init, int fd, const char *label);

/*
 * label_mount_data - a copy of data (may be NULL), with the config's mount
 * label as context= added where SELinux runs. The caller's: free().
 */
char *label_mount_data(const struct init *init, const char *data);

#endif
