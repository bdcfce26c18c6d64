/* check.h  [both]  the unit suites: each tests/check_*.c exports one */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <check.h>

/* In the order of the files' names; the Makefile lists them for main.c. */
Suite *check_cgroup_stats_suite(void);
Suite *check_cgroup_hybrid_suite(void);
Suite *check_cgroup_v2_suite(void);
Suite *check_copy_up_suite(void);
Suite *check_cgroups_suite(void);
Suite *check_commands_suite(void);
Suite *check_config_bad_suite(void);
Suite *check_config_suite(void);
Suite *check_factory_suite(void);
Suite *check_fields_suite(void);
Suite *check_found_suite(void);
Suite *check_idmap_suite(void);
Suite *check_json_suite(void);
Suite *check_names_suite(void);
Suite *check_native_suite(void);
Suite *check_netlink_route_suite(void);
Suite *check_netlink_suite(void);
Suite *check_reexec_suite(void);
Suite *check_page_suite(void);
Suite *check_rootfs_suite(void);
Suite *check_steps_suite(void);
Suite *check_syncpipe_suite(void);
Suite *check_system_suite(void);
Suite *check_trace_show_suite(void);
Suite *check_trace_socket_suite(void);
Suite *check_trace_suite(void);
Suite *check_unhonoured_suite(void);
Suite *check_user_suite(void);
Suite *check_validate_namespaces_suite(void);
Suite *check_validate_network_suite(void);
Suite *check_validate_parts_suite(void);
Suite *check_validate_suite(void);

#endif
