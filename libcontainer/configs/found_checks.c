/* found_checks.c  [both]  the checks that the tables of found_rules.c name */
#include "libcontainer/configs/found_checks.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/configs/validate.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <assert.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>

enum { USUAL_SHARES = 1024 /* cpu.shares where nobody asks for more */ };

static const void *value(const struct found_member *m, const void *object)
{
	return (const char *)object + m->row->offset;
}

static bool is_same(const struct found_member *m)
{
	const struct field rows[] = { *m->row, FIELD_END };
	cleanup_free char *asked = fields_encode(rows, m->object, false);
	cleanup_free char *most = fields_encode(rows, m->most, false);

	return strcmp(asked, most) == 0;
}

int found_no_more(const struct found_rule *rule,
		  const struct found_member *member, struct error *err)
{
	if (field_is_empty(member->row, member->object) || is_same(member))
		return 0;
	return found_refuse(rule, member, err);
}

/* A struct in the struct: its own rows decide. */
int found_members(const struct found_rule *rule, const struct found_member *m,
		  struct error *err)
{
	return found_check_members(m->row->rows, rule->rules,
				   value(m, m->object), value(m, m->most),
				   m->path, err);
}

/* A list of structs: what each may ask for at most is nothing, where its own
 * rows have a check. */
int found_each(const struct found_rule *rule, const struct found_member *m,
	       struct error *err)
{
	static const max_align_t nothing[64];
	const size_t *len =
		(const void *)((const char *)m->object + m->row->len_offset);
	const char *const *list = value(m, m->object);

	assert(m->row->size <= sizeof(nothing));
	for (size_t i = 0; i < *len; i++) {
		cleanup_free char *path = xasprintf("%s[%zu]", m->path, i);

		if (found_check_members(m->row->rows, rule->rules,
					*list + i * m->row->size, nothing, path,
					err) < 0)
			return -1;
	}
	return 0;
}

/* --- lists of strings -----------------------------------------------------*/

static bool contains(char *const *list, const char *word)
{
	for (; list && *list; list++) {
		cleanup_free char *plain = path_plain(*list);

		if (strcmp(*list, word) == 0 || strcmp(plain, word) == 0)
			return true;
	}
	return false;
}

/* Each of part is in whole, or it is named in *err. */
static int check_part(char *const *part, char *const *whole,
		      const struct found_rule *rule,
		      const struct found_member *m, struct error *err)
{
	for (; part && *part; part++)
		if (!contains(whole, *part))
			return invalid(err, "%s: it %s %s", m->path, rule->why,
				       *part);
	return 0;
}

int found_part_of_most(const struct found_rule *rule,
		       const struct found_member *m, struct error *err)
{
	char **const *asked = value(m, m->object);
	char **const *most = value(m, m->most);

	return check_part(*asked, *most, rule, m, err);
}

int found_all_of_most(const struct found_rule *rule,
		      const struct found_member *m, struct error *err)
{
	char **const *asked = value(m, m->object);
	char **const *most = value(m, m->most);

	return check_part(*most, *asked, rule, m, err);
}

/* --- members of a config --------------------------------------------------*/

int found_not_shared(const struct found_rule *rule,
		     const struct found_member *m, struct error *err)
{
	const struct config *config = m->object;

	if (config->root_propagation & MS_SHARED)
		return found_refuse(rule, m, err);
	return 0;
}

/* All that the template makes are made. A user namespace is made where the
 * caller cannot do without. */
int found_namespaces(const struct found_rule *rule,
		     const struct found_member *m, struct error *err)
{
	const struct config *config = m->object, *most = m->most;

	for (size_t i = 0; i < config->namespaces_len; i++) {
		int type = config->namespaces[i].type;

		if (type != CLONE_NEWCGROUP && !config_namespace(most, type))
			return invalid(err, "%s[%zu]: it %s %s", m->path, i,
				       rule->why,
				       number_to_name(namespace_names, type));
	}
	for (size_t i = 0; i < most->namespaces_len; i++) {
		int type = most->namespaces[i].type;

		if (type != CLONE_NEWUSER && !config_namespace(config, type))
			return invalid(
				err, "%s: without %s it shares the host's",
				m->path, number_to_name(namespace_names, type));
	}
	return found_each(rule, m, err);
}

int found_loopback(const struct found_rule *rule, const struct found_member *m,
		   struct error *err)
{
	const struct network *network = m->object;

	if (!network->type || strcmp(network->type, "loopback") != 0)
		return found_refuse(rule, m, err);
	return 0;
}

/* What the caller may have himself. */
int found_own_limit(const struct found_rule *rule, const struct found_member *m,
		    struct error *err)
{
	const struct rlimit_entry *entry = m->object;
	const uint64_t *asked = value(m, entry);
	struct rlimit own;

	if (getrlimit((__rlimit_resource_t)entry->type, &own) < 0)
		return error_errno(err, "%s: ask for limit %d", m->path,
				   entry->type);
	if (*asked > own.rlim_max)
		return invalid(err, "%s: it %s, %llu", m->path, rule->why,
			       (unsigned long long)own.rlim_max);
	return 0;
}

/* Those of a namespace of its own, and none that lets the kernel keep more
 * memory for it, or that older kernels have once for all. */
int found_sysctls(const struct found_rule *rule, const struct found_member *m,
		  struct error *err)
{
	static const char *const safe[] = {
		"kernel.domainname",
		"kernel.shm_rmid_forced",
		"net.ipv4.ip_local_port_range",
		"net.ipv4.ip_unprivileged_port_start",
		"net.ipv4.ping_group_range",
		"net.ipv4.tcp_syncookies",
	};
	const struct config *config = m->object;

	for (size_t i = 0; i < config->system_properties_len; i++) {
		const char *key = config->system_properties[i].key;
		bool is_safe = false;

		for (size_t j = 0; j < sizeof(safe) / sizeof(*safe); j++)
			is_safe |= strcmp(safe[j], key) == 0;
		if (!is_safe)
			return invalid(err, "%s.%s: it %s", m->path, key,
				       rule->why);
	}
	return 0;
}

/* --- devices --------------------------------------------------------------*/

static bool is_node(const struct device *d, const struct device *node)
{
	return d->path && strcmp(d->path, node->path) == 0 &&
	       d->type == node->type && d->major == node->major &&
	       d->minor == node->minor;
}

/* Does the rule allow all that d asks for? */
static bool covers(const struct device *rule, const struct device *d)
{
	const char *asked = d->permissions ? d->permissions : "";

	return d->type == rule->type &&
	       (rule->major == -1 || d->major == rule->major) &&
	       (rule->minor == -1 || d->minor == rule->minor) &&
	       strspn(asked, rule->permissions) == strlen(asked);
}

int found_devices(const struct found_rule *rule, const struct found_member *m,
		  struct error *err)
{
	const struct config *config = m->object, *most = m->most;

	for (size_t i = 0; i < config->devices_len; i++) {
		const struct device *d = &config->devices[i];
		const struct device *node = most->devices, *end;
		cleanup_free char *path = xasprintf("%s[%zu]", m->path, i);

		end = node + most->devices_len;
		while (node < end && !is_node(d, node))
			node++;
		if (node == end)
			return invalid(err, "%s: it %s: %s", path, rule->why,
				       d->path ? d->path : "?");
		if (found_check_members(device_rows, rule->rules, d, node, path,
					err) < 0)
			return -1;
	}
	return 0;
}

/* Who may write no rules has none to keep. */
int found_device_rules(const struct found_rule *rule,
		       const struct found_member *m, struct error *err)
{
	const struct cgroup *cgroup = m->object, *most = m->most;

	for (size_t i = 0;
	     !most->allow_all_devices && i < cgroup->allowed_devices_len; i++) {
		const struct device *d = &cgroup->allowed_devices[i];
		const struct device *r = most->allowed_devices, *end;
		cleanup_free char *path = xasprintf("%s[%zu]", m->path, i);

		end = r + most->allowed_devices_len;
		while (r < end && !covers(r, d))
			r++;
		if (r == end)
			return invalid(err, "%s: it %s", path, rule->why);
		if (found_check_members(device_rows, rule->rules, d, r, path,
					err) < 0)
			return -1;
	}
	return 0;
}

int found_usual_shares(const struct found_rule *rule,
		       const struct found_member *m, struct error *err)
{
	const struct cgroup *cgroup = m->object;

	return cgroup->cpu_shares > USUAL_SHARES ? found_refuse(rule, m, err)
						 : 0;
}
