/* process.c  [outside]  a Process: before its start data, afterwards a handle
 */
#include "libcontainer/process.h"

#include "libcontainer/parent_process.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void process_init(struct process *p)
{
	memset(p, 0, sizeof(*p));
	for (int i = 0; i < 3; i++)
		p->stdio[i] = i;
	p->console = -1;
}

void process_free(struct process *p)
{
	parent_process_free(p->parent);
	p->parent = NULL;
	if (p->console >= 0)
		close(p->console);
	p->console = -1;
}

static int not_executed(struct error *err)
{
	return error_set(err, ERROR_PROCESS_NOT_EXECUTED,
			 "the process has not been started");
}

int process_wait(struct process *p, int *status, struct error *err)
{
	if (!p->parent)
		return not_executed(err);
	return p->parent->ops->wait(p->parent, status, err);
}

int process_signal(struct process *p, int sig, struct error *err)
{
	if (!p->parent)
		return not_executed(err);
	return parent_process_signal(p->parent, sig, err);
}

pid_t process_pid(const struct process *p)
{
	return p->parent ? p->parent->pid : -1;
}

int process_pidfd(const struct process *p)
{
	return p->parent ? p->parent->pidfd : -1;
}

int exit_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status)
					: WEXITSTATUS(wait_status);
}
