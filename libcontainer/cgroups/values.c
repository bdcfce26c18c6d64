/* values.c  [outside]  the small languages of cgroup files */
#include "libcontainer/cgroups/values.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { FILE_LIMIT = 1024 * 1024 };

bool cgroup_is_gone(int errnum)
{
	return errnum == ENOENT || errnum == ENODEV;
}

int cgroup_look(const char *dir, const char *file, char **text,
		struct error *err)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, file);
	struct error why = { 0 };
	size_t len;

	*text = NULL;
	if (file_read(path, FILE_LIMIT, text, &len, &why) == 0) {
		if (len > 0 && (*text)[len - 1] == '\n')
			(*text)[len - 1] = '\0';
		return 1;
	}
	if (cgroup_is_gone(why.errnum))
		return 0;
	if (err)
		*err = why;
	return -1;
}

char *cgroup_read(const char *dir, const char *file)
{
	char *text;

	return cgroup_look(dir, file, &text, NULL) > 0 ? text : NULL;
}

/* A number up to a blank, a newline or the end; "max" is the greatest. */
static bool parse_u64(const char *text, uint64_t *value, const char **end)
{
	char *stop;

	if (strncmp(text, "max", 3) == 0) {
		*value = UINT64_MAX;
		stop = (char *)text + 3;
	} else {
		if (*text < '0' || *text > '9')
			return false;
		errno = 0;
		*value = strtoull(text, &stop, 10);
		if (errno)
			return false;
	}
	if (*stop && *stop != ' ' && *stop != '\n')
		return false;
	if (end)
		*end = stop;
	return true;
}

bool cgroup_read_u64(const char *dir, const char *file, uint64_t *value)
{
	cleanup_free char *text = cgroup_read(dir, file);
	uint64_t number;

	if (!text || !parse_u64(text, &number, NULL))
		return false;
	*value = number;
	return true;
}

bool cgroup_next_pair(const char **text, const char **key, size_t *key_len,
		      uint64_t *value)
{
	while (**text) {
		const char *line = *text;
		size_t len = strcspn(line, "\n");
		size_t name = strcspn(line, " \n");
		const char *end;

		*text = line + len + (line[len] == '\n');
		if (name == 0 || name >= len)
			continue;
		if (!parse_u64(line + name + 1, value, &end) ||
		    end != line + len)
			continue;
		*key = line;
		*key_len = name;
		return true;
	}
	return false;
}

static bool find_key(const char *text, const char *key, uint64_t *value)
{
	const char *name;
	uint64_t number;
	size_t len;

	while (cgroup_next_pair(&text, &name, &len, &number)) {
		if (len != strlen(key) || strncmp(name, key, len) != 0)
			continue;
		*value = number;
		return true;
	}
	return false;
}

bool cgroup_read_key(const char *dir, const char *file, const char *key,
		     uint64_t *value)
{
	cleanup_free char *text = cgroup_read(dir, file);

	return text && find_key(text, key, value);
}

int cgroup_look_u64(const char *dir, const char *file, uint64_t *value,
		    struct error *err)
{
	cleanup_free char *text = NULL;
	int found = cgroup_look(dir, file, &text, err);

	if (found <= 0)
		return found;
	if (!parse_u64(text, value, NULL))
		return error_set(err, ERROR_SYSTEM,
				 "%s/%s: expected a number, got \"%s\"", dir,
				 file, text);
	return 1;
}

int cgroup_look_key(const char *dir, const char *file, const char *key,
		    uint64_t *value, struct error *err)
{
	cleanup_free char *text = NULL;
	int found = cgroup_look(dir, file, &text, err);

	return found <= 0 ? found : find_key(text, key, value);
}

int cgroup_write(const char *dir, const char *file, const char *text,
		 const char *key, struct error *err)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, file);

	if (file_write(path, text, err) == 0)
		return 0;
	return key ? error_wrap(err, "%s", key) : -1;
}

int cgroup_write_number(const char *dir, const char *file, int64_t value,
			const char *no_limit, const char *key,
			struct error *err)
{
	cleanup_free char *text = NULL;

	if (value == 0)
		return 0;
	text = value == -1 ? xstrdup(no_limit) : xasprintf("%" PRId64, value);
	return cgroup_write(dir, file, text, key, err);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t deadline_in(int64_t milliseconds)
{
	return now_ms() + milliseconds;
}

bool deadline_passed(int64_t deadline)
{
	return now_ms() >= deadline;
}

void pause_ms(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}
