/*
 * native.h  [outside]  the driver that uses libcontainer
 *
 * "Native": the kernel's own features, called directly, where the other
 * driver of Docker 1.x called the lxc programs.
 */
#ifndef EXECDRIVER_NATIVE_NATIVE_H
#define EXECDRIVER_NATIVE_NATIVE_H

#include "execdriver/driver.h"
#include "libcontainer/configs/config.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"

struct native_driver {
	struct driver driver; /* first: the methods */
	struct factory factory;
};

/* native_driver_init - root: where the containers' state lives; it must
 * outlive the driver, which owns nothing else. warn is told what is no error
 * and yet to be known, one line each. */
void native_driver_init(struct native_driver *native, const char *root,
			void (*warn)(const char *text));

/* native_of - the native driver behind a driver. */
struct native_driver *native_of(struct driver *driver);

/* native_template - Docker 1.8's default container, for any rootfs. The
 * caller's: config_free. */
struct config *native_template(void);

/*
 * native_create_config - what c asks for, over the template. *out is the
 * caller's: config_free. Source: Docker 1.8's createContainer.
 */
int native_create_config(struct native_driver *native, const struct command *c,
			 struct config **out, struct error *err);

/* native_bridge - a veth as network->interface asks for it. */
int native_bridge(struct config *config, const struct command_network *network,
		  struct error *err);

/* native_privilege - everything of the host's that Docker's --privileged
 * gives: capabilities, devices, writable /sys and /proc. */
int native_privilege(struct config *config, struct error *err);

/*
 * native_capabilities - base, with add and without drop; "all" stands for all
 * that we have ourselves. Names are with or without CAP_, in any case. *out is
 * the caller's: strv_free.
 */
int native_capabilities(char *const *base, char *const *add, char *const *drop,
			char ***out, struct error *err);

/* native_host_devices - config's devices are the host's in /dev. */
int native_host_devices(struct config *config, struct error *err);

/* native_exec - driver.h's exec. */
int native_exec(struct driver *d, struct command *c,
		const struct process_config *process_config,
		const struct pipes *pipes,
		const struct start_callback *callback, int *exit_code,
		struct error *err);

#endif
