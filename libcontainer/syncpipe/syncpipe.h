/*
 * syncpipe.h  [both]  the door: who says what to whom
 *
 * One socketpair, one JSON object per line, and strict turns:
 *
 *   outside (init_process.c, setns_process.c)        inside (dockerinit)
 *   -----------------------------------------        -------------------
 *                                      <----------  0  MAPS, between clone
 *   S1 its id maps are written                           and exec (cmd.c); a
 *      RESUME                          ---------->       new user namespace
 *                                                        only
 *                                      <----------  0  JOINED, before the exec
 *   S2 the pid is in its cgroup
 *   S3 its network devices are made
 *   S4 CONFIG {config}                 ---------->   2  read_config
 *                                      <----------   4  PID {pid}  a joined
 *      RESUME                          ---------->      pid namespace only
 *                                      <----------   9  CONSOLE, with the
 *                                                       pty's master
 *                                      <----------   n  NOTE {note}  for
 *                                                       --debug: what a step
 *                                                       leaves out
 *                                      <----------   n  ERROR {error}
 *   S5 READY                           <----------  12  READY
 *      end of file after READY: success                 execve closes it
 *      end of file without READY: it died; wait() says how
 *
 * and the descriptors that exist while a process is being started:
 *
 *   child's number         what                             named by
 *   0 1 2                  the process's own stdio
 *   3 .. 3+passed_fds-1    the caller's extra fds
 *   _LIBCONTAINER_INITPIPE this pipe, close-on-exec from     environment
 *                          step 1 on
 *   _LIBCONTAINER_TRACE    the trace socket, if traced       environment
 *   join[i].fd             namespaces to join                CONFIG
 *
 * READY is our one addition to the handshake of 2015: a bare end of file
 * cannot tell "became the user's program" from "was killed in step 8".
 */
#ifndef LIBCONTAINER_SYNCPIPE_SYNCPIPE_H
#define LIBCONTAINER_SYNCPIPE_SYNCPIPE_H

#include "libcontainer/syncpipe/init_config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ENV_INIT_PIPE "_LIBCONTAINER_INITPIPE"
#define ENV_INIT_TYPE "_LIBCONTAINER_INITTYPE" /* "standard" or "setns" */
#define ENV_TRACE     "_LIBCONTAINER_TRACE"

enum message_type {
	MSG_MAPS,
	MSG_JOINED,
	MSG_CONFIG,
	MSG_PID,
	MSG_RESUME,
	MSG_CONSOLE,
	MSG_NOTE,
	MSG_READY,
	MSG_ERROR,
};

struct message {
	int type;		    /* enum message_type                  */
	struct init_config *config; /* CONFIG                             */
	int pid;		    /* PID                                */
	char *note;		    /* NOTE                               */
	struct error error;	    /* ERROR                              */
	int fd;			    /* CONSOLE: the master; else -1       */
};

/* One end of the pipe, with what was read ahead. */
struct syncpipe {
	int fd;
	/* Called before each read, and when there is no room to write: until
	 * fd has the events of poll(2), or -1. NULL: read and write wait. */
	int (*wait)(void *waiter, short events, struct error *err);
	void *waiter;
	char *buffer;
	size_t used, size;
	int passed_fd; /* received, not yet handed on; -1 */
};

/* A message is at most this long: a 16 MiB config, escaped and merged. */
enum { SYNCPIPE_LIMIT = 64 * 1024 * 1024 };

/*
 * syncpipe_pair - P1's socketpair, both ends close-on-exec. Returns 0 or -1.
 * The ends are released with syncpipe_close.
 */
int syncpipe_pair(struct syncpipe *outside, struct syncpipe *inside,
		  struct error *err);

/* syncpipe_open - an end from a descriptor, which it then owns. */
void syncpipe_open(struct syncpipe *pipe, int fd);

/* syncpipe_close - close the descriptors and free the buffer; twice is fine. */
void syncpipe_close(struct syncpipe *pipe);

/*
 * syncpipe_send - say one message; message->fd >= 0 travels with it
 * (SCM_RIGHTS, unix(7)) and stays the caller's. No SIGPIPE: a reader that is
 * gone gives -1 with EPIPE. Returns 0 or -1, also what pipe->wait says.
 */
int syncpipe_send(struct syncpipe *pipe, const struct message *message,
		  struct error *err);

/*
 * syncpipe_receive - wait for one whole message, however it is chunked.
 * Returns 1 with *message filled (release it with message_free), 0 at end of
 * file, -1 on a broken or oversized message, or what pipe->wait says.
 */
int syncpipe_receive(struct syncpipe *pipe, struct message *message,
		     struct error *err);

/* syncpipe_pending - is a message, or part of one, already read ahead? */
bool syncpipe_pending(const struct syncpipe *pipe);

/* message_free - release the config and the note, close the fd of a message. */
void message_free(struct message *message);

/* syncpipe_send_error - ERROR with err's fields; failure is ignored, for
 * nobody is left to be told. */
void syncpipe_send_error(struct syncpipe *pipe, const struct error *err);

#endif
