/* probe.h  [inside]  what the two halves of the probe share */
#ifndef TESTS_PROBE_H
#define TESTS_PROBE_H

/* outcome - say how an operation ended: "ok", or the name of its errno. */
void outcome(const char *what, const char *object, long result);

/* The acts, in probe_acts.c; args end with NULL. */
void do_read(char **args);
void do_write(char **args);
void do_try(char **args);
void do_forks(char **args);
void do_memory(char **args);
void do_spin(char **args);
void do_say(char **args);
void do_sleep(char **args);
void do_await(char **args);
void do_kill(char **args);
void do_pry(char **args);
void do_grab(char **args);
void do_exit(char **args);
void do_key(char **args);
void do_keep(char **args);
void do_session(char **args);

#endif
