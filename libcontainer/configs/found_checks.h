/*
 * found_checks.h  [both]  the checks that the tables of found_rules.c name
 *
 * Each is a found_rule's check: 0, or -1 with the path in *err. What each
 * allows:
 *
 *	found_no_more		nothing, or what most has
 *	found_members		a struct in the struct: its own rows decide
 *	found_each		structs, each by its own rows, from nothing
 *	found_part_of_most	strings, each of which most has, too
 *	found_all_of_most	paths, among which are all that most has
 *	found_not_shared	rootPropagation: / is not shared
 *	found_namespaces	the template's, new, and no others
 *	found_loopback		the type of a network
 *	found_own_limit		an rlimit that the caller may set himself
 *	found_sysctls		parameters of a namespace of its own
 *	found_devices		nodes of the template
 *	found_device_rules	no more than the template's rules allow
 *	found_usual_shares	no more of the cpu than who asks for nothing
 *	found_mounts		a tmpfs anywhere, the template's in their places
 *	found_mount_...		a member of one of them (found_mounts.c)
 */
#ifndef LIBCONTAINER_CONFIGS_FOUND_CHECKS_H
#define LIBCONTAINER_CONFIGS_FOUND_CHECKS_H

#include "libcontainer/configs/found_rules.h"

typedef int found_check(const struct found_rule *rule,
			const struct found_member *member, struct error *err);

found_check found_no_more, found_members, found_each, found_part_of_most,
	found_all_of_most, found_not_shared, found_namespaces, found_loopback,
	found_own_limit, found_sysctls, found_devices, found_device_rules,
	found_usual_shares, found_mounts, found_mount_data, found_mount_flags,
	found_mount_propagation;

#endif
