/*
 * capabilities.c  [inside]  the five capability sets
 *
 * The power of root is divided into some forty capabilities, and a process has
 * five sets of them: effective is what it may do now, permitted what it may
 * make effective, inheritable and ambient what an execve can keep, bounding
 * what an execve can ever add. A program that is executed as uid 0 gets all of
 * inheritable and bounding, so for a container's root the bounding set is what
 * counts; another user keeps only ambient. Inheritable is exactly what was
 * asked, for one left too full lets files give power away (CVE-2022-29162).
 *
 * Ambient comes last: the kernel allows in it only what is both permitted and
 * inheritable. Source: capabilities(7), libcap's cap_get_proc(3).
 */
#include "dockerinit/capabilities.h"

#include "libcontainer/configs/names.h"

#include <errno.h>
#include <sys/capability.h>

/* Does this kernel have it? Only EINVAL says no. Returns 1, 0, or -1 with
 * *err, for then whatever was dropped might not be all. */
static int is_known(int cap, struct error *err)
{
	if (cap_get_bound((cap_value_t)cap) >= 0)
		return 1;
	if (errno == EINVAL)
		return 0;
	return error_errno(err, "look for capability %d in the bounding set",
			   cap);
}

/* The number of a name from the config; -1 and *err for one that this kernel
 * does not have. */
static int number(const char *name, struct error *err)
{
	int cap = capability_number(name), known;

	if (cap < 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: no such capability", name);
	known = is_known(cap, err);
	if (known == 0)
		return error_set(err, ERROR_SYSTEM,
				 "%s: this kernel does not have it", name);
	return known < 0 ? -1 : cap;
}

static bool contains(char *const *names, int cap)
{
	for (; names && *names; names++)
		if (capability_number(*names) == cap)
			return true;
	return false;
}

int capabilities_drop_bounding(const struct capabilities *wanted,
			       struct error *err)
{
	int known;

	for (char *const *name = wanted->bounding; name && *name; name++)
		if (number(*name, err) < 0)
			return -1;
	for (int cap = 0; (known = is_known(cap, err)) > 0; cap++) {
		if (contains(wanted->bounding, cap))
			continue;
		if (cap_drop_bound((cap_value_t)cap) < 0)
			return error_errno(err,
					   "drop capability %d from the "
					   "bounding set",
					   cap);
	}
	return known;
}

static int fill(cap_t sets, cap_flag_t flag, char *const *names,
		struct error *err)
{
	for (; names && *names; names++) {
		cap_value_t cap = number(*names, err);

		if (cap < 0)
			return -1;
		if (cap_set_flag(sets, flag, 1, &cap, CAP_SET) < 0)
			return error_errno(err, "capability %s", *names);
	}
	return 0;
}

/* EPERM alone would not say which. */
static int explain(const struct capabilities *wanted, struct error *err)
{
	cap_t now = cap_get_proc();
	int saved = errno;

	for (char *const *name = wanted->permitted; now && name && *name;
	     name++) {
		cap_flag_value_t have = CAP_CLEAR;

		cap_get_flag(now, capability_number(*name), CAP_PERMITTED,
			     &have);
		if (have == CAP_SET)
			continue;
		cap_free(now);
		errno = saved;
		return error_errno(err,
				   "set capability %s, which we do not "
				   "have ourselves",
				   *name);
	}
	cap_free(now);
	errno = saved;
	return error_errno(err, "set the capabilities");
}

static int set_ambient(char *const *names, struct error *err)
{
	if (cap_reset_ambient() < 0)
		return error_errno(err, "clear the ambient capabilities");
	for (; names && *names; names++) {
		int cap = number(*names, err);

		if (cap < 0)
			return -1;
		if (cap_set_ambient((cap_value_t)cap, CAP_SET) < 0)
			return error_errno(err, "set ambient capability %s",
					   *names);
	}
	return 0;
}

int capabilities_set(const struct capabilities *wanted, struct error *err)
{
	cap_t sets = cap_init();
	int result = -1;

	if (!sets)
		return error_errno(err, "capabilities");
	if (fill(sets, CAP_EFFECTIVE, wanted->effective, err) < 0 ||
	    fill(sets, CAP_PERMITTED, wanted->permitted, err) < 0 ||
	    fill(sets, CAP_INHERITABLE, wanted->inheritable, err) < 0)
		goto out;
	if (cap_set_proc(sets) < 0) {
		explain(wanted, err);
		goto out;
	}
	result = set_ambient(wanted->ambient, err);
out:
	cap_free(sets);
	return result;
}
