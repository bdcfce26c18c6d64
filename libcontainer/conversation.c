/*
 * conversation.c  [outside]  what the outside hears and answers on the pipe
 *
 * The other half of the table in syncpipe.h. The child speaks first, between
 * its clone and its exec; then dockerinit does, from step 2 on. Strict turns:
 * for each word there is one right moment, and a word out of turn is an error.
 * A child that ends says nothing: the pipe does, and wait(2) says how.
 *
 * A child may also stand still for ever, because a command of its config does,
 * or because the container that it joins has stopped or frozen it. So we read
 * and wait for nothing without looking for the user's signals as well.
 */
#include "libcontainer/parent_process.h"

#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/idmap.h"
#include "libcontainer/interrupt.h"
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

	if (parent_process_await_end(p, err) < 0 ||
	    parent_process_wait(p, &status, err) < 0)
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

int parent_process_await_end(struct parent_process *p, struct error *err)
{
	return interrupt_wait(p->interrupts, p->pidfd, POLLIN, -1, err) < 0 ? -1
									    : 0;
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

	p->configured = true;
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
	int pidfd = pidfd_open(pid, 0), first = p->pidfd, rc;
	pid_t first_pid = p->pid;

	if (pidfd < 0)
		return error_errno(err, "follow dockerinit to pid %d", pid);
	p->pidfd = pidfd;
	p->pid = pid;
	rc = interrupt_wait(p->interrupts, first, POLLIN, -1, err);
	if (rc < 0)
		pidfd_send_signal(first, SIGKILL, NULL, 0);
	waitpid(first_pid, NULL, rc < 0 ? WNOHANG : 0);
	close(first);
	if (rc < 0)
		return -1;
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

/*
 * The one wait of a start, for all that is said on the pipe. The tracer has its
 * say meanwhile, but not before CONFIG is on its way: then its questions are
 * those of an act that has not begun.
 */
int parent_process_await_pipe(void *data, short events, struct error *err)
{
	struct parent_process *p = data;
	struct tracer *tracer = p->container->factory->tracer;

	for (;;) {
		bool watched = p->configured && tracer && tracer->watched;
		struct pollfd fds[3] = {
			{ .fd = p->interrupts, .events = POLLIN },
			{ .fd = p->configured ? p->trace_outside : -1,
			  .events = POLLIN },
			{ .fd = p->outside.fd, .events = events },
		};

		if (poll(fds, 3, watched ? PASS_ON_MS : -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_errno(err, "wait for dockerinit");
		}
		if (fds[0].revents && interrupt_check(err) < 0)
			return -1;
		/* The trace first: a step is over before its result is said. */
		if (fds[1].revents) {
			if (hear_trace(p, tracer, err) < 0)
				return -1;
		} else if (fds[2].revents) {
			return 0;
		} else if (watched) {
			exec_stop_pass_on(p->pid);
		}
	}
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
		int rc = syncpipe_receive(&p->outside, &message, err);

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

static int await_nothing(void *data, short events, struct error *err)
{
	const struct parent_process *p = data;
	struct pollfd fd = { .fd = p->outside.fd, .events = events };

	return poll(&fd, 1, 0) == 1
		       ? 0
		       : error_set(err, ERROR_SYSTEM, "nothing was said");
}

static void take_second_life(struct parent_process *p, pid_t pid)
{
	int pidfd = pidfd_open(pid, 0);

	if (pidfd < 0)
		return;
	pidfd_send_signal(p->pidfd, SIGKILL, NULL, 0);
	waitpid(p->pid, NULL, WNOHANG);
	close(p->pidfd);
	p->pidfd = pidfd;
	p->pid = pid;
	p->reaped = false;
}

/* A child that has ended cannot be answered (EPIPE), nor given a network
 * device (ESRCH): that is true, and explains nothing. */
void parent_process_hear_out(struct parent_process *p, struct error *err)
{
	struct message message;

	p->outside.wait = await_nothing;
	while (p->outside.fd >= 0 &&
	       syncpipe_receive(&p->outside, &message, NULL) > 0) {
		if (message.type == MSG_ERROR && err->code != ERROR_INTERRUPTED)
			*err = message.error;
		if (message.type == MSG_PID)
			take_second_life(p, message.pid);
		message_free(&message);
	}
}
