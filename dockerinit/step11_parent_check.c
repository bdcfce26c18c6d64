/*
 * step11_parent_check.c  [inside]  step 11: is my parent still my parent?
 *
 * If the parent has died, the kernel has given us another one, and getppid
 * differs from what step 1 recorded; then nobody waits for this container and
 * it must not start. In a pid namespace of its own the process sees no parent:
 * getppid is 0 then and now, and the comparison cannot fire. What works there
 * are the two guards (guard.c), the death signal since the clone and the pipe.
 *
 * The first of them ends here: the user's program gets the parent death
 * signal of its config, or none. Between the two the parent may die unnoticed,
 * hence the pipe is looked at afterwards and not before.
 * Source: PR_SET_PDEATHSIG in prctl(2), getppid(2).
 */
#include "dockerinit/guard.h"
#include "dockerinit/inside.h"

#include <sys/prctl.h>
#include <unistd.h>

//> step-11
int step11_parent_check(struct init *init, struct error *err)
{
	int signal = init->config->config->parent_death_signal;
	pid_t parent = getppid();

	if (prctl(PR_SET_PDEATHSIG, signal) < 0)
		return error_errno(err, "set parent death signal %d", signal);
	if (parent != init->parent_pid)
		return error_set(err, ERROR_SYSTEM,
				 "the parent was %d and is %d: it has died",
				 (int)init->parent_pid, (int)parent);
	return guard_check(init, err);
}
//< step-11
