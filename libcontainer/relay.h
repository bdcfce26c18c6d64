/*
 * relay.h  [outside]  stay with a process: carry its bytes, forward signals
 *
 * One poll loop from the process's start to its end, for nsinit (a terminal)
 * and for the execdriver (the daemon's pipes).
 */
#ifndef LIBCONTAINER_RELAY_H
#define LIBCONTAINER_RELAY_H

#include "libcontainer/process.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { RELAY_STREAMS = 3, RELAY_BUFFER = 16 * 1024 };

/* One direction of bytes. */
struct stream {
	int from, to; /* -1: nothing more comes, nobody reads any more */
	bool outward; /* out of the process: not lost when it ends     */
	bool own_from, own_to; /* the stream's to close                   */
	bool to_console;   /* its end of file is a character, VEOF          */
	bool from_console; /* its end of file is EIO                      */
	bool held;	   /* not read for now: we are in the background    */
	int errnum;	   /* why reading or writing failed                */
	bool reading;	   /* it was reading                               */
	size_t left;	   /* how much it still may carry after the end     */
	size_t start, end;
	char *buffer; /* of RELAY_BUFFER bytes */
};

struct relay {
	struct process *process; /* NULL: on_signal deals with all signals */
	int ended;		 /* polls readable when the process has ended */
	int signals;		 /* from terminal_catch_signals, or -1 */
	int *console;		 /* a master: closed, and -1, when nobody
				    reads what comes out of it; NULL */
	/* Asked before a signal is forwarded; true: it was dealt with. */
	bool (*on_signal)(void *data, int sig);
	/* Told when the console was hung up; NULL. */
	void (*on_hang_up)(void *data);
	void *data;
	struct stream streams[RELAY_STREAMS];
	size_t streams_len;
	bool process_ended;
	int given_up; /* the fatal signal: nobody waits for the last bytes */
};

/* relay_init - a relay without streams yet; see struct relay. process may be
 * NULL: then the caller sets ended, console and on_signal. */
void relay_init(struct relay *relay, struct process *process, int signals);

/*
 * relay_add - carry bytes from one descriptor to another. outward: from the
 * process to us. A process's end (a pipe, a console) must be O_NONBLOCK; ours
 * may be anything. relay_close frees it.
 */
struct stream *relay_add(struct relay *relay, int from, int to, bool outward);

/*
 * relay_run - until the process has ended and what it left in its pipes or
 * its console is out. A background process that still holds them does not
 * keep us. A reader of ours who has left (EPIPE, or a terminal that was hung
 * up) is no error: that is passed on to the process, whose next write fails, or
 * whose terminal is hung up. The process is not reaped. SIGPIPE must be blocked
 * or ignored.
 * Returns 0, or -1 when polling failed or some of the output was lost.
 */
int relay_run(struct relay *relay, struct error *err);

/* relay_close - close the streams' own descriptors, free their buffers. */
void relay_close(struct relay *relay);

#endif
