/* names.h  [both]  the names people write for the kernel's numbers */
#ifndef LIBCONTAINER_CONFIGS_NAMES_H
#define LIBCONTAINER_CONFIGS_NAMES_H

#include "libcontainer/configs/fields.h"

extern const struct name namespace_names[];    /* NEWPID -> CLONE_NEWPID    */
extern const struct name rlimit_names[];       /* RLIMIT_NOFILE, NOFILE     */
extern const struct name signal_names[];       /* SIGTERM -> 15             */
extern const struct name capability_names[];   /* CAP_CHOWN -> 0            */
extern const struct name mount_device_names[]; /* bind proc sysfs ...     */
extern const struct name mount_option_names[]; /* nosuid -> MS_NOSUID     */

/* namespace_file - a CLONE_NEW flag's file in /proc/PID/ns ("pid"); NULL if
 * the flag is no namespace's. */
const char *namespace_file(int type);

/* signal_number - "TERM", "SIGTERM" in any case, or a number 1-64. Returns
 * the number, or -1. */
int signal_number(const char *name);

/* capability_number - "CAP_CHOWN" or "CHOWN", any case; -1 if unknown. */
int capability_number(const char *name);

/*
 * nearest_name - the candidate that a person most likely meant by word, for
 * "did you mean"; NULL when none is near. candidates is NULL-terminated.
 */
const char *nearest_name(const char *word, const char *const *candidates);

/* nearest_in_table - the same among a table's names. */
const char *nearest_in_table(const char *word, const struct name *names);

#endif
