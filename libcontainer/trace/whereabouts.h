/* whereabouts.h  [outside]  where a held process is, and how to get there */
#ifndef LIBCONTAINER_TRACE_WHEREABOUTS_H
#define LIBCONTAINER_TRACE_WHEREABOUTS_H

#include <stdbool.h>
#include <sys/types.h>

/* whereabouts_shared - is that file of /proc/PID ("ns/mnt", "root") the same
 * as ours? False as well when we may not look. */
bool whereabouts_shared(pid_t pid, const char *name);

/*
 * whereabouts_command - an nsenter that goes into the namespaces of process
 * pid, those alone that are not ours already: nobody but root may enter the
 * host's. word is what is written for the pid: "4242", "$PID". The caller's:
 * free().
 */
char *whereabouts_command(pid_t pid, const char *word);

#endif
