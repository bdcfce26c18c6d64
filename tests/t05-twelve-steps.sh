#!/bin/bash
# t05: the twelve steps, one by one: seen, delayed, failed, killed
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "$TOP/tests/container.sh"
needs_root
needs_program strace nsenter

fresh_rootfs
config hostname '"stairs"' \
	rlimits '[{"type": "NOFILE", "soft": 64, "hard": 128}]'
mapfile -t names < <(dockerinit --list-steps |
	sed -n 's/^ *[0-9]* *\(step[0-9]*_[a-z0-9_]*\) .*/\1/p')
is "${#names[@]}" 12 "there are twelve steps"

# traced NAME COMMAND...: one file of system calls for each process.
traced() {
	local dir=$TEST_DIR/$1
	shift
	mkdir -p "$dir"
	run env ASAN_OPTIONS=detect_leaks=0 \
		strace -qq -ff -s 256 -o "$dir/calls" "$@"
}

# The file of the process in which that text is.
file_with() { # NAME TEXT
	grep -lF -- "$2" "$TEST_DIR/$1"/calls.* | head -n 1
}

# What a process did between taking the name of a step and the next one.
step_calls() { # FILE STEP
	awk -v mark="PR_SET_NAME, \"dockerinit:$2\"" '
		/PR_SET_NAME, "dockerinit:/ { on = index($0, mark) }
		on' "$1"
}

stairs() { # FILE...
	sed -n 's/.*PR_SET_NAME, "dockerinit:\([0-9]*\)".*/\1/p' "$@" |
		tr '\n' ' '
}

line_of() { # FILE TEXT
	grep -nF -m 1 -- "$2" "$1" | cut -d: -f1 || :
}

# --- seen --------------------------------------------------------------------

traced new nsinit exec --config "$config_file" /probe say arrived
is "$status $out" "0 arrived" "a container runs under strace"
inside=$(file_with new '"dockerinit:01"')
outside=$(file_with new 'clone3(')
is "$(stairs "$inside")" "01 02 03 04 05 06 07 08 09 10 11 12 " \
	"one process takes the twelve names, in order"
# Setting the environment (3) is no system call.
while read -r step call; do
	like "$(step_calls "$inside" "$step")" "$call" \
		"step $step: ${call//\\/}"
done <<'CALLS'
01 fcntl\([0-9]+, F_SETFD, FD_CLOEXEC\) += 0
02 recvmsg\([0-9]+,.*CONFIG
04 setsid\(\) += 1
05 sendto\([0-9]+, .*nlmsg_type=(RTM_NEWLINK|0x10)
06 (prlimit64\(0|setrlimit\(), ?RLIMIT_NOFILE, \{rlim_cur=64, rlim_max=128
07 unshare\(CLONE_NEWNS\) += 0
07 mount\(NULL, "/", NULL, MS_REC\|MS_SLAVE, NULL\) = 0
08 mount\("proc", "self/fd/[0-9]+", "proc", MS_NOSUID\|MS_NODEV\|MS_NOEXEC, NULL\) = 0
08 mknodat\([0-9]+, "null", S_IFCHR\|0666, makedev\(0x1, 0x3\)\) = 0
09 pivot_root\("\.", "\."\) += 0
09 umount2\("\.", MNT_DETACH\) += 0
10 sethostname\("stairs", 6\) += 0
10 capset\(
11 getppid\(\) += 0
11 prctl\(PR_SET_PDEATHSIG, SIGKILL\) += 0
12 sendmsg\([0-9]+,.*READY
12 execve\("/probe", \["/probe", "say", "arrived"\]
CALLS
is "$(step_calls "$inside" 03 | wc -l)" 1 \
	"step 03 makes no call but the one for its name"
unlike "$(step_calls "$inside" 12 | sed '/^execve/q')" 'open|mount|set.*id' \
	"step 12 opens, mounts and changes nothing before execve"

flags=$(sed -n 's/^clone3({flags=\([^,]*\),.*/\1/p' "$outside")
for flag in PIDFD NEWUTS NEWIPC NEWPID NEWNET; do
	like "|$flags|" "\\|CLONE_$flag\\|" "the clone has CLONE_$flag"
done
unlike "$flags" 'NEWNS|NEWUSER|NEWCGROUP' "... and leaves NEWNS to step 7"
is "$(grep -hc '^clone3(' "$outside")" 1 "there is one clone"
like "$(grep '^clone3(' "$outside")" "exit_signal=SIGCHLD" \
	"... and its end will be told by SIGCHLD"
is "$(grep -c '^socketpair' "$outside")" 1 \
	"an untraced run makes the pipe and no trace socket"
like "$(grep '^execveat(' "$inside")" '\["native"\].* 2 vars ' \
	"... nor is the inside told of one: it gets two variables"

traced trace "$TRACER" /run/nsinit traced "$rootfs" 0 /probe say arrived
is "$status" 0 "a traced container runs under strace"
is "$(grep -h '^socketpair' "$(file_with trace 'clone3(')" | grep -c SEQPACKET)" \
	1 "a traced run makes a trace socket"
hidden='prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)'
# dumpable FILE...: the changes of credentials after which it is not the next
# call to be non-dumpable (again).
dumpable() {
	cat "$@" | awk '/^(setres[ug]id\(|setns\(.*CLONE_NEWUSER)/ {
		changed = $0; next }
		changed && !/PR_SET_DUMPABLE, SUID_DUMP_DISABLE/ { print changed }
		{ changed = "" }'
}
passes "a first process of root's is hidden before it is executed" \
	test "$(line_of "$inside" "$hidden")" -lt "$(line_of "$inside" 'execveat(')"
passes "... and again before it has anything of the host's" \
	test "$(grep -cF "$hidden" "$inside")" -ge 4
is "$(dumpable "$inside")" "" "... and again whenever its credentials change"

# --- joining -----------------------------------------------------------------

begin
traced join nsinit exec --config "$config_file" /probe say joined
is "$status $out" "0 joined" "a joining process runs under strace"
first=$(file_with join '"dockerinit:01"')
second=$(file_with join '"dockerinit:12"')
isnt "$first" "$second" "it is born twice, for its pid namespace"
is "$(stairs "$first") $(stairs "$second")" "01 02 03 04  06 10 11 12 " \
	"it takes the steps of a joining process"
like "$(grep '^clone(' "$first")" 'CLONE_PARENT\|SIGCHLD' \
	"the second birth makes a sibling, whom the outside can wait for"
unlike "$(grep -h '^clone3(' "$(file_with join 'clone3(')")" 'CLONE_NEW' \
	"the outside makes no namespace for it"
is "$(cat "$first" "$second" | sed -n \
	's/^setns([0-9]*, \(CLONE_NEW[A-Z]*\)) .*= 0$/\1/p' | tr '\n' ' ')" \
	"CLONE_NEWIPC CLONE_NEWUTS CLONE_NEWNET CLONE_NEWPID CLONE_NEWNS " \
	"it joins ipc, uts, net, pid, and the mount namespace last"
dumpable=$(line_of "$first" 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)')
joins=$(line_of "$first" 'setns(')
passes "it is not dumpable before it joins" test "${dumpable:-9999}" -lt "$joins"
is "$(dumpable "$first" "$second")" "" \
	"... and not when its credentials have changed"
is "$(grep -hE '^(unshare|pivot_root|sethostname)\(' "$first" "$second")" "" \
	"it makes nothing that is there already"
end
leftovers "nothing is left of it"

# --- delayed -----------------------------------------------------------------

slowly unshare 1 nsinit exec --config "$config_file" /probe say arrived
passes "while step 7 is delayed, a process is called dockerinit:07" \
	wait_for named dockerinit:07
pid=$(named dockerinit:07) || :
is "$(readlink "/proc/$pid/ns/mnt")" "$(readlink /proc/self/ns/mnt)" \
	"... still in our mount namespace"
isnt "$(readlink "/proc/$pid/ns/pid")" "$(readlink /proc/self/ns/pid)" \
	"... but in a pid namespace of its own"
wait "$runner" || :
is "$(cat "$TEST_DIR/slow.out")" arrived "... and then it goes on"

slowly sendmsg 1 nsinit exec --config "$config_file" /probe say arrived
passes "while CONFIG is delayed, dockerinit waits for it in step 2" \
	wait_for named dockerinit:02
pid=$(named dockerinit:02) || :
groups=$(cat "/proc/$pid/cgroup")
own=$(grep -c nsinit/nsinit <<<"$groups") || :
if has_cgroup v1; then
	for controller in memory cpu devices pids freezer; do
		has_cgroup v1 "$controller" || continue
		like "$groups" ":([a-z,]*,)?$controller(,[a-z,]*)?:/[^:]*nsinit/nsinit" \
			"... and is in its $controller cgroup by then"
	done
else
	is "$own" 1 "... and is in its cgroup by then"
fi
wait "$runner" || :
is "$(cat "$TEST_DIR/slow.out")" arrived "... and then it goes on"
leftovers "nothing is left of the delayed ones"

# --- failed ------------------------------------------------------------------

# fails STEP SENTENCE: the tracer lets it fail; the outside must name it.
fails() {
	local n=$1 name=${names[$1 - 1]}

	run "$TRACER" /run/nsinit nsinit "$rootfs" "$n" /probe say never
	is "$status $(tail -n 1 <<<"$out")" \
		"9 failed $n $name 8 failed on request of the tracer: Operation canceled" \
		"$2"
	unlike "$out" 'never' "... and no program has run"
	unlike "$out" "< $n " "... nor is the step said to be done"
}

for n in {1..12}; do
	fails "$n" "step $n fails, and the outside names ${names[n - 1]}"
	leftovers "... and nothing is left"
done

begin
for n in 1 2 3 4 6 10 11 12; do
	fails "$n" "step $n of a joining process fails, and is named"
	is "$(container_pid)" "$pid" "... and the container lives on"
	passes "... alone in its namespaces" wait_for alone "$pid"
done
run "$TRACER" /run/nsinit nsinit "$rootfs" 0 /probe say joined
is "$status $(tail -n 1 <<<"$out")" "0 joined" \
	"after all that the container can still be joined"
is "$(grep -c '^>' <<<"$out")" 8 "... by a process that takes eight steps"
end
leftovers "nothing is left of those who joined"

# --- killed ------------------------------------------------------------------

# delayed_mount: a container that stays in step 8, in the background.
delayed_mount() {
	config mounts '[{"device": "tmpfs", "source": "tmpfs",
		"destination": "/tmp", "postmount_cmds": [
			{"path": "/bin/sleep", "args": ["sleep", "600"]}]}]'
	nsinit exec --config "$config_file" /probe say never \
		>"$TEST_DIR/slow.out" 2>"$TEST_DIR/slow.err" &
	runner=$!
	wait_for named sleep || not_ok "a container stays in step 8"
	pid=$(named dockerinit:08) || not_ok "... and is named so"
}

delayed_mount
kill -KILL "$pid"
status=0
wait "$runner" || status=$?
is "$status $(cat "$TEST_DIR/slow.out")" "125 " \
	"when dockerinit is killed in step 8, the outside fails"
like "$(cat "$TEST_DIR/slow.err")" \
	'^nsinit: exec: .*killed by signal 9 \(Killed\)' \
	"... and says how it died"
is "$(wc -l <"$TEST_DIR/slow.err")" 1 "... in one line"
leftovers "... and leaves nothing"

delayed_mount
kill -KILL "$runner"
passes "when nsinit is killed in step 8, dockerinit dies, too" \
	wait_for gone "$pid"
wait "$runner" || :
passes "... with its state left" test -e "$state_file"
run nsinit stats --id nsinit
isnt "$status" 0 "... which nobody takes for a living container's"
config
probe say arrived
is "$status $out" "0 arrived" "the next exec starts anew"
leftovers "... and has removed what was left"

# --- dockerinit's own file ---------------------------------------------------

sum=$(sha256sum <"$BIN/dockerinit")
# append FILE [TEXT]: open it for writing, and write.
append() {
	# shellcheck disable=SC2016 # that shell expands them
	run bash -c 'printf "%s" "$2" >>"$1"' - "$1" "${2-}"
}

for n in {1..12}; do
	hold "$n"
	append "/proc/$pid/exe"
	like "$status $err" '^1 .*(Text file busy|Read-only file system)' \
		"held before step $n, dockerinit's /proc/PID/exe refuses writing"
	exec 9<"/proc/$pid/exe"
	if [[ $n -eq 11 ]]; then
		for uid in 0 1000; do
			run nsenter -t "$pid" -m -p -r -w -S "$uid" -G "$uid" \
				/probe write /proc/1/exe
			like "$out" '^write /proc/1/exe E(TXTBSY|ROFS|ACCES)$' \
				"... and uid $uid inside is refused as well"
		done
	fi
	release
	is "$status" 0 "... and it goes on after that"
	append "/proc/$$/fd/9"
	like "$status $err" '^1 .*Read-only file system' \
		"... and cannot be written to when it runs no more"
	exec 9<&-
done

# Where mounts cannot be cloned, it is a sealed copy in memory.
ASAN_OPTIONS=detect_leaks=0 strace -qq -f -o /dev/null \
	-e trace=mount_setattr,mknodat -e inject=mount_setattr:error=EPERM \
	-e inject=mknodat:delay_enter=1000000:when=1 nsinit exec \
	--config "$config_file" /probe say arrived >"$TEST_DIR/slow.out" &
runner=$!
wait_for named dockerinit:08 || :
pid=$(named dockerinit:08) || :
like "$(readlink "/proc/$pid/exe")" '^/memfd:dockerinit' \
	"where no mount can be cloned a copy in memory is executed"
exec 9<"/proc/$pid/exe"
append "/proc/$pid/exe" garbage
isnt "$status" 0 "... which cannot be written to while it runs"
wait "$runner" || :
is "$(cat "$TEST_DIR/slow.out")" arrived "... and works like the file"
append "/proc/$$/fd/9" garbage
like "$status $err" '^1 .*Operation not permitted' \
	"... and cannot be written to when it runs no more"
exec 9<&-
is "$(sha256sum <"$BIN/dockerinit")" "$sum" "the file dockerinit is what it was"

run nsinit --plain-init exec --config "$config_file" /probe say plain
is "$status $out" "0 plain" "--plain-init executes the file itself"
done_testing
