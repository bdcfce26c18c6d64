/* devices_bpf.h  [outside]  v2 has no devices.allow: a BPF program instead */
#ifndef LIBCONTAINER_CGROUPS_DEVICES_BPF_H
#define LIBCONTAINER_CGROUPS_DEVICES_BPF_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

/*
 * devices_bpf_compile - the rules of cgroup as a BPF_PROG_TYPE_CGROUP_DEVICE
 * program of *len instructions, the caller's.
 */
struct bpf_insn *devices_bpf_compile(const struct cgroup *cgroup, size_t *len);

/*
 * devices_bpf_attach - load that program and attach it to the cgroup at
 * directory, in place of those that are attached to it. Returns 0 or -1; errno
 * in err (EPERM: BPF is not permitted here).
 */
int devices_bpf_attach(const char *directory, const struct cgroup *cgroup,
		       struct error *err);

#endif
