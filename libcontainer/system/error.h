/* error.h  [both]  an error is a value: code, errno, step, one line of text */
#ifndef LIBCONTAINER_SYSTEM_ERROR_H
#define LIBCONTAINER_SYSTEM_ERROR_H

/*
 * The codes are libcontainer's own (error.go, 2015), in its order; the last
 * three are ours, so that a shell sees the 127, 126 and 128 + n it knows.
 */
enum error_code {
	ERROR_ID_IN_USE,
	ERROR_INVALID_ID_FORMAT,
	ERROR_CONTAINER_NOT_EXISTS,
	ERROR_CONTAINER_PAUSED,
	ERROR_CONTAINER_NOT_STOPPED,
	ERROR_CONTAINER_NOT_RUNNING,
	ERROR_PROCESS_NOT_EXECUTED,
	ERROR_CONFIG_INVALID,
	ERROR_SYSTEM,
	ERROR_COMMAND_NOT_FOUND,
	ERROR_COMMAND_NOT_EXECUTABLE,
	ERROR_INTERRUPTED,
	ERROR_CODES, /* how many there are */
};

struct error {
	enum error_code code;
	int errnum;	    /* the errno behind it, or 0              */
	int signal;	    /* ERROR_INTERRUPTED: by which; else 0    */
	int step;	    /* 1-12 when dockerinit failed, else 0    */
	char step_name[40]; /* that step's function, "" when step is 0 */
	char message[1024]; /* one line: act, object, reason          */
};

/*
 * error_set - fill *err with a code and a printf-formatted line.
 * Returns -1 always, so that failing is one line: return error_set(...).
 * err may be NULL when the caller does not care. Control bytes in the text
 * are written as \xNN: an error is one line, whatever a file name holds.
 */
int error_set(struct error *err, enum error_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * error_errno - like error_set with ERROR_SYSTEM, and ": strerror(errno)"
 * appended; errno is kept in err->errnum. Returns -1 always.
 */
int error_errno(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * error_answer - an answer of the kernel's that is not the wanted one, or none
 * at all: like error_set with ERROR_SYSTEM, and where errno is not 0, " (it
 * cannot be looked at: strerror(errno))" appended; errno is kept in
 * err->errnum. Who asks sets errno to 0 when the kernel has answered. Returns
 * -1 always.
 */
int error_answer(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * error_wrap - put "text: " before the message that *err already holds.
 * Returns -1 always.
 */
int error_wrap(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* error_append - put text behind the message that *err already holds. Returns
 * -1 always. */
int error_append(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* error_code_name - the Go name of a code ("IdInUse"); never NULL. */
const char *error_code_name(enum error_code code);

/*
 * error_exit_status - what a program exits with after *err: 127 (command not
 * found), 126 (found, cannot run), 128 + n (interrupted by signal n) or 125
 * (our own failure).
 */
int error_exit_status(const struct error *err);

#endif
