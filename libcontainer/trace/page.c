/*
 * page.c  [outside]  a trace as one page that opens from file://
 *
 * The page is page.html with a style (page.css) and a program (page.js and its
 * four parts, page_*.js), joined by the build into page.inc. Here the trace is
 * put in, as a block of JSON that the page's own program reads: no value of the
 * trace is ever HTML.
 *
 * Host names, paths and commands are written by whoever made the container,
 * and a browser ends a script at the first "</script", whatever quotes are
 * around it. So no < > & leaves here as itself: in JSON those stand in
 * strings only, where \u003c means the same. U+2028 and U+2029 end lines in
 * older JavaScript and go the same way. A second wall stands in the page's
 * head: its Content-Security-Policy names the one program and the one style
 * that may run, by their hashes, and forbids every connection.
 *
 * https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
 * https://www.w3.org/TR/CSP3/#framework-directive-source-list
 */
#include "libcontainer/trace/page.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Made by the build; ends with a NUL. */
static const unsigned char page[] = {
#include "libcontainer/trace/page.inc"
};

/* What stands in the template for the two values. */
#define TRACE_MARK "@TRACE@"
#define BOOK_MARK  "@BOOK@"

static void put_byte(FILE *f, const char *text, size_t *i)
{
	unsigned char c = text[*i];

	if (c == '<' || c == '>' || c == '&')
		fprintf(f, "\\u%04x", c);
	else if (!strncmp(text + *i, "\u2028", 3) ||
		 !strncmp(text + *i, "\u2029", 3)) {
		*i += 2;
		fprintf(f, "\\u20%x", (unsigned char)text[*i] & 0x3f);
	} else
		fputc(c, f);
}

/* JSON as it may stand in a script block. */
static void put_json(FILE *f, const char *json)
{
	for (size_t i = 0; json[i]; i++)
		put_byte(f, json, &i);
}

/* The same for a text that is not JSON yet; NULL is null. */
static void put_string(FILE *f, const char *text)
{
	if (!text) {
		fputs("null", f);
		return;
	}
	fputc('"', f);
	for (size_t i = 0; text[i]; i++) {
		unsigned char c = text[i];

		if (c < ' ' || c == '"' || c == '\\')
			fprintf(f, "\\u%04x", c);
		else
			put_byte(f, text, &i);
	}
	fputc('"', f);
}

/* Everything up to mark; returns what follows it. The build has seen to it
 * that each mark is there once. */
static const char *put_until(FILE *f, const char *from, const char *mark)
{
	const char *at = strstr(from, mark);

	fwrite(from, 1, at - from, f);
	return at + strlen(mark);
}

char *page_text(const char *json, const char *book_url)
{
	const char *rest = (const char *)page;
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		abort();
	rest = put_until(f, rest, BOOK_MARK);
	put_string(f, book_url);
	rest = put_until(f, rest, TRACE_MARK);
	put_json(f, json);
	fputs(rest, f);
	if (fclose(f) != 0)
		abort();
	return text;
}

/* Is there something at path that is not to be replaced, but written to? That
 * is a pipe, a terminal; or a link to a file that is not there yet. */
static bool is_special(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
	return lstat(path, &st) == 0;
}

/* The file itself, when path is a link to it: the link shall stay. */
static char *target_of(const char *path)
{
	char *target = realpath(path, NULL);

	return target ? target : xstrdup(path);
}

int page_check(const char *path, struct error *err)
{
	cleanup_free char *dir = target_of(path);
	char *slash = strrchr(dir, '/');
	bool may = false;
	struct stat st;

	if (slash)
		slash[slash == dir] = '\0';
	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		may = access(slash ? dir : ".", W_OK | X_OK) == 0 &&
		      (access(path, W_OK) == 0 || errno == ENOENT);
	else if (S_ISDIR(st.st_mode))
		errno = EISDIR;
	else
		may = access(path, W_OK) == 0;
	if (!may)
		return error_errno(err, "write the trace's page %s", path);
	return 0;
}

/* Give fd the owner and the mode of what it will replace. Without the owner,
 * the mode would let in others than before. */
static int inherit(int fd, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	if (fchown(fd, st.st_uid, st.st_gid) < 0)
		st.st_mode &= 0700;
	return fchmod(fd, st.st_mode & 0777);
}

/* A name beside the file that nobody else has, so that what is written there
 * is not seen before it is whole. */
static int replace(const char *path, const char *text)
{
	cleanup_free char *target = target_of(path);
	cleanup_free char *new = xasprintf("%s.new-%d", target, getpid());
	cleanup_close int fd =
		open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		     0600);
	int reason;

	if (fd < 0)
		return -1;
	if (write_all(fd, text, strlen(text)) == 0 &&
	    inherit(fd, target) == 0 && rename(new, target) == 0)
		return 0;
	reason = errno;
	unlink(new);
	errno = reason;
	return -1;
}

int page_save(const char *path, const char *json, const char *book_url,
	      struct error *err)
{
	cleanup_free char *text = page_text(json, book_url);
	cleanup_close int fd = -1;
	int result;

	if (is_special(path)) {
		fd = open(path, O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC,
			  0600);
		result = fd < 0 ? -1 : write_all(fd, text, strlen(text));
	} else {
		result = replace(path, text);
	}
	if (result < 0)
		return error_errno(err, "write the trace's page %s", path);
	return 0;
}

char *page_book_url(void)
{
	char self[PATH_MAX];
	cleanup_free char *dir = NULL;
	char *slash, *url = NULL;
	size_t len = 0;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *f;

	self[n > 0 ? n : 0] = '\0';
	for (int up = 0; up < 2; up++) {
		slash = strrchr(self, '/');
		if (!slash)
			return NULL;
		*slash = '\0';
	}
	dir = xasprintf("%s/build/book/", self);
	if (access(dir, X_OK) < 0 || !(f = open_memstream(&url, &len)))
		return NULL;
	fputs("file://", f);
	for (const char *c = dir; *c; c++)
		if (strchr("/-._~", *c) || (*c >= '0' && *c <= '9') ||
		    (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z'))
			fputc(*c, f);
		else
			fprintf(f, "%%%02X", (unsigned char)*c);
	if (fclose(f) != 0)
		abort();
	return url;
}
