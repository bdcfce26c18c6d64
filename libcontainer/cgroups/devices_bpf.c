/*
 * devices_bpf.c  [outside]  v2 has no devices.allow: a BPF program instead
 *
 * Whenever a process in the cgroup opens or makes a device node, the kernel
 * runs the programs attached to the cgroup and to those above it; the access
 * happens when all return 1. The program gets struct bpf_cgroup_dev_ctx: type
 * and access in one word, major, minor. Ours is the rules unrolled, and keeps
 *
 *	R2 type   R3 access not yet allowed   R4 major   R5 minor
 *
 * The word goes like v1's three writes: forbid all (or allow all), allow
 * allowed_devices, deny denied_devices, the later wins. Hence the program
 * looks from the end: a denied device with any bit of the access returns 0;
 * then each matching allowed device takes its bits off R3, and 0 left returns
 * 1 (two rules "r" and "w" together allow to open "rw", as on v1).
 *
 * Source: Documentation/bpf/prog_cgroup_*, bpf(2), include/uapi/linux/bpf.h.
 */
#include "libcontainer/cgroups/devices_bpf.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { REPLACED_MAX = 64 };

struct program {
	struct bpf_insn *insns;
	size_t len;
};

static void emit(struct program *p, int code, unsigned int dst,
		 unsigned int src, int off, int32_t imm)
{
	p->insns = xreallocarray(p->insns, p->len + 1, sizeof(*p->insns));
	p->insns[p->len++] = (struct bpf_insn){
		.code = (__u8)code,
		.dst_reg = dst & 0xf,
		.src_reg = src & 0xf,
		.off = (__s16)off,
		.imm = imm,
	};
}

static void emit_load(struct program *p, unsigned int dst, size_t offset)
{
	emit(p, BPF_LDX | BPF_MEM | BPF_W, dst, BPF_REG_1, (int)offset, 0);
}

static void emit_return(struct program *p, int value)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, value);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int access_bits(const char *permissions)
{
	int bits = 0;

	for (; permissions && *permissions; permissions++) {
		if (*permissions == 'r')
			bits |= BPF_DEVCG_ACC_READ;
		else if (*permissions == 'w')
			bits |= BPF_DEVCG_ACC_WRITE;
		else if (*permissions == 'm')
			bits |= BPF_DEVCG_ACC_MKNOD;
	}
	return bits;
}

/* One rule: jumps over itself when the device is another one. */
static void emit_rule(struct program *p, const struct device *device,
		      bool allow)
{
	int type =
		device->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
	int bits = access_bits(device->permissions);
	size_t jumps[4], jumps_len = 0;

	/* a fifo, or no permissions: nothing that devices cgroups know */
	if (!device->type || !strchr("abc", device->type) || !bits)
		return;
	if (device->type != 'a') {
		jumps[jumps_len++] = p->len;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_2, 0, 0, type);
	}
	if (device->major >= 0) {
		jumps[jumps_len++] = p->len;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_4, 0, 0,
		     (int32_t)device->major);
	}
	if (device->minor >= 0) {
		jumps[jumps_len++] = p->len;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_5, 0, 0,
		     (int32_t)device->minor);
	}
	jumps[jumps_len++] = p->len + 1 + !allow;
	if (allow) {
		emit(p, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_3, 0, 0, ~bits);
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_3, 0, 0, 0);
	} else {
		emit(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_0, BPF_REG_3, 0,
		     0);
		emit(p, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_0, 0, 0, bits);
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 0, 0);
	}
	emit_return(p, allow);
	for (size_t i = 0; i < jumps_len; i++)
		p->insns[jumps[i]].off = (__s16)(p->len - jumps[i] - 1);
}

struct bpf_insn *devices_bpf_compile(const struct cgroup *cgroup, size_t *len)
{
	struct program p = { NULL, 0 };

	emit_load(&p, BPF_REG_2,
		  offsetof(struct bpf_cgroup_dev_ctx, access_type));
	emit_load(&p, BPF_REG_4, offsetof(struct bpf_cgroup_dev_ctx, major));
	emit_load(&p, BPF_REG_5, offsetof(struct bpf_cgroup_dev_ctx, minor));
	/* access_type is access << 16 | type */
	emit(&p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0);
	emit(&p, BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_3, 0, 0, 16);
	emit(&p, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff);
	for (size_t i = 0; i < cgroup->denied_devices_len; i++)
		emit_rule(&p, &cgroup->denied_devices[i], false);
	for (size_t i = 0;
	     !cgroup->allow_all_devices && i < cgroup->allowed_devices_len; i++)
		emit_rule(&p, &cgroup->allowed_devices[i], true);
	emit_return(&p, cgroup->allow_all_devices);
	*len = p.len;
	return p.insns;
}

static int sys_bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load(const struct bpf_insn *insns, size_t len)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)insns,
		.insn_cnt = (__u32)len,
		.license = (uintptr_t) "none", /* it calls no helpers */
	};

	return sys_bpf(BPF_PROG_LOAD, &attr);
}

static int attach(int cgroup_fd, int program_fd)
{
	union bpf_attr attr = {
		.target_fd = (__u32)cgroup_fd,
		.attach_bpf_fd = (__u32)program_fd,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	return sys_bpf(BPF_PROG_ATTACH, &attr);
}

/* The ids of the programs attached to this very cgroup; how many, or -1. */
static int query(int cgroup_fd, __u32 *ids)
{
	union bpf_attr attr = {
		.query =
			{
				.target_fd = (__u32)cgroup_fd,
				.attach_type = BPF_CGROUP_DEVICE,
				.prog_ids = (uintptr_t)ids,
				.prog_cnt = REPLACED_MAX,
			},
	};

	return sys_bpf(BPF_PROG_QUERY, &attr) < 0 ? -1
						  : (int)attr.query.prog_cnt;
}

static int detach(int cgroup_fd, __u32 id)
{
	union bpf_attr by_id = { .prog_id = id };
	cleanup_close int fd = sys_bpf(BPF_PROG_GET_FD_BY_ID, &by_id);
	union bpf_attr attr = {
		.target_fd = (__u32)cgroup_fd,
		.attach_bpf_fd = (__u32)fd,
		.attach_type = BPF_CGROUP_DEVICE,
	};

	return fd < 0 ? -1 : sys_bpf(BPF_PROG_DETACH, &attr);
}

int devices_bpf_attach(const char *directory, const struct cgroup *cgroup,
		       struct error *err)
{
	bool allows_all =
		cgroup->allow_all_devices && cgroup->denied_devices_len == 0;
	cleanup_free struct bpf_insn *insns = NULL;
	cleanup_close int cgroup_fd = -1, program_fd = -1;
	__u32 old[REPLACED_MAX];
	size_t len;
	int count;

	cgroup_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_fd < 0)
		return error_errno(err, "open %s", directory);
	count = query(cgroup_fd, old);
	/* first the new rules, then away with the old: never none */
	if (!allows_all) {
		insns = devices_bpf_compile(cgroup, &len);
		program_fd = load(insns, len);
		if (program_fd < 0)
			return error_errno(err, "load a BPF program");
		if (attach(cgroup_fd, program_fd) < 0)
			return error_errno(err, "attach a BPF program to %s",
					   directory);
	}
	for (int i = 0; i < count; i++) {
		if (detach(cgroup_fd, old[i]) < 0)
			return error_errno(err, "detach a BPF program from %s",
					   directory);
	}
	return 0;
}
