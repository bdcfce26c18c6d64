/*
 * pipes.h  [outside]  the daemon's pipes, to and from a process
 *
 * Docker's Pipes are a reader and two writers inside the daemon: a client's
 * connection, a log. So a process is not given them; it gets pipes of its own
 * (or a console), and the bytes are carried over.
 */
#ifndef EXECDRIVER_PIPES_H
#define EXECDRIVER_PIPES_H

#include "libcontainer/process.h"
#include "libcontainer/relay.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>

/* The daemon's ends; they stay its own. */
struct pipes {
	int input;	   /* -1: the process reads /dev/null               */
	int output, error; /* with a tty, all goes to output                */
	int signals;	   /* terminal_catch_signals': forwarded; or -1     */
};

/* The connection of the daemon's ends with one process. */
struct pump {
	struct relay relay;
	const struct pipes *pipes;
	int process_ends[3]; /* given to the process, closed when it runs   */
};

/*
 * pump_connect - before the start: make the process's own pipes and give them
 * to it, or ask for a console. The descriptors are released by pump_close,
 * whatever is returned.
 */
int pump_connect(struct pump *pump, const struct pipes *pipes, bool tty,
		 struct process *process, struct error *err);

/*
 * pump_run - after the start: carry bytes both ways until the process has
 * ended and its last bytes are out. It is not reaped.
 */
int pump_run(struct pump *pump, struct error *err);

/* pump_close - close what pump_connect has opened, the daemon's ends not. */
void pump_close(struct pump *pump);

#endif
