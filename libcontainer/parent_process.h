/*
 * parent_process.h  [outside]  the ParentProcess: an interface of two speakers
 *
 * The chapter: "ParentProcess is an interface; what is really created is an
 * object called initProcess. cmd, pipe, cgroup manager and container
 * configuration make up an initProcess ... to distinguish it from
 * setnsProcess, which enters an existing container."
 */
#ifndef LIBCONTAINER_PARENT_PROCESS_H
#define LIBCONTAINER_PARENT_PROCESS_H

#include "libcontainer/cmd.h"
#include "libcontainer/syncpipe/syncpipe.h"
#include "libcontainer/system/error.h"
#include "libcontainer/trace/socket.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct container;
struct parent_process;
struct process;

struct parent_process_ops {
	const char *init_type; /* what P3 tells dockerinit                  */
	/* Bring the process to its execve; on failure the caller terminates. */
	int (*start)(struct parent_process *p, struct error *err);
	/* Reap it; *status as from waitpid(2). */
	int (*wait)(struct parent_process *p, int *status, struct error *err);
};

struct parent_process {
	const struct parent_process_ops *ops; /* init or setns              */
	struct container *container;	      /* not owned                  */
	struct process *process;	      /* not owned; while it starts */
	struct cmd cmd;			      /* P2                         */
	struct syncpipe outside, inside;      /* P1: our end, the child's   */
	int trace_outside, trace_inside;      /* -1 when not traced         */
	int interrupts;			      /* interrupt.h's; may be -1   */
	bool configured;		      /* CONFIG is on its way       */
	struct trace_walk walk;		      /* what it has told the tracer */
	struct init_config config;	      /* P5; borrows, owns only lists */
	int *join_fds;			      /* ours, of config.join[]      */
	struct joined_namespace *enter;	      /* ours; cmd's                 */
	int user_ns;			      /* stragglers.h; -1           */
	int null_fd;			      /* null_device.h; -1          */
	pid_t pid;			      /* 0 before the start         */
	int pidfd;
	uint64_t start_time;
	bool reaped;
	int status; /* once reaped                */
};

extern const struct parent_process_ops init_process_ops;
extern const struct parent_process_ops setns_process_ops;

/*
 * parent_process_new - everything up to the start (P1-P5): an init process
 * when ops is init_process_ops, a setns process otherwise. container and
 * process must outlive the start. *out is the caller's:
 * parent_process_free. Returns 0 or -1.
 */
int parent_process_new(const struct parent_process_ops *ops,
		       struct container *container, struct process *process,
		       struct parent_process **out, struct error *err);

/* parent_process_join - the child shall join that namespace; fd becomes p's. */
void parent_process_join(struct parent_process *p, int type, int fd);

/* parent_process_enter - the child shall enter that namespace before any is
 * made; fd becomes p's. */
void parent_process_enter(struct parent_process *p, int type, int fd);

/* parent_process_execute - run the cmd, and let go of the child's ends. */
int parent_process_execute(struct parent_process *p, struct error *err);

/* parent_process_await_joined - answer the child until it says JOINED: write
 * its id maps, if it asks for them (MAPS). */
int parent_process_await_joined(struct parent_process *p, struct error *err);

/* parent_process_send_config - the CONFIG message. When the child is gone,
 * its own reason (ERROR, or how it died) is what *err says. */
int parent_process_send_config(struct parent_process *p, struct error *err);

/*
 * parent_process_await - answer the child until its execve is done: READY and
 * then end of file. Takes a console, follows a pid that changes in step 4,
 * serves the tracer. Returns 0, or -1 with the child's error, or with how it
 * died.
 */
int parent_process_await(struct parent_process *p, struct error *err);

/*
 * parent_process_hear_out - after a failure: did the child fail before us, and
 * say so? Then that is the reason, and *err becomes it, unless the start was
 * interrupted. If it has said PID, p is its second life then. Does not wait.
 */
void parent_process_hear_out(struct parent_process *p, struct error *err);

/* parent_process_await_pipe - syncpipe's wait, for p: until the child says
 * something, or reads, while the tracer has its say. -1 with ERROR_INTERRUPTED
 * when a fatal signal comes (interrupt.h). */
int parent_process_await_pipe(void *p, short events, struct error *err);

/* parent_process_await_end - until the child has ended, without reaping it; -1
 * when a fatal signal comes first. */
int parent_process_await_end(struct parent_process *p, struct error *err);

/* parent_process_wait - the ops' wait of children of ours. */
int parent_process_wait(struct parent_process *p, int *status,
			struct error *err);

/* parent_process_signal - through its pidfd: never another process. */
int parent_process_signal(struct parent_process *p, int sig, struct error *err);

/*
 * parent_process_terminate - SIGKILL and reap; for a start that failed. Returns
 * false when it does not die: the freezer of cgroup v1 keeps a killed process
 * until it is thawed, and nobody waits for that, or longer than 10 s.
 */
bool parent_process_terminate(struct parent_process *p);

/* parent_process_free - release; the process itself lives on. */
void parent_process_free(struct parent_process *p);

#endif
