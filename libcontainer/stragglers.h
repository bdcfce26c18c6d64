/* stragglers.h  [outside]  what outlives a container that has no cgroup */
#ifndef LIBCONTAINER_STRAGGLERS_H
#define LIBCONTAINER_STRAGGLERS_H

#include "libcontainer/system/error.h"

/*
 * stragglers_kill - SIGKILL every process whose user namespace is the one that
 * user_ns is a descriptor of; returns when there is none left, or -1 after a
 * deadline of 10 s.
 */
int stragglers_kill(int user_ns, struct error *err);

#endif
