#!/bin/bash
# doctor.sh  what this machine has, and what to do about what it lacks
#
# Looks and tries, changes nothing, works for an ordinary user; always exits 0.
set -uo pipefail
PATH=$PATH:/usr/sbin:/sbin

say() { # WHAT FINDING [ADVICE]
	printf '%-18s %s\n' "$1" "$2"
	[[ -z ${3-} ]] || printf '%-18s   -> %s\n' '' "$3"
}

# tool NAME PACKAGE WHAT-FOR
tool() {
	if command -v "$1" >/dev/null; then
		say "$1" "yes, $(command -v "$1")"
	else
		say "$1" "no" "apt-get install $2: $3"
	fi
}

say kernel "$(uname -srm)"
if [[ $EUID -eq 0 ]]; then
	say root "yes"
else
	say root "no, uid $EUID" "make shell works where there are user \
namespaces, without a veth and without cgroups that were not delegated"
fi
if [[ $EUID -eq 0 ]]; then
	if unshare -m -p -u -i -n --fork true 2>/dev/null; then
		say namespaces "mount pid uts ipc net: yes"
	else
		say namespaces "refused: this root lacks CAP_SYS_ADMIN" \
			"run in a virtual machine, or a container started with \
more privileges"
	fi
fi

if unshare -U true 2>/dev/null; then
	say "user namespaces" "yes"
else
	reason="see max_user_namespaces in /proc/sys/user"
	knob=/proc/sys/kernel/unprivileged_userns_clone
	[[ ! -e $knob || $(<"$knob") == 1 ]] || reason="echo 1 >$knob"
	knob=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
	[[ ! -e $knob || $(<"$knob") == 0 ]] || reason="echo 0 >$knob"
	say "user namespaces" "no" "as root: $reason"
fi

root=/sys/fs/cgroup
v1=$(awk '/ - cgroup / { n = split($NF, o, ","); for (i = 1; i <= n; i++)
	if (o[i] !~ /^(rw|ro)$/) printf " %s", o[i] }' /proc/self/mountinfo)
v2=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
if [[ $(stat -fc %T $root 2>/dev/null) == cgroup2fs ]]; then
	say cgroups "v2, controllers: $(<$root/cgroup.controllers)"
elif [[ $v1 ]]; then
	say cgroups "$([[ $v2 ]] && echo hybrid || echo v1), controllers:$v1"
	[[ ! $v2 ]] || say "" "v2 at $v2: $(cat "$v2/cgroup.controllers")"
	say "" "pure v2 can be tried with: make test-vm"
else
	say cgroups "none mounted: containers run without limits" \
		"mount -t cgroup2 cgroup2 $root"
fi
if [[ $EUID -eq 0 || -w $root/cgroup.procs ]]; then
	if [[ $v1 && -w $root/memory ]] || [[ -w $root ]]; then
		say "cgroup writing" "yes"
	else
		say "cgroup writing" "no: $root is read-only here" \
			"mount -o remount,rw $root"
	fi
fi

for fs in overlay tmpfs devpts mqueue; do
	if grep -qw "$fs" /proc/filesystems; then say "$fs" "yes"
	else say "$fs" "not loaded" "as root: modprobe $fs"; fi
done

if ! (: <>/dev/ptmx) 2>/dev/null; then
	say "" "but no terminal can be made by this user (/dev/ptmx)" \
		"--break N=host needs none; as root: chmod 666 /dev/pts/ptmx"
fi

lsm=/sys/kernel/security/lsm
if [[ -e /sys/module/apparmor/parameters/enabled &&
	$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) == Y ]]; then
	say apparmor "yes"
else
	say apparmor "no$([[ ! -r $lsm ]] || echo " ($(<$lsm))")" \
		"profiles cannot be tried here; make test-vm has a kernel with it"
fi

scope=$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)
case $scope in
0) say ptrace "yes" ;;
1) say ptrace "own children only, which is what gdb and strace here need" ;;
2) say ptrace "root only" "sudo, or: sysctl kernel.yama.ptrace_scope=1" ;;
*) say ptrace "no, until the next boot (kernel.yama.ptrace_scope=$scope)" ;;
esac
if [[ $scope -lt 2 ]] && command -v gdb >/dev/null &&
	[[ $(SHELL=/bin/sh gdb -nx -q -batch -ex run --args /bin/true \
		</dev/null 2>&1) != *'exited normally]'* ]]; then
	say "" "but gdb may trace nothing here" "make gdb says why: a filter of \
system calls (in a container), or somebody traces this shell"
fi

tool gcc gcc "to build"
tool busybox busybox-static "make shell's root filesystem"
tool gdb gdb "to stop at each of the twelve steps"
tool newuidmap uidmap "more than one id in an ordinary user's container"
tool strace strace "to watch their system calls; a test needs it"
tool ip iproute2 "to see network devices; tests need it"
tool pandoc pandoc "to make the book; make book installs it"
tool qemu-system-x86_64 qemu-system-x86 "make test-vm"
if [[ -w /dev/kvm ]]; then say kvm "yes"
else say kvm "no: make test-vm emulates, and is slow"; fi
exit 0
