/*
 * guard.c  [inside]  dockerinit dies with the parent that built it
 *
 * A container half made must not outlive the one who could finish or remove
 * it. Two guards stand until step 11: the kernel's parent death signal, and
 * the pipe, whose other end is closed by the kernel when the parent dies. The
 * first kills at once but is forgotten at each change of credentials; what is
 * lost in between, the second still knows: whoever arms the first therefore
 * looks at the second afterwards. (An exiting process closes its files before
 * it signals its children.)
 *
 * A change of credentials also makes the process as dumpable as the host's
 * fs.suid_dumpable says, 0 mostly, but not always. Who was hidden (step 4) is
 * hidden again at the same moments.
 */
#include "dockerinit/guard.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

int guard_arm(const struct init *init, struct error *err)
{
	if (init->hidden && prctl(PR_SET_DUMPABLE, 0) < 0)
		return error_errno(err, "become non-dumpable");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return error_errno(err, "set the parent death signal");
	return guard_check(init, err);
}

//> step-11-guard
int guard_check(const struct init *init, struct error *err)
{
	struct pollfd pipe = { .fd = init->pipe.fd };

	if (poll(&pipe, 1, 0) < 0)
		return error_errno(err, "poll the sync pipe");
	if (pipe.revents & (POLLHUP | POLLERR))
		return error_set(err, ERROR_SYSTEM,
				 "the parent is gone: its end of the pipe is "
				 "closed");
	return 0;
}
//< step-11-guard
