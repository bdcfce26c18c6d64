/*
 * inside.h  [inside]  what the twelve steps share
 */
#ifndef DOCKERINIT_INSIDE_H
#define DOCKERINIT_INSIDE_H

#include "libcontainer/syncpipe/syncpipe.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <sys/types.h>

/* Which kind of init walks: the first process of a container, one that joins
 * it, or (a step's row) both. */
enum init_type { INIT_STANDARD = 1, INIT_SETNS = 2, INIT_BOTH = 3 };

/* One dockerinit on its way down. Filled by the step that is named. */
struct init {
	enum init_type type;	    /* 1; INIT_BOTH before                */
	struct syncpipe pipe;	    /* 1                                  */
	int trace_fd;		    /* before 1; -1 when not traced       */
	pid_t parent_pid;	    /* 1, compared in 11                  */
	struct message message;	    /* 2; owns ...                        */
	struct init_config *config; /* 2; ... this                        */
	bool hidden;		    /* 4: not dumpable, until execve      */
	bool pids_are_one;	    /* 4: ours are our children's         */
	int proc_fd;		    /* 7: the host's /proc, O_PATH, until
				     * the end of 10; -1 in a joining
				     * process                            */
	int rootfs_fd;		    /* 7: the rootfs, O_PATH|O_DIRECTORY;
				     * 4 in a joining process: its new /  */
	struct mounted *mounted;    /* 8, until 10b: mounted.h            */
	size_t mounted_len;
	bool in_user_namespace;	   /* 7: not in the machine's first one  */
	int attr_fd;		   /* 10: our own attr/exec, -1 without a
				    * profile; 4 in a joining process    */
	char *attr_text;	   /* ... and what to write there        */
	bool selinux_runs;	   /* 4: with a policy                   */
	const char *apparmor_file; /* 4: where it takes a profile, below
				    * /proc; NULL: it does not run       */
	bool setgroups_is_denied;  /* 4: by our user namespace           */
	char *program;		   /* 10: args[0], found in PATH         */

	const struct init_step *step; /* the one that is being walked     */
};

/* One row of steps.def. */
struct init_step {
	int number;
	const char *name; /* the function's */
	int (*run)(struct init *init, struct error *err);
	enum init_type who;
	const char *chapter;  /* the chapter's sentence, in short  */
	const char *substeps; /* "" or "9b console: ..."            */
};

enum { INIT_STEPS = 12 };
extern const struct init_step init_steps[INIT_STEPS];

/*
 * init_step_begin - called before each step; does nothing. Debuggers, the
 * trace and the tests hang on this symbol, so it is never inlined.
 */
void init_step_begin(const struct init_step *step);

/*
 * init_pids_are_apart - would our children be born in another pid namespace
 * than ours? That is asked of /proc, which must be the host's, until step 4 has
 * made them one. Returns 0 with *apart, or -1 with *err (which may be NULL).
 */
int init_pids_are_apart(const struct init *init, bool *apart,
			struct error *err);

/*
 * descriptor_from_environment - the descriptor whose number stands in the
 * variable name: digits only, above 2, open. It is made close-on-exec.
 * Returns it, or -1 with *err (which may be NULL).
 */
int descriptor_from_environment(const char *name, struct error *err);

/*
 * init_note - tell the outside what this step leaves out, or does in another
 * way. It is no error; the outside shows it to who asks for --debug.
 */
void init_note(const struct init *init, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * init_changes_root - is there a rootfs to enter? Not when the config makes
 * no mount namespace, and not when its rootfs is /.
 */
bool init_changes_root(const struct init *init);

/*
 * rlimits_finish - set what step 6 has left to step 12: a limit of descriptors
 * that is too low for the steps between them. Returns 0, or -1 with *err.
 */
int rlimits_finish(const struct init *init, struct error *err);

/* The stairs; each in its own file. 0, or -1 with *err. */
int step01_open_pipe(struct init *init, struct error *err);
int step02_read_config(struct init *init, struct error *err);
int step03_environment(struct init *init, struct error *err);
int step04_join_namespaces(struct init *init, struct error *err);
int step05_network(struct init *init, struct error *err);
int step06_route_rlimit(struct init *init, struct error *err);
int step07_mount_namespace(struct init *init, struct error *err);
int step08_mounts(struct init *init, struct error *err);
int step09_pivot_root(struct init *init, struct error *err);
int step10_hostname_profile(struct init *init, struct error *err);
int step11_parent_check(struct init *init, struct error *err);
int step12_exec(struct init *init, struct error *err);

#endif
