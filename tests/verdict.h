/* verdict.h  what config_validate says of a text */
#ifndef TESTS_VERDICT_H
#define TESTS_VERDICT_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/file.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char work[PATH_MAX]; /* its real path */
static char rootfs[PATH_MAX + 8];

static inline void setup(void)
{
	char made[] = "/tmp/check_validate.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(made));
	ck_assert_ptr_nonnull(realpath(made, work));
	snprintf(rootfs, sizeof(rootfs), "%s/root", work);
	ck_assert_int_eq(mkdir(rootfs, 0755), 0);
}

static inline void teardown(void)
{
	ck_assert_int_eq(remove_all(work, NULL), 0);
}

#define NAMESPACES                                                    \
	"\"namespaces\":[{\"type\":\"NEWNS\"},{\"type\":\"NEWUTS\"}," \
	"{\"type\":\"NEWIPC\"},{\"type\":\"NEWPID\"},{\"type\":\"NEWNET\"}]"

/* The message for a whole document; "" when it is valid. */
static inline const char *verdict_of(const char *text)
{
	static struct error err;
	struct config *config = NULL;
	int fd = -1;

	memset(&err, 0, sizeof(err));
	ck_assert_msg(config_load(text, strlen(text), &config, &err) == 0,
		      "%s: %s", text, err.message);
	if (config_validate(config, &err) < 0 ||
	    config_open_rootfs(config, &fd, &err) < 0)
		ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
	if (fd >= 0)
		close(fd);
	config_free(config);
	return err.message;
}

/* The message of a config with all namespaces, the rootfs and those keys; ""
 * when it is valid. */
static inline const char *verdict(const char *keys)
{
	char *text = xasprintf("{\"rootfs\":\"%s\"," NAMESPACES "%s%s}", rootfs,
			       *keys ? "," : "", keys);
	const char *message = verdict_of(text);

	free(text);
	return message;
}

static inline void refuse(const char *keys, const char *message)
{
	ck_assert_str_eq(verdict(keys), message);
}

static inline void accept(const char *keys)
{
	refuse(keys, "");
}

#endif
