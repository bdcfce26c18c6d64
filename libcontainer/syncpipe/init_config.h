/*
 * init_config.h  [both]  the cargo of the pipe (P5)
 *
 * The chapter: "merge the container's configuration and the Process's
 * entrypoint into one configuration". It crosses the pipe once, as the CONFIG
 * message, and steps 3 to 12 apply it.
 */
#ifndef LIBCONTAINER_SYNCPIPE_INIT_CONFIG_H
#define LIBCONTAINER_SYNCPIPE_INIT_CONFIG_H

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/fields.h"

/* A namespace that step 4 joins: the outside opened it, the child inherits
 * the descriptor over its exec. */
struct joined_namespace {
	int type; /* a CLONE_NEW flag */
	int fd;
};

/* What the outside made for the network at the same place of the config. */
struct network_state {
	char *temp_veth_peer_name; /* until step 5 gives it its own; NULL:
				    * nothing was made                   */
};

/* A directory of the container's own in a cgroup hierarchy, by the host's
 * path: what step 8 shows of it. */
struct own_cgroup {
	char *controllers; /* "memory", "cpu,cpuacct", "name=systemd"; v2 "" */
	char *path;
};

struct init_config {
	struct config *config;
	char **args;		  /* step 12                              */
	char **env;		  /* step 3                               */
	char *user;		  /* step 10; NULL or "" is root          */
	char *cwd;		  /* step 10; NULL or "" is /             */
	char **additional_groups; /* step 10; beside the config's own    */
	struct capabilities *capabilities; /* step 10; NULL: the config's */
	bool no_new_privileges; /* step 10; ORed with the config's      */
	bool tty;		/* step 9: make a console, send it out  */
	bool hidden;		/* step 4: not to be traced by others   */
	uint16_t console_rows, console_columns; /* 0: the kernel's own   */
	int passed_fds; /* step 12 keeps 3 .. 3 + passed_fds - 1 */
	int rootfs_fd;	/* step 7: the folder that F1 checked; -1 none  */
	struct joined_namespace *join; /* step 4                         */
	size_t join_len;
	struct network_state *networks; /* step 5; none in a joining process */
	size_t networks_len;
	struct own_cgroup *own_cgroups; /* step 8, the device "cgroup"   */
	size_t own_cgroups_len;
};

/* The rows, for the codec; see fields.h. */
extern const struct field init_config_rows[];

/* init_config_free - release all it owns and the struct; NULL is allowed. */
void init_config_free(struct init_config *init_config);

#endif
