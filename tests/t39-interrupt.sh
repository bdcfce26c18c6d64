#!/bin/bash
# t39: a start or a join that is interrupted by a signal is undone at once
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3 pgrep setsid

fresh_rootfs
config
box=$TEST_DIR/box
busybox_rootfs "$box"
cp "$PROBE" "$box/probe"
signals=(INT TERM HUP QUIT)
user='{"type": "NEWUSER"}, {"type": "NEWNS"}, {"type": "NEWUTS"},
	{"type": "NEWIPC"}, {"type": "NEWPID"}, {"type": "NEWNET"}'
map='[{"container_id": 0, "host_id": 100000, "size": 65536}]'
shared='{"type": "NEWNS"}, {"type": "NEWUTS"}, {"type": "NEWIPC"},
	{"type": "NEWNET"}'

# starting COMMAND...: a start in the background; $starter is who is to be
# interrupted, $runner whom we wait for.
starting() {
	"$@" >"$TEST_DIR/start.out" 2>"$TEST_DIR/start.err" </dev/null &
	runner=$! starter=$!
}

is_over() { # PID
	[[ ! -e /proc/$1 || $(of_status "$1" State) == Z* ]]
}

# interrupted SIGNAL WHAT SENTENCE: it ends, with the signal's status, and one
# line that says so; WHAT is what was interrupted.
interrupted() {
	local number

	number=$(kill -l "$1")
	kill -"$1" "$starter"
	if ! wait_for is_over "$starter"; then
		not_ok "$3: $1 ends it"
		kill -KILL "$starter"
	fi
	status=0
	wait "$runner" || status=$?
	runner='' starter=''
	like "$status $(tr -d '\0' <"$TEST_DIR/start.err")" \
		"^$((128 + number)) [a-z]+: [a-z]+: $2: interrupted by signal $number \([A-Za-z]+\)\$" \
		"$3: SIG$1 ends it, in one line"
}

# --- a mount command that sleeps ---------------------------------------------

# sleeping WHEN: a config whose mount has a command that does not end, and what
# that has started in the background.
sleeping() {
	echo "[{\"device\": \"tmpfs\", \"destination\": \"/tmp\", \"source\": \"tmpfs\",
		\"$1\": [{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\",
		\"sleep 7391 & sleep 7392; true\"],
		\"env\": [\"PATH=$PATH\"]}]}]"
}

asleep() {
	pgrep -fx 'sleep 7392' >/dev/null && pgrep -fx 'sleep 7391' >/dev/null
}

nobody_sleeps() {
	! pgrep -f '^sleep 739[12]' >/dev/null && ! pgrep -f 'sleep 7392' >/dev/null
}

# cleared SENTENCE: the command, its children and all the rest are gone.
cleared() {
	wait_for nobody_sleeps || :
	is "$(pgrep -f 'sleep 739[12]')" "" "... the command and its children end"
	pkill -KILL -f 'sleep 739[12]' || :
	leftovers "... and nothing is left"
}

for signal in "${signals[@]}"; do
	config mounts "$(sleeping premount_cmds)"
	starting nsinit exec --config "$config_file" /probe say ran
	wait_for asleep || :
	interrupted "$signal" 'start container nsinit' "a premount command that sleeps"
	cleared
done
config mounts "$(sleeping postmount_cmds)"
starting nsinit exec --config "$config_file" /probe say ran
wait_for asleep || :
interrupted INT 'start container nsinit' "a postmount command that sleeps"
cleared
for signal in "${signals[@]}"; do
	config namespaces "[$shared]" mounts "$(sleeping premount_cmds)"
	starting nsinit exec --config "$config_file" /probe say ran
	wait_for asleep || :
	interrupted "$signal" 'start container nsinit' \
		"... in the host's pid namespace, where nothing else ends it"
	cleared
done
if unshare -U true 2>/dev/null; then
	chmod 711 "$TEST_DIR"
	for signal in "${signals[@]}"; do
		config namespaces "[$user]" uid_mappings "$map" \
			gid_mappings "$map" mounts "$(sleeping premount_cmds)"
		starting nsinit exec --config "$config_file" /probe say ran
		wait_for asleep || :
		interrupted "$signal" 'start container nsinit' "... in a user namespace"
		cleared
	done
else
	skip "... in a user namespace" "there are none here"
fi

# At a terminal Ctrl-C reaches everybody in the foreground.
config mounts "$(sleeping premount_cmds)"
run python3 "$TOP/tests/pty.py" 'until=pgrep -fx "sleep 7392"' 'send=\x03' end -- \
	nsinit exec --config "$config_file" /probe say ran
like "$status $out" \
	$'^130 .*nsinit: exec: start container nsinit: interrupted by signal 2 \\(Interrupt\\)\n+terminal restored$' \
	"Ctrl-C at a terminal ends a start"
cleared
fresh_rootfs

# --- a child that stands still -----------------------------------------------

# standing CALL COMMAND...: the child is stopped in its first CALL.
standing() {
	local call=$1
	shift
	: >"$TEST_DIR/calls"
	ASAN_OPTIONS=detect_leaks=0 command strace -qq -f -o "$TEST_DIR/calls" \
		-e "trace=$call" -e "inject=$call:signal=SIGSTOP:when=1" \
		"$@" >"$TEST_DIR/start.out" 2>"$TEST_DIR/start.err" </dev/null &
	runner=$!
	wait_for grep -q 'stopped by SIGSTOP' "$TEST_DIR/calls" ||
		not_ok "it stands in $call" "$(<"$TEST_DIR/start.err")"
	starter=$(pgrep -P "$runner" -x "$1")
}

if command -v strace >/dev/null; then
	config
	for signal in "${signals[@]}"; do
		for call in prctl execveat; do
			standing $call nsinit exec --config "$config_file" /probe say ran
			interrupted "$signal" 'start container nsinit' \
				"a child that stands in $call"
			leftovers "... and nothing is left"
		done
	done
	# More than the pipe holds, to a child that does not read.
	python3 - "$config_file" <<-'PYTHON'
		import json, sys
		config = json.load(open(sys.argv[1]))
		config["environment"] = [f"LONG{i}=" + 100 * "x" for i in range(4000)]
		json.dump(config, open(sys.argv[1], "w"))
	PYTHON
	standing execveat nsinit exec --config "$config_file" /probe say ran
	interrupted HUP 'start container nsinit' "a config that the child does not read"
	leftovers "... and nothing is left"
	run timeout -k 1 20 nsinit exec --trace="$TEST_DIR/trace" \
		--config "$config_file" /probe say ran
	is "$status $out" "0 ran" "traced, such a config is read between the tracer's questions"
	if unshare -U true 2>/dev/null; then
		config namespaces "[$user]" uid_mappings "$map" gid_mappings "$map"
		for signal in "${signals[@]}"; do
			standing prctl nsinit exec --config "$config_file" /probe say ran
			interrupted "$signal" 'start container nsinit' \
				"a child that stands in its user namespace"
			leftovers "... and nothing is left"
		done
	else
		skip "a child that stands in its user namespace" "there are none here"
	fi
else
	skip "a child that stands still" "there is no strace here"
fi

# --- held by --stop, --break, --step -----------------------------------------

is_held() {
	pid=$(sed -n 's/.*dockerinit is process \([0-9]*\), held.*/\1/p' \
		"$TEST_DIR/start.err") && [[ $pid ]] &&
		grep -q 'gives up' "$TEST_DIR/start.err"
}
# held COMMAND...: a start that is held by its --stop; $pid stands still.
held() {
	: >"$TEST_DIR/start.err"
	starting setsid "$@"
	wait_for is_held || not_ok "it is held" "$(<"$TEST_DIR/start.err")"
	: >"$TEST_DIR/start.err"
}
# stopped_at COMMAND...: the same, and when it is let go it is stopped.
stopped_at() {
	held "$@"
	kill -STOP "$pid"
	wait_for stopped "$pid" || not_ok "it is stopped"
	let_go
}
# let_go: held no longer; the signal is not on its way any more.
let_go() {
	kill -USR1 "$starter"
	wait_for no_usr1 "$starter" || not_ok "it is let go"
}
no_usr1() { # PID
	(((0x$(of_status "$1" ShdPnd) & 0x200) == 0))
}

config
printf '{"id": "oak", "rootfs": "%s", "process_config": {"entrypoint": "/probe",
	"arguments": ["say", "ran"]}}' "$rootfs" >"$TEST_DIR/command.json"
for signal in "${signals[@]}"; do
	stopped_at nsinit exec --config "$config_file" --stop 9 /probe say ran
	interrupted "$signal" 'start container nsinit' "a child that stands in step 9"
	leftovers "... and nothing is left"
	stopped_at execdriver run --stop 9 "$TEST_DIR/command.json"
	interrupted "$signal" 'start container oak' "... of execdriver run"
	leftovers "... and nothing is left"
	held nsinit exec --config "$config_file" --stop 9 /probe say ran
	interrupted "$signal" 'start container nsinit: before step 9 \(step09_pivot_root\)' \
		"--stop"
	leftovers "... and nothing is left"
	for how in step 'break 4=host' 'break 4'; do
		wait='wait=\(.*step 4\) [#$] '
		[[ $how != step ]] || wait='wait=<Enter> '
		# shellcheck disable=SC2086 # words
		run python3 "$TOP/tests/pty.py" "$wait" sign=$signal end -- \
			nsinit exec --rootfs "$box" --$how /probe say ran
		number=$(kill -l "$signal")
		like "$status $out" \
			"^$((128 + number)) .*: start container nsinit: before step [14] .*: interrupted by signal $number .*terminal restored\$" \
			"--$how: SIG$signal ends it"
		leftovers "... and nothing is left"
	done
done
stopped_at nsinit exec --trace="json:$TEST_DIR/trace" --config "$config_file" \
	--stop 9 /probe say ran
interrupted TERM 'start container nsinit' "a traced start"
like "$(<"$TEST_DIR/trace")" 'interrupted by signal 15' "... the trace says why"
leftovers "... and nothing is left"

# --- waiting for somebody else's start ---------------------------------------

held nsinit exec --config "$config_file" --stop 9 /probe say ran
holder=$runner holding=$pid
for signal in "${signals[@]}"; do
	starting nsinit exec --config "$config_file" /probe say joined
	wait_for grep -q waiting "$TEST_DIR/start.err" || :
	: >"$TEST_DIR/start.err"
	interrupted "$signal" 'wait for the lock of /run/nsinit/nsinit' \
		"while somebody else starts the container"
done
is "$(tr -d '\0' <"/proc/$holding/comm")" dockerinit:09 "... who is not disturbed"
kill -TERM "$holder"
wait "$holder" || :
leftovers "... and leaves nothing"

# --- joining -----------------------------------------------------------------

fresh_rootfs
config
begin
init=$pid keeper=$runner
printf '{"entrypoint": "/probe", "arguments": ["say", "ran"]}' >"$TEST_DIR/process.json"
joining=('nsinit exec --config '"$config_file"' --stop 6 /probe say ran'
	'nsinit nsenter --id nsinit --stop 6 /probe say ran'
	'nsinit exec --config '"$config_file"' -t --stop 6 /probe say ran'
	"execdriver --root /run/nsinit exec --stop 6 nsinit $TEST_DIR/process.json")
own_pid() {
	sed -n 's/^NSpid:.*\t//p' "/proc/$1/status"
}
alone_again() {
	[[ $(pgrep -P "$keeper") == "$init" && ! -e /proc/$pid ]]
}
for signal in "${signals[@]}"; do
	for how in "${joining[@]}"; do
		# shellcheck disable=SC2086 # words
		held $how
		# The container stops who comes in, and he may go on.
		nsenter --target "$init" --pid kill -STOP "$(own_pid "$pid")"
		wait_for stopped "$pid" || not_ok "the container stops it"
		let_go
		interrupted "$signal" 'enter container nsinit' \
			"stopped by the container: ${how%% --*}"
		passes "... nobody is left" wait_for alone_again
	done
done

# frozen PID yes|no: the cgroup of that process.
frozen() {
	local path
	if has_cgroup v2; then
		path=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$1/cgroup")
		[[ $2 == yes ]]
		echo $((1 - $?)) >"$path/cgroup.freeze"
	else
		path=/sys/fs/cgroup/freezer$(sed -n 's/^[0-9]*:freezer://p' \
			"/proc/$1/cgroup")
		[[ $2 == yes ]] && echo FROZEN >"$path/freezer.state" ||
			echo THAWED >"$path/freezer.state"
	fi
}
if has_cgroup v2; then
	skip "frozen by the container" "in v2 a frozen process can be killed"
elif has_cgroup v1 freezer; then
	for signal in "${signals[@]}"; do
		held nsinit exec --config "$config_file" --stop 6 /probe say ran
		frozen "$pid" yes
		let_go
		kill -"$signal" "$starter"
		wait_for is_over "$starter" || kill -KILL "$starter"
		run wait "$runner"
		like "$status $(tr -d '\0' <"$TEST_DIR/start.err")" \
			"^$((128 + $(kill -l "$signal"))) nsinit: exec: enter container nsinit: interrupted by signal [0-9]+ \([A-Za-z]+\); process $pid does not die \(is it frozen\?\)\$" \
			"frozen by the container: SIG$signal ends nsinit, and it says who stays"
		frozen "$init" no
		passes "... thawed, he dies" wait_for gone "$pid"
	done
else
	skip "frozen by the container" "there is no freezer here"
fi
run nsinit nsenter --id nsinit /probe say fine
is "$status $out" "0 fine" "the container goes on"
pid=$init runner=$keeper
end
run nsinit exec --config "$config_file" /probe say new
is "$status $out" "0 new" "... and the next one is a new one"
leftovers "... which leaves nothing"

# --- the other signals -------------------------------------------------------

# The command lets the start go on when the file is there.
until_there="[{\"device\": \"tmpfs\", \"destination\": \"/tmp\", \"source\": \"tmpfs\",
	\"premount_cmds\": [{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\",
	\"until [ -e $TEST_DIR/go ]; do sleep 0.0739; done\"],
	\"env\": [\"PATH=$PATH\"]}]}]"
waits_for_go() {
	pgrep -f 'sleep 0.0739' >/dev/null
}
config namespaces "[$shared]" mounts "$until_there"
starting nsinit exec --config "$config_file" /probe sleep 600
wait_for waits_for_go || :
kill -USR1 "$runner"
touch "$TEST_DIR/go"
wait_for is_over "$runner" || kill -KILL "$runner"
run wait "$runner"
is "$status $(<"$TEST_DIR/start.err")" "138 " \
	"another signal does not end a start: SIGUSR1 is the program's, and ends it"
leftovers "... and nothing is left"
rm "$TEST_DIR/go"
if command -v strace >/dev/null; then
	config mounts "$until_there"
	starting env ASAN_OPTIONS=detect_leaks=0 strace -qq -o "$TEST_DIR/calls" -e trace=pidfd_send_signal \
		nsinit exec --config "$config_file" /probe await 34
	wait_for waits_for_go || :
	starter=$(pgrep -P "$runner" -x nsinit)
	for signal in USR1 USR2 WINCH TSTP ALRM 35; do
		kill -$signal "$starter"
	done
	touch "$TEST_DIR/go"
	wait_for grep -q ready "$TEST_DIR/start.out" || :
	kill -34 "$starter"
	wait_for is_over "$runner" || kill -KILL "$runner"
	run wait "$runner"
	is "$status $(sed -n 's/.*, \(SIG[A-Z0-9_]*\),.*/\1/p' "$TEST_DIR/calls" | sort -u | xargs)" \
		"0 $(printf '%s\n' SIGALRM SIGRT_2 SIGRT_3 SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH | sort | xargs)" \
		"signals of every other kind are kept, and forwarded when the program runs"
else
	skip "signals are kept" "there is no strace here"
fi
done_testing
