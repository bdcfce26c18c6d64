/*
 * interrupt.h  [outside]  the signals that undo a start
 *
 * Who calls container_start or factory_load may have blocked HUP, INT, QUIT
 * and TERM (terminal_catch_signals does so). Then these signals end the wait
 * that they find, and the start is undone. Who has not blocked them gets their
 * default action, as everywhere.
 *
 * A signal is taken from the queue by interrupt_check alone. All others stay
 * in it, for the program that will run.
 */
#ifndef LIBCONTAINER_INTERRUPT_H
#define LIBCONTAINER_INTERRUPT_H

#include "libcontainer/system/error.h"

#include <stdbool.h>

/* interrupt_is - is sig one of the four? */
bool interrupt_is(int sig);

/*
 * interrupt_open - *fd becomes a descriptor, the caller's, that polls readable
 * while one of the blocked ones of the four is pending; it is not to be read.
 * -1 when none of them is blocked. Returns 0 or -1. Source: signalfd(2).
 */
int interrupt_open(int *fd, struct error *err);

/* interrupt_set - *err says ERROR_INTERRUPTED, by that signal. Returns -1. */
int interrupt_set(struct error *err, int sig);

/* interrupt_check - take one of the four from the queue, if one is pending:
 * -1 with ERROR_INTERRUPTED, else 0. */
int interrupt_check(struct error *err);

/*
 * interrupt_wait - until fd (-1: none) has one of the events of poll(2), or
 * timeout milliseconds (-1: no limit) are over. interrupts is from
 * interrupt_open. Returns 1, 0 when the time is over, or -1: interrupted, or
 * it cannot be polled.
 */
int interrupt_wait(int interrupts, int fd, short events, int timeout,
		   struct error *err);

#endif
