/*
 * process.h  [outside]  one program to be run in a container
 *
 * The chapter: "Process, for the configuration and the IO of the process
 * inside the physical container". Its other half, which starts and watches it
 * from outside, is the ParentProcess (parent_process.h).
 */
#ifndef LIBCONTAINER_PROCESS_H
#define LIBCONTAINER_PROCESS_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct parent_process;

/* The caller owns every member but the last group. */
struct process {
	char **args;		  /* args[0] is looked up in env's PATH   */
	char **env;		  /* the whole environment: KEY=VALUE     */
	char *user;		  /* name, uid, name:group or uid:gid     */
	char *cwd;		  /* absolute, inside                     */
	char **additional_groups; /* names or gids                        */
	const struct capabilities *capabilities; /* NULL: the container's */
	bool no_new_privileges;
	int stdio[3];	      /* given to the process as 0 1 2        */
	const int *extra_fds; /* ... and these as 3 4 5 ...           */
	size_t extra_fds_len;
	bool tty; /* a console instead of stdio           */
	uint16_t console_rows, console_columns;

	/* Set by container_start, released by process_free. */
	struct parent_process *parent; /* NULL before                     */
	int console; /* the pty's master, -1 without tty     */
};

/* process_init - a process with no args, our stdio, and nothing started. */
void process_init(struct process *p);

/* process_free - release what container_start set; the process lives on. */
void process_free(struct process *p);

/*
 * process_wait - wait until the process has ended. *status is as from
 * waitpid(2). When it was the init of a container that shares its pid
 * namespace, everything left in the cgroup is killed, too.
 * ERROR_PROCESS_NOT_EXECUTED before a start. Returns 0 or -1.
 */
int process_wait(struct process *p, int *status, struct error *err);

/* process_signal - send sig to the process, never to another one that got
 * its pid. Errors: as process_wait. */
int process_signal(struct process *p, int sig, struct error *err);

/* process_pid - its pid in our pid namespace, or -1 before a start. */
pid_t process_pid(const struct process *p);

/* process_pidfd - a descriptor that polls readable when the process has
 * ended, or -1; it stays the process's own. */
int process_pidfd(const struct process *p);

/* exit_status - what a shell would say of a waitpid status: the code, or
 * 128 + signal. */
int exit_status(int wait_status);

#endif
