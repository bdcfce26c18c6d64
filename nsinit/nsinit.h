/* nsinit.h  [outside]  what the commands of nsinit share */
#ifndef NSINIT_NSINIT_H
#define NSINIT_NSINIT_H

#include "libcontainer/commands.h"
#include "libcontainer/configs/config.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/process.h"
#include "libcontainer/system/error.h"
#include "libcontainer/trace/flags.h"
#include "libcontainer/trace/session.h"

#include <stdbool.h>

/* Which flags a command takes. */
enum {
	NEED_ID = 1,	  /* it is about one container             */
	NEED_CONFIG = 2,  /* it may have to read its config        */
	NEED_CREATE = 4,  /* it may make one: the flags of 2015    */
	NEED_PROCESS = 8, /* it runs a program in it               */
	NEED_WORDS = 16,  /* it has words of its own               */
};

/* The program: the flags before the command. */
struct nsinit {
	const char *root, *log_file;
	bool debug, plain_init;
	void (*note)(const char *text); /* with debug: what is no error */
	struct trace_options trace;
};

/* A command's own flags, and what follows from them. */
struct options {
	struct command_line line;
	const char *id_flag, *config_file, *rootfs, *user, *cwd;
	char **env; /* KEY=VALUE of --env */
	bool tty;

	char *id;	     /* which container                          */
	char *data_dir;	     /* where its container.json would be        */
	bool data_dir_named; /* by $data_path; else it is where we stand */
	char *root;	     /* the state root                           */
	struct factory factory;
	struct trace_options trace;
	struct trace_session *session; /* NULL: nobody watches */
	int signals; /* terminal_catch_signals', of who runs a program; -1 */
};

/*
 * options_read - read a command's line, and find out which container it is
 * about; open its trace, if one is wanted, and catch the signals, if a program
 * is to run: from now on a fatal one undoes what was begun (interrupt.h).
 * Returns 0; 1 when help was printed; -1. Release with options_free, whatever
 * was returned.
 */
int options_read(const struct nsinit *nsinit, const struct subcommand *command,
		 int argc, char **argv, struct options *o, struct error *err);
void options_free(struct options *o);

/* options_end - what a command's run function returns: the trace is closed,
 * all is released. result is 0, 1 (help was printed) or -1 with *err; status
 * is as from waitpid(2). */
int options_end(struct options *o, int result, int status, struct error *err);

/* The flags that change a config; their object is a struct config. */
extern const struct flag create_flags[];

/* Those in veth_flags.c; config is a struct config. */
int set_veth_bridge(void *config, const char *value, struct error *err);
int set_veth_address(void *config, const char *value, struct error *err);
int set_veth_gateway(void *config, const char *value, struct error *err);
int set_veth_mtu(void *config, const char *value, struct error *err);

/*
 * identity_choose - which container: o->id, o->data_dir and o->root from the
 * flags, the folder and the user, and the factory that makes or finds it
 * (which executes dockerinit as "native"). Source: README, "The programs".
 */
int identity_choose(const struct nsinit *nsinit, struct options *o,
		    struct error *err);

/*
 * config_choose - the config that the flags and the folder ask for: --config,
 * else container.json, else the template; with the create flags applied. *out
 * is the caller's: config_free. *is_template (may be NULL): nobody wrote it.
 */
int config_choose(const struct options *o, struct config **out,
		  bool *is_template, struct error *err);

/* absolute_rootfs - --rootfs, else the current folder, as an absolute path
 * without "." and "..". The caller's: free(); NULL and *err. */
char *absolute_rootfs(const struct options *o, struct error *err);

/* create_flag_used - a flag for new containers that was given; or NULL. */
const char *create_flag_used(const struct options *o);

/* error_name_flags - put the flags that *err is about behind its message, for
 * who typed them knows no other name of what is wrong. */
void error_name_flags(struct error *err, const struct command_line *line);

/*
 * config_found - the container.json in o->data_dir. Returns 1 with *out, the
 * caller's: config_free; 0 when there is none; -1. One that others than the
 * caller may have written asks for nothing that reaches the host.
 */
int config_found(const struct options *o, struct config **out,
		 struct error *err);

/*
 * container_find_living - load o->id if it is running or paused. Returns 1
 * with *out, 0 when there is none, and what a dead one left is removed; -1.
 */
int container_find_living(const struct options *o, struct container **out,
			  struct error *err);

/*
 * run_process - start a program in a container, with what the flags say over
 * what its config says, and stay until it ends. *status is as from waitpid(2).
 * *started (may be NULL): the program ran, whatever was returned.
 */
int run_process(const struct options *o, struct container *c, char **args,
		bool *started, int *status, struct error *err);

/* process_environment - --env over the config's environment, or over the
 * default one; the caller's: strv_free. */
char **process_environment(const struct options *o,
			   const struct config *config);

/* The commands. */
int nsinit_exec(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err);
int nsinit_init(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err);
int nsinit_stats(void *nsinit, const struct subcommand *self, int argc,
		 char **argv, struct error *err);
int nsinit_spec(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err);
int nsinit_nsenter(void *nsinit, const struct subcommand *self, int argc,
		   char **argv, struct error *err);
int nsinit_kill(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err);
int nsinit_explain(void *nsinit, const struct subcommand *self, int argc,
		   char **argv, struct error *err);

#endif
