/*
 * conversation.c  [outside]  what the outside hears and answers on the pipe
 *
 * The other half of the table in syncpipe.h. The child speaks first, between
 * its clone and its exec; then dockerinit does, from step 2 on. Strict turns:
 * for each word there is one right moment, and a word out of turn is an error.
 * A child that ends says nothing: the pipe does, and wait(2) says how.
 */
#include "libcontainer/parent_process.h"

#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/idmap.h"
#include "libcontainer/process.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/trace/exec_stop.h"
#include "libcontainer/trace/socket.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASS_ON_MS = 10 };

/* The child ended without a word: say how. */
static int died(struct parent_process *p, struct error *err)
{
	const int64_t limit = p->container->config->cgroups.memory;
	int status;

	if (parent_process_wait(p, &status, err) < 0)
		return -1;
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_SYSTEM,
				 "dockerinit was killed by signal %d (%s)%s",
				 WTERMSIG(status), strsignal(WTERMSIG(status)),
				 WTERMSIG(status) == SIGKILL && limit > 0
					 ? "; is a memory limit too low?"
					 : "");
	return error_set(err, ERROR_SYSTEM,
			 "dockerinit exited with %d before it was ready%s",
			 WEXITSTATUS(status),
			 WEXITSTATUS(status) == ALLOC_EXIT_STATUS
				 ? ": it was out of memory"
				 : "");
}

static int resume(struct parent_process *p, struct error *err)
{
	struct message message = { .type = MSG_RESUME, .fd = -1 };

	return syncpipe_send(&p->outside, &message, err);
}

/* One word said before its exec. Returns 1 when it was the last, 0, or -1. */
static int answer_newborn(struct parent_process *p, const struct message *m,
			  struct error *err)
{
	switch (m->type) {
	case MSG_MAPS:
		if (idmap_write(p->container->config, p->pid, err) < 0)
			return -1;
		return resume(p, err);
	case MSG_JOINED:
		return 1;
	case MSG_ERROR:
		*err = m->error;
		return -1;
	default:
		return error_set(err, ERROR_SYSTEM,
				 "message %d came instead of JOINED", m->type);
	}
}

int parent_process_await_joined(struct parent_process *p, struct error *err)
{
	int said = 0;

	while (said == 0) {
		struct message message;
		int rc = syncpipe_receive(&p->outside, &message, err);

		if (rc <= 0)
			return rc < 0 ? -1 : died(p, err);
		said = answer_newborn(p, &message, err);
		message_free(&message);
	}
	return said < 0 ? -1 : 0;
}

int parent_process_send_config(struct parent_process *p, struct error *err)
{
	struct message message = { .type = MSG_CONFIG,
				   .config = &p->config,
				   .fd = -1 };

	if (syncpipe_send(&p->outside, &message, err) == 0)
		return 0;
	/* It is gone; what it said before is the reason. */
	return err->errnum == EPIPE ? parent_process_await(p, err) : -1;
}

/*
 * A process that joined a pid namespace has to be born again in it. Its first
 * life sends the pid of the second, its sibling and so our child, and ends.
 */
static int follow(struct parent_process *p, pid_t pid, struct error *err)
{
	int pidfd = pidfd_open(pid, 0);

	if (pidfd < 0)
		return error_errno(err, "follow dockerinit to pid %d", pid);
	while (waitpid(p->pid, NULL, 0) < 0)
		if (errno != EINTR)
			break;
	close(p->pidfd);
	p->pidfd = pidfd;
	p->pid = pid;
	if (proc_start_time(pid, &p->start_time, NULL, err) < 0)
		return -1;
	return resume(p, err);
}

static int hear_trace(struct parent_process *p, struct tracer *tracer,
		      struct error *err)
{
	int rc = trace_serve(p->trace_outside, &p->walk, tracer, p->pid, err);

	if (rc <= 0) {
		close(p->trace_outside);
		p->trace_outside = -1;
	}
	if (rc >= 0 && tracer->given_up) {
		*err = tracer->why;
		return -1;
	}
	return rc < 0 ? -1 : 0;
}

/* Let the tracer have its say until there is something on the pipe. */
static int serve_tracer(struct parent_process *p, struct error *err)
{
	struct tracer *tracer = p->container->factory->tracer;

	while ((p->trace_outside >= 0 || (tracer && tracer->watched)) &&
	       !syncpipe_pending(&p->outside)) {
		struct pollfd fds[2] = {
			{ .fd = p->outside.fd, .events = POLLIN },
			{ .fd = p->trace_outside, .events = POLLIN },
		};

		if (poll(fds, 2, tracer->watched ? PASS_ON_MS : -1) < 0 &&
		    errno != EINTR)
			return error_errno(err, "wait for dockerinit");
		/* The trace first: a step is over before its result is said. */
		if (fds[1].revents) {
			if (hear_trace(p, tracer, err) < 0)
				return -1;
		} else if (fds[0].revents) {
			return 0;
		} else if (tracer->watched) {
			exec_stop_pass_on(p->pid);
		}
	}
	return 0;
}

static void note(const struct factory *factory, const char *text)
{
	if (!text)
		return;
	trace_note(factory->tracer, text);
	if (factory->note)
		factory->note(text);
}

/* One message. Returns 0; 1 when this was the last word; -1 on failure. */
static int answer(struct parent_process *p, struct message *m, bool *ready,
		  struct error *err)
{
	switch (m->type) {
	case MSG_PID:
		return follow(p, m->pid, err);
	case MSG_CONSOLE:
		p->process->console = steal_fd(&m->fd);
		return 0;
	case MSG_NOTE:
		note(p->container->factory, m->note);
		return 0;
	case MSG_READY:
		*ready = true;
		return 0;
	case MSG_ERROR:
		*err = m->error;
		return -1;
	default:
		return error_set(err, ERROR_SYSTEM,
				 "dockerinit sent message %d out of turn",
				 m->type);
	}
}

int parent_process_await(struct parent_process *p, struct error *err)
{
	bool ready = false;

	for (;;) {
		struct message message;
		int rc = serve_tracer(p, err);

		if (rc == 0)
			rc = syncpipe_receive(&p->outside, &message, err);
		else
			message = (struct message){ .fd = -1 };
		if (rc == 0 && !ready)
			return died(p, err);
		if (rc == 0) {
			trace_executed(p->container->factory->tracer, p->pid);
			return 0;
		}
		if (rc > 0)
			rc = answer(p, &message, &ready, err);
		message_free(&message);
		if (rc < 0)
			return -1;
	}
}

/* A child that has ended cannot be answered (EPIPE), nor given a network
 * device (ESRCH): that is true, and explains nothing. */
void parent_process_hear_out(struct parent_process *p, struct error *err)
{
	struct pollfd fd = { .fd = p->outside.fd, .events = POLLIN };
	bool heard = false;

	while (!heard &&
	       (syncpipe_pending(&p->outside) || poll(&fd, 1, 0) > 0)) {
		struct message message;

		if (syncpipe_receive(&p->outside, &message, NULL) <= 0)
			return;
		heard = message.type == MSG_ERROR;
		if (heard)
			*err = message.error;
		message_free(&message);
	}
}
