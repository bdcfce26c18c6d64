/* check_found.c  every key of a config: what a file may ask for that was found
 */
#include "tests/check.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/configs/found_rules.h"
#include "libcontainer/system/alloc.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/*
 * One row for each key, or more: the key's path, the config's member in JSON,
 * and the path and the reason of the refusal; NULL: it reaches nothing of the
 * host's. What is not said is the template's; lists are "[]" in a path.
 */
static const struct {
	const char *path, *members, *refusal;
} examples[] = {
#include "tests/found_examples.def"
};

enum { EXAMPLES = sizeof(examples) / sizeof(examples[0]) };

static struct config *template(void)
{
	return config_default("/r", "nsinit", "nsinit", "id");
}

/* The template, with this member (and what may be said before the first '{'
 * or '[' of it) in place of its own. */
static struct config *template_with(const char *members)
{
	char *text = xasprintf("{%s}", members);
	char *key = xstrndup(members + 1, strcspn(members + 1, "\""));
	struct config *config = template();
	struct error err;

	config_forget(config, key);
	if (strcmp(key, "cgroups") == 0)
		fields_free(cgroup_rows, &config->cgroups);
	if (strcmp(key, "capabilities") == 0)
		fields_free(capabilities_rows, &config->capabilities);
	ck_assert_msg(fields_decode(config_rows, text, strlen(text), config,
				    &err) == 0,
		      "%s: %s", text, err.message);
	free(key);
	free(text);
	return config;
}

START_TEST(test_examples)
{
	const struct rlimit limit = { 100, 500 };
	struct config *most = template();

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int i = 0; i < EXAMPLES; i++) {
		struct config *config = template_with(examples[i].members);
		struct error err = { .message = "" };
		int result = config_check_found(config, most, &err);

		ck_assert_msg(
			result == (examples[i].refusal ? -1 : 0) &&
				!strcmp(err.message, examples[i].refusal ?: ""),
			"%s: %s", examples[i].members, err.message);
		config_free(config);
	}
	config_free(most);
}
END_TEST

/* --- no key without a decision --------------------------------------------*/

static const struct found_rule *rule_of(const struct found_rule *rules,
					const char *key)
{
	while (rules->key && strcmp(rules->key, key) != 0)
		rules++;
	return rules->key ? rules : NULL;
}

static const struct field *row_of(const struct field *rows, const char *key)
{
	while (rows->key && strcmp(rows->key, key) != 0)
		rows++;
	return rows->key ? rows : NULL;
}

/* An older spelling sets a member that has a row of its own, or (seccomp) one
 * that config_validate refuses. */
static void check_spelling(const struct field *rows, const struct field *old)
{
	const struct field *row = rows;

	if (old->type == FIELD_CUSTOM) {
		ck_assert_msg(!strncmp(old->key, "seccomp", 7),
			      "%s: nobody has decided on it", old->key);
		return;
	}
	/* An object without a place of its own has the members of ours. */
	if (old->type == FIELD_OBJECT && old->offset == 0) {
		for (const struct field *r = old->rows; r->key; r++) {
			row = rows;
			while (row->key && (row->offset != r->offset ||
					    (row->flags & FIELD_READ_ONLY)))
				row++;
			ck_assert_msg(row->key, "%s.%s: no row", old->key,
				      r->key);
		}
		return;
	}
	while (row->key &&
	       (row->offset != old->offset || (row->flags & FIELD_READ_ONLY)))
		row++;
	ck_assert_msg(row->key, "%s: no row that is written", old->key);
}

/* Has each rule a row that shows it: a refusal for one with a check? */
static void check_example(const char *path, bool checked)
{
	bool shown = false;

	for (int i = 0; i < EXAMPLES; i++)
		shown |= !strcmp(examples[i].path, path) &&
			 (!checked || examples[i].refusal);
	ck_assert_msg(shown, "%s: no example that %s", path,
		      checked ? "is refused" : "shows it");
}

static void check_table(const struct field *rows,
			const struct found_rule *rules, const char *path)
{
	for (const struct field *row = rows; row->key; row++) {
		const struct found_rule *rule = rule_of(rules, row->key);
		char *at =
			xasprintf("%s%s%s", path, *path ? "." : "", row->key);
		char *below = xasprintf("%s%s", at,
					row->type == FIELD_OBJECTS ? "[]" : "");

		if (row->flags & FIELD_READ_ONLY) {
			check_spelling(rows, row);
			ck_assert_msg(!rule, "%s is not written", at);
		} else {
			ck_assert_msg(rule, "%s: nobody has decided on it", at);
			ck_assert(!rule->check || rule->why || rule->rules);
			if (rule->rules)
				check_table(row->rows, rule->rules, below);
			else
				check_example(at, rule->check);
		}
		free(below);
		free(at);
	}
	for (const struct found_rule *rule = rules; rule->key; rule++)
		ck_assert_msg(row_of(rows, rule->key), "%s.%s is no key", path,
			      rule->key);
}

START_TEST(test_every_key_is_decided)
{
	check_table(config_rows, found_rules, "");
}
END_TEST

/* A key that has no rule may hold what the template holds, and no more. */
START_TEST(test_an_undecided_key_is_refused)
{
	static const struct found_rule none[] = { { .key = NULL } };
	struct config *most = template(), *config = template();
	struct error err;

	ck_assert_int_eq(
		found_check_members(config_rows, none, config, most, "", &err),
		0);
	config->tty = true;
	ck_assert_int_eq(
		found_check_members(config_rows, none, config, most, "", &err),
		-1);
	ck_assert_str_eq(err.message, "tty: it is a key that only a file with "
				      "a name may have");
	config_free(config);
	config_free(most);
}
END_TEST

/* --- whole files ----------------------------------------------------------*/

/* What the caller may not have, he cannot be given more of by asking. */
START_TEST(test_the_template_is_allowed)
{
	struct config *most = template(), *config;
	struct error err;
	char *text = config_print(most);

	ck_assert_int_eq(config_load(text, strlen(text), &config, &err), 0);
	ck_assert_int_eq(config_check_found(config, most, &err), 0);
	config_free(config);
	free(text);

	/* That of an ordinary user: a user namespace, and no device rules. */
	config_set_namespace(most, CLONE_NEWUSER, NULL);
	most->uid_mappings = xcalloc(1, sizeof(*most->uid_mappings));
	most->uid_mappings[0] = (struct id_map){ .host_id = 1000, .size = 1 };
	most->uid_mappings_len = 1;
	most->cgroups.allow_all_devices = true;
	text = config_print(most);
	ck_assert_int_eq(config_load(text, strlen(text), &config, &err), 0);
	ck_assert_int_eq(config_check_found(config, most, &err), 0);
	config->uid_mappings[0].host_id = 0;
	ck_assert_int_eq(config_check_found(config, most, &err), -1);
	ck_assert_str_eq(err.message,
			 "uid_mappings: it chooses users of the host");
	config_free(config);
	config_free(most);
	free(text);
}
END_TEST

/* What 2014 and early 2015 did without saying it counts as well. */
START_TEST(test_eras_are_judged_by_what_they_mean)
{
	static const char *const rows[][2] = {
		{ "{\"namespaces\":{\"NEWNS\":true,\"NEWUTS\":true,"
		  "\"NEWIPC\":true,\"NEWPID\":true,\"NEWNET\":true}}",
		  "mounts[1].flags: it may do more than the template's" },
		{ "{\"namespaces\":{\"NEWNS\":true,\"NEWPID\":true},"
		  "\"restrict_sys\":true}",
		  "namespaces: without NEWUTS it shares the host's" },
		{ "{\"namespaces\":[{\"type\":\"NEWNS\"},{\"type\":\"NEWPID\"},"
		  "{\"type\":\"NEWUTS\"},{\"type\":\"NEWIPC\"},"
		  "{\"type\":\"NEWNET\"}]}",
		  "mask_paths: it does not hide /proc/kcore" },
		{ "{\"namespaces\":[],\"ipc\":\"/proc/1/ns/ipc\"}",
		  "namespaces: without NEWNS it shares the host's" },
		{ "{\"mounts\":[{\"type\":\"bind\",\"source\":\"/\","
		  "\"destination\":\"/x\"}]}",
		  "mounts[0]: it is no mount of the template's: bind of / on "
		  "/x" },
	};
	struct config *most = template(), *config;
	struct error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = rows[i][0];

		ck_assert_int_eq(config_load(text, strlen(text), &config, &err),
				 0);
		ck_assert_int_eq(config_check_found(config, most, &err), -1);
		ck_assert_str_eq(err.message, rows[i][1]);
		config_free(config);
	}
	config_free(most);
}
END_TEST

Suite *check_found_suite(void)
{
	Suite *suite = suite_create("found");
	TCase *tcase = tcase_create("a config that nobody named");

	tcase_add_test(tcase, test_examples);
	tcase_add_test(tcase, test_every_key_is_decided);
	tcase_add_test(tcase, test_an_undecided_key_is_refused);
	tcase_add_test(tcase, test_the_template_is_allowed);
	tcase_add_test(tcase, test_eras_are_judged_by_what_they_mean);
	suite_add_tcase(suite, tcase);
	return suite;
}
