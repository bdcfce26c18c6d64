/* hold_wait.h  [outside]  wait for the user, while a process is held */
#ifndef LIBCONTAINER_TRACE_HOLD_WAIT_H
#define LIBCONTAINER_TRACE_HOLD_WAIT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum hold_event {
	HOLD_LINE,    /* the user has typed one                      */
	HOLD_GO_ON,   /* SIGUSR1                                     */
	HOLD_GIVE_UP, /* the input's end, or a fatal signal, for interrupt_check
		       */
	HOLD_DIED,    /* the process: its end of the socket is closed */
	HOLD_AGAIN,   /* we were stopped for a while: ask once more  */
};

/* hold_wait - until there is news on the terminal tty (-1: none; read only
 * while we are its foreground job) or the trace socket, or a signal for us.
 * line gets what was typed, without the newline. */
enum hold_event hold_wait(int tty, int socket, char *line, size_t size);

/* hold_need_foreground - stop, as a job does that reads the terminal in the
 * background, until we are the foreground job. Returns false when the terminal
 * is gone. */
bool hold_need_foreground(int tty);

/*
 * hold_signals - block these signals and read them from a signalfd, which is
 * returned (the caller's), or -1 with errno. hold_signals_end closes it and
 * unblocks what was not blocked before.
 */
int hold_signals(const int *signals, size_t len, sigset_t *before);
void hold_signals_end(int fd, const sigset_t *before);

#endif
