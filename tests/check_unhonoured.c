/* check_unhonoured.c  keys that confine, and are not done: each is refused */
#include "tests/check.h"

#include "execdriver/command.h"
#include "libcontainer/configs/config.h"
#include "libcontainer/configs/unhonoured.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* {"a": [{"b": VALUE}]} for the path "a[].b". */
static char *document(const char *path, const char *value)
{
	size_t len = strcspn(path, ".[");
	char *inner, *text;

	if (!*path)
		return xstrdup(value);
	if (*path == '.')
		return document(path + 1, value);
	if (*path == '[') {
		inner = document(path + 2, value);
		text = xasprintf("[{\"other\":1},%s]", inner);
	} else {
		inner = document(path + len, value);
		text = xasprintf("{\"x\":null,\"%.*s\":%s}", (int)len, path,
				 inner);
	}
	free(inner);
	return text;
}

/* Where document puts the value: "a[1].b". */
static char *place(const char *path)
{
	char *text = xcalloc(2 * strlen(path) + 1, 1), *to = text;

	for (; *path; path++) {
		*to++ = *path;
		if (*path == '[')
			*to++ = '1';
	}
	return text;
}

static const char *const asking[] = {
	"true",	 "1",	    "-500", "0.5",	 "1e3",
	"\"x\"", "[\"x\"]", "[0]",  "{\"a\":1}", "{\"a\":{\"b\":\"x\"}}",
};
static const char *const silent[] = {
	"null", "false",
	"0",	"-0",
	"0.0",	"0e9",
	"\"\"", "[]",
	"{}",	"{\"a\":0,\"b\":\"\",\"c\":{\"d\":null,\"e\":[]}}",
};
#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static int refuse(const char *text, const struct unhonoured *table,
		  struct error *err)
{
	struct json *json;
	int result;

	ck_assert_msg(json_parse(text, strlen(text), &json, err) == 0, "%s: %s",
		      text, err->message);
	result = json_refuse_unhonoured(json, table, err);
	json_free(json);
	return result;
}

static void check_table(const struct unhonoured *table)
{
	for (const struct unhonoured *row = table; row->path; row++) {
		char *at = place(row->path);
		char *message = xasprintf("%s: not supported", at);

		for (size_t i = 0; i < LEN(asking); i++) {
			char *text = document(row->path, asking[i]);
			struct error err = { .message = "" };

			ck_assert_msg(refuse(text, table, &err) == -1, "%s",
				      text);
			ck_assert_str_eq(err.message, message);
			free(text);
		}
		for (size_t i = 0; i < LEN(silent); i++) {
			char *text = document(row->path, silent[i]);
			struct error err = { .message = "" };

			ck_assert_msg(refuse(text, table, &err) == 0, "%s: %s",
				      text, err.message);
			free(text);
		}
		free(message);
		free(at);
	}
}

START_TEST(test_each_key_is_refused_where_it_asks)
{
	struct error err;

	check_table(config_unhonoured);
	check_table(command_unhonoured);
	check_table(process_config_unhonoured);
	ck_assert_int_eq(refuse("{\"seccomp_profile\":\"unconfined\"}",
				command_unhonoured, &err),
			 0);
	ck_assert_int_eq(refuse("{\"mounts\":[{},{\"data\":\"size=1\"}]}",
				command_unhonoured, &err),
			 -1);
	ck_assert_str_eq(err.message, "mounts[1].data: not supported");
	/* What is no list, or no object, is the rows' to complain of. */
	ck_assert_int_eq(refuse("{\"mounts\":{\"data\":1},\"resources\":[1]}",
				command_unhonoured, &err),
			 0);
	ck_assert_int_eq(refuse("[]", command_unhonoured, &err), 0);
}
END_TEST

START_TEST(test_in_a_container_json)
{
	static const char *const rows[][2] = {
		{ "{\"oom_score_adj\":500}", "oom_score_adj: not supported" },
		{ "{\"hooks\":{\"prestart\":[{\"path\":\"/x\"}]}}",
		  "hooks: not supported" },
		{ "{\"cgroups\":{\"kernel_memory_tcp\":1}}",
		  "cgroups.kernel_memory_tcp: not supported" },
		{ "{\"ociVersion\":\"1.0.2\"}", "ociVersion: not supported" },
	};
	static const char sysctl[] = "{\"sysctl\":{\"net.x\":\"1\"}}";
	struct config *config;
	struct error err;

	for (size_t i = 0; i < LEN(rows); i++) {
		ck_assert_int_eq(config_load(rows[i][0], strlen(rows[i][0]),
					     &config, &err),
				 -1);
		ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
		ck_assert_str_eq(err.message, rows[i][1]);
	}
	ck_assert_int_eq(config_load(sysctl, strlen(sysctl), &config, &err), 0);
	ck_assert_uint_eq(config->system_properties_len, 1);
	config_free(config);
}
END_TEST

/* --- a whole command.json -------------------------------------------------*/

static int load_command(const char *members, struct error *err)
{
	char path[] = "/tmp/check-command-XXXXXX";
	char *text = xasprintf("{\"id\":\"c\",%s}", members);
	int fd = mkstemp(path), result;
	struct command *command;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write_all(fd, text, strlen(text)), 0);
	close(fd);
	result = command_load_file(path, &command, err);
	if (result == 0)
		command_free(command);
	unlink(path);
	free(text);
	return result;
}

START_TEST(test_contradictions)
{
#define NET(members) "\"network\":{" members "}"
#define HOST	     "\"host_networking\":true,"
#define OTHER	     "\"container_id\":\"x\","
#define PATH	     "\"namespace_path\":\"/n\","
#define CABLE	     "\"interface\":{\"ip\":\"10.0.0.2\"},"
#define END	     "\"mtu\":1500"
	static const char *const rows[][3] = {
		{ NET(HOST OTHER END), "network.host_networking",
		  "network.container_id" },
		{ NET(HOST PATH END), "network.host_networking",
		  "network.namespace_path" },
		{ NET(HOST CABLE END), "network.host_networking",
		  "network.interface" },
		{ NET(OTHER PATH END), "network.container_id",
		  "network.namespace_path" },
		{ NET(OTHER CABLE END), "network.container_id",
		  "network.interface" },
		{ NET(PATH CABLE END), "network.namespace_path",
		  "network.interface" },
		{ "\"ipc\":{\"host_ipc\":true,\"container_id\":\"x\"}",
		  "ipc.host_ipc", "ipc.container_id" },
		{ "\"process_config\":{\"privileged\":true},\"cap_drop\":"
		  "[\"CHOWN\"]",
		  "process_config.privileged", "cap_drop" },
		{ "\"process_config\":{\"privileged\":true},"
		  "\"apparmor_profile\":\"docker-default\"",
		  "process_config.privileged", "apparmor_profile" },
	};
	static const char *const fine[] = {
		NET(HOST END),
		NET(OTHER "\"namespace_path\":\"\"," END),
		NET(PATH
		    "\"container_id\":\"\",\"host_networking\":false," END),
		NET("\"interface\":null," HOST END),
		"\"ipc\":{\"host_ipc\":true,\"container_id\":\"\"}",
		"\"process_config\":{\"privileged\":true},\"cap_drop\":[],"
		"\"apparmor_profile\":\"unconfined\",\"cap_add\":[\"ALL\"]",
		"\"cap_drop\":[\"CHOWN\"]",
	};
	struct error err;

	for (size_t i = 0; i < LEN(rows); i++) {
		char *message = xasprintf("%s: it cannot be had together with "
					  "%s",
					  rows[i][1], rows[i][2]);

		ck_assert_int_eq(load_command(rows[i][0], &err), -1);
		ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
		ck_assert_msg(strstr(err.message, message), "%s: %s",
			      rows[i][0], err.message);
		free(message);
	}
	for (size_t i = 0; i < LEN(fine); i++)
		ck_assert_msg(load_command(fine[i], &err) == 0, "%s: %s",
			      fine[i], err.message);
}
END_TEST

Suite *check_unhonoured_suite(void)
{
	Suite *suite = suite_create("unhonoured");
	TCase *tcase = tcase_create("keys that confine");

	tcase_add_test(tcase, test_each_key_is_refused_where_it_asks);
	tcase_add_test(tcase, test_in_a_container_json);
	tcase_add_test(tcase, test_contradictions);
	suite_add_tcase(suite, tcase);
	return suite;
}
