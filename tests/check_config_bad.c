/* check_config_bad.c  everything that is no container.json */
#include "tests/check.h"
#include "tests/fixtures.h"

#include "libcontainer/configs/config_fields.h"

#include <stdio.h>

static void refuse(const char *text, const char *message)
{
	struct config *config = NULL;
	struct error err = { 0 };

	ck_assert_int_eq(config_load(text, strlen(text), &config, &err), -1);
	ck_assert_ptr_null(config);
	ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
	ck_assert_str_eq(err.message, message);
}

START_TEST(test_unknown_words)
{
	refuse("{\"namespaces\":[{\"type\":\"NEWPDI\"}]}",
	       "namespaces[0].type: unknown namespace \"NEWPDI\"; did you mean "
	       "\"NEWPID\"?");
	refuse("{\"namespaces\":{\"NEWUST\":true}}",
	       "namespaces: unknown namespace \"NEWUST\"; did you mean "
	       "\"NEWUTS\"?");
	refuse("{\"namespaces\":{\"NEWPID\":1}}",
	       "namespaces.NEWPID: a boolean is wanted, this is a number");
	refuse("{\"namespaces\":[{\"path\":\"/x\"}]}",
	       "namespaces[0]: no type in it");
	refuse("{\"namespaces\":[\"NEWPID\"]}",
	       "namespaces[0]: an object is wanted, this is a string");
	refuse("{\"capabilities\":[\"KILL\",\"CHWON\"]}",
	       "capabilities[1]: unknown capability \"CHWON\"; did you mean "
	       "\"CAP_CHOWN\"?");
	refuse("{\"capabilities\":{\"ambient\":[\"ALL\"]}}",
	       "capabilities.ambient[0]: unknown capability \"ALL\"");
	refuse("{\"rlimits\":[{\"type\":16}]}",
	       "rlimits[0].type: unknown rlimit 16");
	refuse("{\"rlimits\":[{\"type\":\"NOFILES\"}]}",
	       "rlimits[0].type: unknown rlimit \"NOFILES\"; did you mean "
	       "\"NOFILE\"?");
	refuse("{\"rlimits\":[{\"hard\":1.5}]}",
	       "rlimits[0].hard: a whole number is wanted, this is 1.5");
	refuse("{\"mounts\":[{\"device\":\"tmpsf\"}]}",
	       "mounts[0].device: unknown mount device \"tmpsf\"; did you mean "
	       "\"tmpfs\"?");
	refuse("{\"mounts\":[{\"type\":\"ext4\"}]}",
	       "mounts[0]: unknown mount type \"ext4\"");
	refuse("{\"cgroups\":{\"net_cls_classid\":\"-1\"}}",
	       "cgroups.net_cls_classid: a class is wanted, this is \"-1\"");
	refuse("{\"cgroups\":{\"blkio_weight_device\":\"8:0 70000\"}}",
	       "cgroups.blkio_weight_device[0].weight: 70000 is not between 0 "
	       "and 65535");
	refuse("{\"cgroups\":{\"blkio_weight_device\":\"8:0 5 x\"}}",
	       "cgroups.blkio_weight_device: \"MAJOR:MINOR NUMBER\" is wanted, "
	       "this is \" x\"");
	refuse("{\"seccomp\":true}",
	       "seccomp: an object is wanted, this is a boolean");
}
END_TEST

/* Every key that any row knows, with a value of every kind: an error or a
 * config, never a crash, and an error names the key. */
static void try_rows(const struct field *rows, const char *before,
		     const char *after)
{
	static const char *const values[] = {
		"null",	       "true",
		"-1",	       "\"\"",
		"[]",	       "{}",
		"[null]",      "[1]",
		"[\"x\"]",     "[[]]",
		"[{}]",	       "[true]",
		"{\"x\":1}",   "{\"x\":null}",
		"\"\\u00e9\"", "99999999999999999999",
		"1e9",
	};

	for (; rows->key; rows++)
		for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
			char *text = xasprintf("%s{\"%s\":%s}%s", before,
					       rows->key, values[i], after);
			struct config *config = NULL;
			struct error err = { 0 };
			int ret =
				config_load(text, strlen(text), &config, &err);

			if (ret < 0) {
				ck_assert_int_eq(err.code,
						 ERROR_CONFIG_INVALID);
				ck_assert_ptr_null(config);
				ck_assert(strstr(err.message, rows->key) ||
					  strstr(err.message, "no type in"));
			} else {
				check_round_trip(config);
			}
			config_free(config);
			free(text);
		}
}

START_TEST(test_every_key_with_every_kind)
{
	static const struct field older[] = {
		{ .key = "context" },	   { .key = "mount_config" },
		{ .key = "ipc" },	   { .key = "restrict_sys" },
		{ .key = "root_fs" },	   { .key = "readonly_fs" },
		{ .key = "device_nodes" }, FIELD_END,
	};
	static const struct field old_mount[] = {
		{ .key = "type" },     { .key = "source" },
		{ .key = "writable" }, { .key = "private" },
		{ .key = "slave" },    FIELD_END,
	};

	try_rows(config_rows, "", "");
	try_rows(older, "", "");
	try_rows(cgroup_rows, "{\"cgroups\":", "}");
	try_rows(capabilities_rows, "{\"capabilities\":", "}");
	try_rows(mount_rows, "{\"mounts\":[", "]}");
	try_rows(old_mount, "{\"mounts\":[{\"type\":\"tmpfs\"},", "]}");
	try_rows(device_rows, "{\"devices\":[", "]}");
	try_rows(device_rows, "{\"cgroups\":{\"denied_devices\":[", "]}}");
	for (const struct field *row = config_rows; row->key; row++)
		if (row->rows && row->type == FIELD_OBJECTS) {
			char *before = xasprintf("{\"%s\":[", row->key);

			try_rows(row->rows, before, "]}");
			free(before);
		}
}
END_TEST

START_TEST(test_truncated_at_every_byte)
{
	for (size_t i = 0; i < 3; i++) {
		char *text = fixture(fixture_names[i]);
		size_t end = strlen(text);

		while (text[end - 1] == '\n')
			end--;
		for (size_t len = 0; len < end; len++) {
			char *cut = memcpy(xmalloc(len), text, len);
			struct config *config = NULL;
			struct error err = { 0 };

			ck_assert_int_eq(config_load(cut, len, &config, &err),
					 -1);
			ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
			free(cut);
		}
		free(text);
	}
}
END_TEST

/* Bytes changed, dropped and doubled, the same ones in every run. */
START_TEST(test_mutations)
{
	static const char bytes[] = "{}[]\",:0-9.eE\\utfn \n\x80\xff\x01";
	char *texts[3];
	unsigned int seed = 1;

	for (size_t i = 0; i < 3; i++)
		texts[i] = fixture(fixture_names[i]);
	for (int round = 0; round < 3000; round++) {
		const char *text = texts[rand_r(&seed) % 3];
		size_t len = strlen(text);
		char *copy = memcpy(xmalloc(len), text, len);
		struct config *config = NULL;
		struct error err = { 0 };

		for (int n = rand_r(&seed) % 4; n >= 0; n--) {
			size_t at = (size_t)rand_r(&seed) % len;
			size_t to = (size_t)rand_r(&seed) % len;

			if (rand_r(&seed) % 2)
				copy[at] = bytes[(size_t)rand_r(&seed) %
						 (sizeof(bytes) - 1)];
			else
				memmove(copy + to, copy + at,
					(len - (at > to ? at : to)) % 40);
		}
		if (config_load(copy, len, &config, &err) < 0)
			ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
		else
			check_round_trip(config);
		config_free(config);
		free(copy);
	}
	for (size_t i = 0; i < 3; i++)
		free(texts[i]);
}
END_TEST

/* The message for a file with that text; NULL: no such file. */
static void refuse_file(const char *text, size_t len, const char *message)
{
	char dir[] = "/tmp/check_config.XXXXXX";
	struct config *config = NULL;
	struct error err = { 0 };
	char *path, *wanted;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	path = xasprintf("%s/container.json", dir);
	if (text) {
		FILE *file = fopen(path, "we");

		ck_assert_uint_eq(fwrite(text, 1, len, file), len);
		ck_assert_int_eq(fclose(file), 0);
	}
	ck_assert_int_eq(config_load_file(path, &config, &err), -1);
	ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
	wanted = xasprintf("%s%s%s", text ? "" : "open ", path, message);
	ck_assert_str_eq(err.message, wanted);
	ck_assert_int_eq(remove_all(dir, NULL), 0);
	free(wanted);
	free(path);
}

START_TEST(test_files)
{
	char *large = xcalloc(16 * 1024 * 1024 + 1, 1);
	struct config *config = NULL;
	struct error err;
	char *path;

	memset(large, ' ', 16 * 1024 * 1024 + 1);
	refuse_file(NULL, 0, ": No such file or directory");
	refuse_file("", 0, ": the document is empty");
	refuse_file("{\n", 2,
		    ": line 2, column 1: a key in quotes is wanted, "
		    "but the text ends here");
	refuse_file("{\"rootfs\":1}", 12,
		    ": rootfs: a string is wanted, this is a number");
	refuse_file(large, 16 * 1024 * 1024 + 1,
		    ": larger than 16777216 bytes");
	free(large);
	ck_assert_int_eq(config_load_file("/tmp", &config, &err), -1);
	ck_assert_str_eq(err.message, "/tmp is not a regular file");
	path = xasprintf("%s/2015.json", fixtures);
	ck_assert_int_eq(config_load_file(path, &config, &err), 0);
	config_free(config);
	free(path);
}
END_TEST

Suite *check_config_bad_suite(void)
{
	Suite *suite = suite_create("config_bad");
	TCase *tcase = tcase_create("refused");

	fixtures_find();
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_unknown_words);
	tcase_add_test(tcase, test_every_key_with_every_kind);
	tcase_add_test(tcase, test_truncated_at_every_byte);
	tcase_add_test(tcase, test_mutations);
	tcase_add_test(tcase, test_files);
	suite_add_tcase(suite, tcase);
	return suite;
}
