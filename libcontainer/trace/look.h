/*
 * look.h  [outside]  how a process is looked at from outside
 *
 * All that /proc tells of it, and, by a short-lived helper that enters its
 * namespaces, what /proc does not tell: its host name and its links. The
 * process itself notices nothing.
 */
#ifndef LIBCONTAINER_TRACE_LOOK_H
#define LIBCONTAINER_TRACE_LOOK_H

#include "libcontainer/trace/snapshot.h"

#include <stddef.h>
#include <sys/types.h>

/*
 * look_at - what pid has and sees, sorted; release with snapshot_free. Kinds
 * that we may not see are its unknown ones. Of ourselves (our own pid) neither
 * the environment nor what is in shared namespaces of the network is noted.
 * Returns 0, or -1 when there is no such process any more.
 */
int look_at(pid_t pid, struct snapshot *snapshot);

/* look_into_folder - add the folder and what is in it, if it exists. */
void look_into_folder(const char *folder, struct snapshot *snapshot);

/* look_at_links - add the links of our own network namespace, by name; what
 * is said before each name is for people. */
void look_at_links(const char *prefix, struct snapshot *snapshot);

/* --- for look_at ----------------------------------------------------------*/

/* look_through - its hostname, links, addresses and routes: look_through.c. */
void look_through(pid_t pid, struct snapshot *snapshot);

/* Texts of /proc: look_parse.c. Each adds the facts that stand in text. */
void look_mountinfo(char *text, struct snapshot *snapshot);
void look_limits(const char *text, struct snapshot *snapshot);
void look_status(char *text, struct snapshot *snapshot);
void look_cgroup(char *text, struct snapshot *snapshot);
void look_environment(const char *text, size_t len, struct snapshot *snapshot);
void look_arguments(char *text, size_t len, struct snapshot *snapshot);
void look_stat(const char *text, struct snapshot *snapshot);
void look_routes(char *text, struct snapshot *snapshot);
void look_routes6(char *text, struct snapshot *snapshot);

#endif
