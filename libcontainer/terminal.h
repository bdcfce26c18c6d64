/*
 * terminal.h  [outside]  the host's end of a process: terminal and signals
 */
#ifndef LIBCONTAINER_TERMINAL_H
#define LIBCONTAINER_TERMINAL_H

#include "libcontainer/process.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * terminal_size - rows and columns of the terminal behind fd; false when fd
 * is no terminal.
 */
bool terminal_size(int fd, uint16_t *rows, uint16_t *columns);

/*
 * terminal_catch_signals - from now on the signals that can be forwarded wait
 * in a signalfd, so that none is lost between here and terminal_attach. Call
 * it before container_start, which is undone by a fatal one (interrupt.h).
 * Returns the descriptor (the caller's), or -1.
 */
int terminal_catch_signals(struct error *err);

/*
 * terminal_attach - stay with a started process until it ends: forward the
 * caught signals, and with a console copy stdin to it and it to stdout, in
 * raw mode and with window sizes when stdin is a terminal. The terminal is as
 * it was on every return. Reaps the process: *status is as from waitpid(2).
 */
int terminal_attach(struct process *p, int signals, int *status,
		    struct error *err);

/*
 * terminal_lend - carry bytes between the user's terminal, in raw mode and
 * with its window's sizes, and a console's master, until the descriptor ended
 * polls readable. *sig becomes the fatal signal among the caught ones by which
 * the user said that he has had enough, else 0. The master is closed, and
 * *console is -1, when the terminal has gone. The terminal is as it was on
 * every return. Returns 0 or -1.
 */
int terminal_lend(int terminal, int *console, int ended, int signals, int *sig,
		  struct error *err);

#endif
