/* socket.h  [outside]  our end of the trace socket */
#ifndef LIBCONTAINER_TRACE_SOCKET_H
#define LIBCONTAINER_TRACE_SOCKET_H

#include "libcontainer/system/error.h"
#include "libcontainer/trace/tracer.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * trace_pair - the trace socket: SOCK_SEQPACKET, both ends close-on-exec.
 * The child says "> 7 step07_mount_namespace" and waits for one byte, G or F
 * (or for B, break_shell.h);
 * after the step it says "< 7 123 step07_mount_namespace" (microseconds).
 */
int trace_pair(int *outside, int *inside, struct error *err);

/* trace_wait - until dockerinit asks its first question, or is gone. */
void trace_wait(int fd);

/* trace_serve - read one message, ask or tell the tracer. Returns false when
 * the other end is closed. When the tracer gives up, nothing is answered. */
bool trace_serve(int fd, struct tracer *tracer, pid_t pid);

#endif
