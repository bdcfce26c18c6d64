/*
 * error.c  [both]  formatting errors
 *
 * An error is filled once, where the failing call stands, and only passed up
 * after that. It owns no memory, so nobody frees it, and it crosses the sync
 * pipe as plain fields.
 */
#include "libcontainer/system/error.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const code_names[ERROR_CODES] = {
	[ERROR_ID_IN_USE] = "IdInUse",
	[ERROR_INVALID_ID_FORMAT] = "InvalidIdFormat",
	[ERROR_CONTAINER_NOT_EXISTS] = "ContainerNotExists",
	[ERROR_CONTAINER_PAUSED] = "ContainerPaused",
	[ERROR_CONTAINER_NOT_STOPPED] = "ContainerNotStopped",
	[ERROR_CONTAINER_NOT_RUNNING] = "ContainerNotRunning",
	[ERROR_PROCESS_NOT_EXECUTED] = "ProcessNotExecuted",
	[ERROR_CONFIG_INVALID] = "ConfigInvalid",
	[ERROR_SYSTEM] = "SystemError",
	[ERROR_COMMAND_NOT_FOUND] = "CommandNotFound",
	[ERROR_COMMAND_NOT_EXECUTABLE] = "CommandNotExecutable",
	[ERROR_INTERRUPTED] = "Interrupted",
};

const char *error_code_name(enum error_code code)
{
	return code < ERROR_CODES ? code_names[code] : "Unknown error";
}

int error_exit_status(const struct error *err)
{
	if (err->code == ERROR_COMMAND_NOT_FOUND)
		return 127;
	if (err->code == ERROR_COMMAND_NOT_EXECUTABLE)
		return 126;
	if (err->code == ERROR_INTERRUPTED)
		return 128 + err->signal;
	return 125;
}

/* Copy src to dst, writing control bytes as \xNN. */
static void escape(char *dst, size_t size, const char *src)
{
	size_t used = 0;

	for (; *src && used + 5 < size; src++) {
		unsigned char c = (unsigned char)*src;

		if (c < 0x20 || c == 0x7f)
			used += (size_t)snprintf(dst + used, size - used,
						 "\\x%02x", c);
		else
			dst[used++] = (char)c;
	}
	dst[used] = '\0';
}

__attribute__((format(printf, 4, 0))) static void fill(struct error *err,
						       enum error_code code,
						       int errnum,
						       const char *fmt,
						       va_list ap)
{
	char raw[sizeof(err->message)];
	int len;

	memset(err, 0, sizeof(*err));
	err->code = code;
	err->errnum = errnum;
	len = vsnprintf(raw, sizeof(raw), fmt, ap);
	if (errnum && len >= 0 && (size_t)len < sizeof(raw))
		snprintf(raw + len, sizeof(raw) - (size_t)len, ": %s",
			 strerror(errnum));
	escape(err->message, sizeof(err->message), raw);
}

int error_set(struct error *err, enum error_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	fill(err, code, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int error_errno(struct error *err, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	fill(err, ERROR_SYSTEM, saved, fmt, ap);
	va_end(ap);
	return -1;
}

int error_answer(struct error *err, const char *fmt, ...)
{
	int saved = errno;
	size_t len;
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	fill(err, ERROR_SYSTEM, 0, fmt, ap);
	va_end(ap);
	if (!saved)
		return -1;
	err->errnum = saved;
	len = strlen(err->message);
	snprintf(err->message + len, sizeof(err->message) - len,
		 " (it cannot be looked at: %s)", strerror(saved));
	return -1;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
	char prefix[256], old[sizeof(err->message)];
	va_list ap;
	size_t len;

	if (!err)
		return -1;
	va_start(ap, fmt);
	vsnprintf(old, sizeof(prefix), fmt, ap);
	va_end(ap);
	escape(prefix, sizeof(prefix), old);
	memcpy(old, err->message, sizeof(old));
	len = strlen(prefix);
	memcpy(err->message, prefix, len);
	snprintf(err->message + len, sizeof(err->message) - len, ": %.*s",
		 (int)(sizeof(err->message) - len - 3), old);
	return -1;
}

int error_append(struct error *err, const char *fmt, ...)
{
	char text[256];
	size_t len;
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	len = strlen(err->message);
	escape(err->message + len, sizeof(err->message) - len, text);
	return -1;
}
