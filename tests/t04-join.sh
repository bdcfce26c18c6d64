#!/bin/bash
# t04: one more process in a living container
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root

fresh_rootfs
namespaces='mnt uts ipc pid net cgroup user'

# child_of PID: its only child.
child_of() {
	ps -o pid= --ppid "$1" | tr -d ' '
}

# enter [WORD...]: a process that joins and stays; its pid is in $joined, its
# nsinit is $joiner, and what it says comes in join.out.
enter() {
	: >"$TEST_DIR/join.out"
	"$@" >"$TEST_DIR/join.out" 2>&1 &
	joiner=$!
	wait_for grep -q ready "$TEST_DIR/join.out" ||
		not_ok "a process joins" "$(cat "$TEST_DIR/join.out")"
	joined=$(child_of "$joiner")
}

# places PID: its namespaces, cgroups and root, as the host sees them.
places() {
	local ns
	for ns in $namespaces; do
		readlink "/proc/$1/ns/$ns"
	done
	cat "/proc/$1/cgroup"
	stat -Lc %d:%i "/proc/$1/root/"
}

# rights PID: who it is and what it may do.
rights() {
	grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|SigBlk|SigIgn)' \
		"/proc/$1/status"
}

# By hand: what a container's own verbs would do.
freezer() { # FROZEN|THAWED
	local directory=/sys/fs/cgroup frozen=0
	if has_cgroup v2; then
		directory+=$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
		[[ $1 != FROZEN ]] || frozen=1
		echo $frozen >"$directory/cgroup.freeze"
		wait_for grep -q "frozen $frozen" "$directory/cgroup.events"
	else
		directory+=/freezer$(sed -n 's/.*:freezer://p' "/proc/$pid/cgroup")
		echo "$1" >"$directory/freezer.state"
		wait_for grep -q "$1" "$directory/freezer.state"
	fi
}

# --- the same container, another process -------------------------------------

config hostname '"oak"' environment '["A=container"]'
begin
cp "$state_file" "$TEST_DIR/state"
enter nsinit exec --config "$config_file" --env B=own /probe env , fds , \
	pid , where , await 15
for ns in $namespaces; do
	is "$(readlink "/proc/$joined/ns/$ns")" "$(readlink "/proc/$pid/ns/$ns")" \
		"seen from the host, a second exec is in the same $ns namespace"
done
is "$(cat "/proc/$joined/cgroup")" "$(cat "/proc/$pid/cgroup")" \
	"... in the same cgroups"
is "$(places "$joined")" "$(places "$pid")" "... and has the same root"
is "$(rights "$joined")" "$(rights "$pid")" "... and the same rights"
inner=$(sed -n 's/^pid //p' "$TEST_DIR/join.out")
like "$inner" '^([2-9]|[1-9][0-9]+)$' "inside it is not pid 1"
is "$(of_status "$joined" NSpid)" "$joined $inner" \
	"... and the host has another number for it"
is "$(of_status "$joined" PPid)" "$joiner" "its parent is the nsinit that joined"
is "$(grep -E '^(ppid|pgid|sid|cwd|hostname) ' "$TEST_DIR/join.out" | tr '\n' ' ')" \
	"ppid 0 pgid $inner sid $inner cwd / hostname oak " \
	"it leads a session of its own, in /"
is "$(grep ^env "$TEST_DIR/join.out" | sort)" \
	$'env A=container\nenv B=own\nenv HOME=/root' \
	"its environment is the container's, and its own"
is "$(grep ^fd "$TEST_DIR/join.out")" $'fd 0 device\nfd 1 file\nfd 2 file' \
	"it has descriptors 0, 1 and 2 alone"
is "$(tr '\0' '\n' <"/proc/$pid/environ" | sort)" $'A=container\nHOME=/root' \
	"the first process's environment is as it was"
in_container /probe ls /proc
is "$(facts entry | grep -c '^[0-9]')" 3 "a third one sees all three in /proc"
is "$(cat "$state_file")" "$(cat "$TEST_DIR/state")" \
	"state.json still tells of the first"
kill -TERM "$joiner"
run wait "$joiner"
is "$status $(tail -1 "$TEST_DIR/join.out")" "0 caught 15" \
	"SIGTERM to the joining nsinit reaches its own process"
ok_alive() { comm_is "$pid" probe && echo alive; }
is "$(ok_alive)" alive "... and the container lives on"

in_container --user user --cwd /tmp /probe id , where
is "$(facts uid) $(facts groups) $(facts cwd)" "1000 1000 1000 2000 /tmp" \
	"--user and --cwd hold for the joining process"
for n in 0 7; do
	in_container /probe exit $n
	is "$status" $n "its exit status $n comes back"
done
for n in 9 15; do
	in_container /probe kill $n
	is "$status" $((128 + n)) "killed by signal $n it is 128 + $n"
done
in_container /none
is "$status" 127 "a command that is not there is 127"
like "$err" '^nsinit: exec: dockerinit step 10 .*"/none"' "... from step 10"
in_container /etc/passwd
is "$status" 126 "a command without the x bit is 126"
in_container --user nemo /probe id
is "$status" 125 "a user who is not there is 125"
is "$(ok_alive)" alive "... none of which harms the container"

enter nsinit exec --config "$config_file" /probe await 10
kill -KILL "$joiner"
wait "$joiner" 2>/dev/null || :
wait_for gone "$joined"
is "$(gone "$joined" && ok_alive)" alive \
	"SIGKILL of the joining nsinit ends its own process alone"

joins=()
for n in 0 1 2 3 4 5 6 7 8 9; do
	nsinit exec --config "$config_file" /probe pid , exit "4$n" \
		>"$TEST_DIR/join.$n" 2>&1 &
	joins+=($!)
done
said=''
for n in 0 1 2 3 4 5 6 7 8 9; do
	run wait "${joins[$n]}"
	said+="$status "
done
is "$said" "40 41 42 43 44 45 46 47 48 49 " "ten joins at once get their own statuses"
is "$(cat "$TEST_DIR"/join.? | sed -n 's/^pid //p' | sort -u | wc -l)" 10 \
	"... and their own pids"

# --- nsenter -----------------------------------------------------------------

run nsinit nsenter --id nsinit /probe where , exit 6
is "$status $(facts hostname)" "6 oak" "nsenter --id enters it"
enter nsinit nsenter "$pid" '' "$(cat "$config_file")" /probe await 15
is "$(places "$joined")" "$(places "$pid")" \
	"nsenter PID LABEL JSON CMD, the form of June 2014, enters the same places"
is "$(rights "$joined")" "$(rights "$pid")" "... with the rights of that JSON"
kill -TERM "$joiner"
run wait "$joiner"
is "$status" 0 "... and brings the exit status back"
run nsinit nsenter "$pid" '' '{' /probe pid
is "$status" 125 "a CONTAINER-JSON that is none is refused"
like "$err" '^nsinit: nsenter: CONTAINER-JSON' "... by that name"
run nsinit nsenter "$pid" '' /probe
is "$status" 125 "the form with a word missing is refused"
run nsinit nsenter 4194305 '' "$(cat "$config_file")" /probe pid
is "$status" 125 "a pid that nobody has is refused"
like "$err" '4194305' "... by its number"
run nsinit nsenter --id none /probe pid
is "$status" 125 "nsenter makes no container"
like "$err" 'there is no such container' "... and says so"
is "$(ls /run/nsinit)" nsinit "... nor a directory for one"

# --- paused ------------------------------------------------------------------

if has_cgroup v2 || has_cgroup v1 freezer; then
	freezer FROZEN
	in_container /probe pid
	is "$status" 125 "a paused container is not joined"
	like "$err" 'paused' "... and nsinit says why"
	run nsinit nsenter --id nsinit /probe pid
	is "$status" 125 "... by nsenter neither"
	freezer THAWED
	in_container /probe exit 3
	is "$status" 3 "resumed, it is"
else
	skip "a paused container is not joined" "no freezer here"
fi

# --- the end of the first is the end of all ----------------------------------

enter nsinit exec --config "$config_file" /probe await 10
kill -KILL "$pid"
run wait "$joiner"
is "$status" 137 "when the first process ends, the joined are killed: 137"
end
is "$status" 137 "... as the first was"
is "$(ls /run/nsinit)" "" "... and the state root is empty"

# --- namespaces of the host's ------------------------------------------------

config namespaces '[{"type": "NEWNS"}, {"type": "NEWPID"}, {"type": "NEWUTS"}]' \
	networks '[]'
begin
enter nsinit exec --config "$config_file" /probe await 15
is "$(places "$joined")" "$(places "$pid")" \
	"a container that shares net and ipc with the host is joined, too"
is "$(readlink "/proc/$joined/ns/net")" "$(readlink /proc/self/ns/net)" \
	"... and the joined one shares them"
kill -TERM "$joiner"
run wait "$joiner"
is "$status" 0 "... and ends well"
end

config namespaces '[{"type": "NEWNS"}, {"type": "NEWIPC"}]' networks '[]' \
	hostname '""'
begin
enter nsinit exec --config "$config_file" /probe pid , await 15
is "$(places "$joined")" "$(places "$pid")" "... one that shares the pids as well"
is "$(sed -n 's/^pid //p' "$TEST_DIR/join.out")" "$joined" \
	"... whose pids are the host's"
end
wait_for gone "$joined"
run wait "$joiner"
is "$status" 137 "where no pid namespace ends it, its cgroup does"

# --- who is first ------------------------------------------------------------

# both: the two that are started at once have said ready.
both() {
	[[ $(cat "$TEST_DIR"/at-once.? | grep -c ready) -eq 2 ]]
}
pids='' homes='' ends=''
for ((i = 0; i < 5; i++)); do
	rm -f "$TEST_DIR"/at-once.?
	env -C "$rootfs" nsinit exec /probe pid , await 15 \
		>"$TEST_DIR/at-once.1" 2>&1 &
	first=$!
	env -C "$rootfs" nsinit exec /probe pid , await 15 \
		>"$TEST_DIR/at-once.2" 2>&1 &
	second=$!
	wait_for both || not_ok "both begin" "$(cat "$TEST_DIR"/at-once.?)"
	inner=$(sed -n 's/^pid //p' "$TEST_DIR"/at-once.? | sort -n | tr '\n' ' ')
	pids+="${inner%% *} "
	[[ ${inner#* } != "1 " ]] || pids+="twice "
	homes+="$(find /run/nsinit -mindepth 1 -maxdepth 1 | wc -l) "
	[[ $(readlink "/proc/$(child_of $first)/ns/pid") \
		== "$(readlink "/proc/$(child_of $second)/ns/pid")" ]] ||
		pids+="apart "
	# The joined one first, for it would be killed.
	grep -q '^pid 1$' "$TEST_DIR/at-once.1" || set -- "$first" "$second"
	grep -q '^pid 1$' "$TEST_DIR/at-once.2" || set -- "$second" "$first"
	for nsinit; do
		kill -TERM "$nsinit"
		run wait "$nsinit"
		ends+="$status "
	done
done
is "$pids" "1 1 1 1 1 " "of two execs in one folder, one creates, one joins"
is "$homes" "1 1 1 1 1 " "... and there is one container"
is "$ends" "0 0 0 0 0 0 0 0 0 0 " "... and both end well"

# made: somebody has made the container's directory.
made() {
	compgen -G '/run/nsinit/rootfs-*' >/dev/null
}

# Between the directory and its lock, between looking and locking: the second
# looks while there is no process yet, and comes back when there is one.
if ! command -v strace >/dev/null; then
	skip "the slower of two looks again" "there is no strace here"
else
	export ASAN_OPTIONS=detect_leaks=0 # which wants to trace, too
	: >"$TEST_DIR/join.out"
	strace -qq -o /dev/null -e trace=flock \
		-e inject=flock:delay_enter=300000:when=1 \
		env -C "$rootfs" nsinit exec /probe await 15 \
		>"$TEST_DIR/join.out" 2>&1 &
	first=$!
	wait_for made
	run env -C "$rootfs" strace -qq -o /dev/null -e trace=flock \
		-e inject=flock:delay_enter=1500000:when=3 \
		nsinit exec /probe pid
	unlike "$out" '^pid 1$' "the slower of two looks again, and joins"
	is "$status $err" "0 " "... and ends well"
	is "$(cat "$TEST_DIR/join.out")" ready "... and the quicker one lives"
	kill -TERM "$(named nsinit)"
	run wait "$first"
	is "$status" 0 "... to its own end"
	unset ASAN_OPTIONS
fi

# The container ends while somebody enters: then it is not there any more. (On
# v2 cgroup.kill ends the joining one, too, and strace 6.1 never returns when
# a process that it delays is killed.)
if has_cgroup v2; then
	skip "the container ends while another enters" "strace would hang on v2"
elif command -v strace >/dev/null; then
	config
	begin
	creator=$runner
	slowly setns 1 nsinit exec --config "$config_file" /probe pid
	joiner=$runner
	wait_for named dockerinit:04 || not_ok "a dockerinit is in step 4"
	kill -KILL "$pid"
	run wait "$creator"
	is "$status" 137 "the container ends while another enters"
	run wait "$joiner"
	is "$status $(head -1 "$TEST_DIR/slow.out")" "0 pid 1" \
		"... who then makes a new one"
else
	skip "the container ends while another enters" "there is no strace here"
fi

# What describes a new container would be lost on a living one.
config
begin
run nsinit exec --config "$config_file" --hostname other /probe pid
like "$status $err" "^125 nsinit: exec: container .* --hostname is for a new" \
	"a flag for a new container is refused where one lives"
run nsinit exec --config "$config_file" --rootfs /tmp /probe pid
like "$status $err" "^125 nsinit: exec: container .* --rootfs is for a new" \
	"... and so is another rootfs"
rootfs=$(sed -n 's/.*"rootfs":"\([^"]*\)".*/\1/p' /run/nsinit/nsinit/state.json)
run nsinit exec --config "$config_file" --rootfs "$rootfs/../${rootfs##*/}/." \
	/probe pid
like "$status $out" "^0 pid" "... but not its own, however it is written"
end
nsinit exec --config "$config_file" /probe exit 0
is "$(ls /run/nsinit)" "" "the state root is empty in the end"
done_testing
