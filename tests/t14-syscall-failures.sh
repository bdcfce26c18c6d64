#!/bin/bash
# t14: whichever system call fails, it ends: with success or with one line
# timeout: 180
#
# strace lets the K-th call of a kind fail, in each process that comes so far.
# A run then succeeds (the call did not matter), or says one line and nothing
# else; it does not hang, and what it made is gone. (make test-inject does it
# with other errors, and compares what runs inside; this is the part of it that
# knows the dynamic linker's calls, and needs strace alone.)
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
needs_program strace
needs_plain_build "the sanitizers' own calls would fail"
cd "$TEST_DIR"
probe_rootfs rootfs
nsinit spec --id x --rootfs rootfs >new.json

# The kinds that act, in both rooms. Not those that clean up (unlinkat, rmdir,
# close): who may not clean leaves something, as must be.
calls=(clone3 execve execveat unshare setns setsid prctl socketpair poll
	signalfd4 recvmsg sendmsg read write lseek openat openat2 newfstatat
	statx readlink readlinkat mkdir mkdirat mknodat symlinkat fchownat fchmodat
	mount mount_setattr open_tree move_mount pivot_root umount2 fchdir
	chdir chroot rename renameat renameat2 flock statfs fstatfs getdents64
	sethostname setrlimit prlimit64 setgroups setresuid setresgid capset
	capget socket bind connect sendto recvfrom getcwd dup2 dup3 fcntl
	close_range faccessat2 wait4 pidfd_open kill bpf)
export ASAN_OPTIONS=detect_leaks=0
strace=(strace -f -qq -o trace --seccomp-bpf)
"${strace[@]}" -e trace=none true 2>/dev/null ||
	strace=(strace -f -qq -o trace) # an older one

# A new container leaves nothing; one who joined leaves the others alone.
clean() {
	if pgrep '^dockerinit' || pgrep -x native; then return 1; fi
	if [[ $init ]]; then
		[[ $(cat "${cgroups[0]}"/nsinit/x/cgroup.procs) == "$init" ]]
	else
		[[ ! -e /run/nsinit/x && ! $(find "${cgroups[@]}" \
			-path '*/nsinit*') ]]
	fi
} >/dev/null 2>&1
init=''

# The program's own status is not lost to an end that fails.
left_over='nsinit: the program has ended, but container x is left '

# The process that failed, and what it failed at.
injected() {
	grep -m 1 INJECTED trace | cut -c 1-160
}

wait_within_a_second() {
	local i
	for ((i = 0; i < 20 * SLOW; i++)); do
		if "$@"; then return 0; fi
		sleep 0.05
	done
	return 1
}

# fails CALL ERRNO K COMMAND...: adds to $bad what is wrong with that run.
fails() {
	local call=$1 errno=$2 k=$3 text='' status=0 err lines
	shift 3
	: >trace
	timeout -s KILL $((8 * SLOW)) "${strace[@]}" -e trace="$call" \
		-e inject="$call:error=$errno:when=$k" -- "$@" \
		>failed.out 2>failed.err || status=$?
	err=$(<failed.err)
	grep -q INJECTED trace || return 1
	tried=$((tried + 1))
	# The dynamic linker speaks for itself, before we do.
	! grep -q 'error while loading shared libraries' failed.err || return 0
	lines=$(grep -c '' failed.err || :)
	if [[ $status -eq 137 ]]; then
		text="it hangs: "
	elif [[ $status -eq 0 ]]; then
		[[ ! $err || $err == "$left_over"* ]] ||
			text="it succeeds, but says: "
	elif grep -q 'write(2, .*INJECTED' trace; then
		: # its very words were refused
	elif [[ $lines -ne 1 || $err != nsinit:\ * ]]; then
		text="status $status, in $lines lines: "
	fi
	if ! clean && ! wait_within_a_second clean; then
		# Who cannot clean up has to say so, and the next one does it.
		# (The K-th call fails in each process: where the start failed
		# inside, the one that failed outside may be its undo's.)
		[[ (-s failed.out || $(grep -c INJECTED trace) -gt 1) && $err ]] ||
			text+="leaves $(echo /run/nsinit/* "${cgroups[0]}"/*)"
		timeout -s KILL 20 nsinit exec --id x --config new.json \
			/probe >again 2>&1 ||
			text+=" and cannot be run again, $(<again): "
		clean || text+=" and the next one leaves it, too: "
	fi
	[[ ! $text ]] ||
		bad+="$call $k: $text$err"$'\n'"   $(injected)"$'\n'
}

# all COMMAND...: how many times each kind is called in a good run, and then
# let each of them fail; of many, some.
all() {
	local errno=$1 most=$2 call k n step
	shift 2
	for call in "${calls[@]}"; do
		"${strace[@]}" -e trace="$call" -- "$@" >/dev/null 2>&1 || :
		n=$(cut -d' ' -f1 trace 2>/dev/null | sort | uniq -c |
			sort -rn | awk 'NR == 1 { print $1 }')
		[[ ${n:-0} -gt 0 ]] || continue
		bad='' tried=0
		step=$(((n + most - 1) / most))
		for ((k = 1; k <= n; k += step)); do
			fails "$call" "$errno" "$k" "$@" || :
		done
		[[ $tried -gt 0 ]] || continue
		if [[ ! $bad ]]; then
			ok "$what: $call may fail ($tried of $n tried)"
		else
			not_ok "$what: $call may fail ($tried of $n tried)" \
				"$bad"
		fi
	done
}

most=12
[[ ! ${VMTEST-} ]] || most=1
what="a new container"
all ENOMEM $most nsinit exec --id x --config new.json /probe say hi

nsinit exec --id x --config new.json /probe sleep 1000 &
starter=$!
runs() {
	init=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' \
		/run/nsinit/x/state.json) &&
		[[ $(readlink "/proc/$init/exe") == */probe ]]
}
wait_for runs || not_ok "a container runs"
what="one who joins"
all ENOMEM $((most / 2 + 1)) nsinit exec --id x /probe say hi
is "$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' /run/nsinit/x/state.json)" \
	"$init" "whoever failed to join, the container lives as before"
kill -KILL "$init"
wait $starter 2>/dev/null || :
init=''
done_testing
