/* exec_stop.h  [outside]  hold a child at the end of its execve */
#ifndef LIBCONTAINER_TRACE_EXEC_STOP_H
#define LIBCONTAINER_TRACE_EXEC_STOP_H

#include <stdbool.h>
#include <sys/types.h>

/* exec_stop_arm - the child shall stop when its execve is done, before the
 * program's first instruction. Returns false where that is not allowed, or
 * would change what execve does. */
bool exec_stop_arm(pid_t pid);

/* exec_stop_pass_on - for an armed child, again and again until its execve is
 * done: a signal has stopped it, and nobody but us can give it to it. Returns
 * at once. */
void exec_stop_pass_on(pid_t pid);

/* exec_stop_wait - until it stands there. Returns false when it does not come
 * there; then it is let go. */
bool exec_stop_wait(pid_t pid);

/* exec_stop_release - it goes on, and nothing reminds of us. */
void exec_stop_release(pid_t pid);

#endif
