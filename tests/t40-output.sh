#!/bin/bash
# t40: output that nobody reads ends who writes it; output that is lost is an error
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3 pgrep

fresh_rootfs
box=$TEST_DIR/box
busybox_rootfs "$box"

# command_json TTY SCRIPT: what execdriver runs in the box.
command_json() {
	python3 - "$box" "$@" >"$TEST_DIR/command.json" <<-'PYTHON'
		import json, sys
		process = {"entrypoint": "/bin/sh", "arguments": ["-c", sys.argv[3]],
		           "tty": sys.argv[2] == "tty", "env": ["PATH=/bin"]}
		json.dump({"id": "oak", "rootfs": sys.argv[1], "process_config": process},
		          sys.stdout)
	PYTHON
}

# into_head COMMAND...: its output goes to who reads a line and goes away;
# leaves $status (124, 137: it did not end), $out, and $err, what it says itself.
into_head() {
	run bash -c 'timeout -k 1 20 "$@" 2>"$0" | head -n 1; exit "${PIPESTATUS[0]}"' \
		"$TEST_DIR/said" "$@"
	err=$(<"$TEST_DIR/said")
}

# ended_for SENTENCE: it read a line, and the writer did not go on for ever.
ended_for() {
	is "${out%$'\r'}" y "$1: the reader has his line"
	unlike "$status" '^(124|137)$' "... and when he goes, the writer ends"
}

# --- nobody reads any more ---------------------------------------------------

exec_box=(nsinit exec --rootfs "$box")
into_head "${exec_box[@]}" yes
ended_for "exec"
is "$status" 1 "... of a broken pipe, for process 1 gets no SIGPIPE"
into_head "${exec_box[@]}" --pid host yes
is "$status" 141 "... else of SIGPIPE, as without a container"
into_head "${exec_box[@]}" -t yes
ended_for "exec -t"
is "$status $err" "1 " "... with its own exit status, and no word of ours"
into_head "${exec_box[@]}" -t --pid host yes
ended_for "exec -t, not as process 1"
is "$status $err" "129 " "... of SIGHUP, for its terminal is hung up"
into_head "${exec_box[@]}" -t sh -c 'trap "" HUP; yes; sleep 1; exit 7'
ended_for "exec -t, of one that ignores the hangup"
is "$status $err" "7 " "... it is waited for, and its status is told"
leftovers "... and nothing is left"

command_json no 'exec yes'
into_head execdriver run "$TEST_DIR/command.json"
ended_for "execdriver run"
like "$status $err" $'^141 started pid [0-9]+\nexit status 141$|^1 .*Broken pipe' \
	"... of its broken pipe"
command_json tty 'exec yes'
into_head execdriver run "$TEST_DIR/command.json"
ended_for "execdriver run with a tty"
command_json no 'yes >&2; echo $? >/status; echo on'
run bash -c 'timeout -k 1 20 execdriver run "$0" 2>&1 >"$1" | head -n 2 | tail -n 1' \
	"$TEST_DIR/command.json" "$TEST_DIR/kept"
is "$out $(cat "$box/status" 2>&1) $(<"$TEST_DIR/kept")" "y 141 on" \
	"standard error that is closed leaves standard output as it is"
rm -f "$box/status"
leftovers "... and nothing is left"

nsinit exec --rootfs "$box" --id life sh -c 'echo up; exec sleep 600' \
	>"$TEST_DIR/life.out" 2>&1 &
life=$!
wait_for grep -q up "$TEST_DIR/life.out" || not_ok "a container begins"
printf '{"entrypoint": "/bin/sh", "arguments": ["-c", "exec yes"]}' >"$TEST_DIR/process.json"
printf '{"entrypoint": "/bin/sh", "arguments": ["-c", "exec yes"], "tty": true}' >"$TEST_DIR/tty.json"
for how in 'nsinit exec --id life -t yes' 'nsinit nsenter --id life -t yes' \
	'nsinit nsenter --id life yes' \
	"execdriver --root /run/nsinit exec life $TEST_DIR/process.json" \
	"execdriver --root /run/nsinit exec life $TEST_DIR/tty.json"; do
	# shellcheck disable=SC2086 # words
	into_head $how
	ended_for "in a living container: ${how//$TEST_DIR\//}"
	is "$(pgrep -x yes) $(pgrep -fxc 'sleep 600')" " 1" \
		"... the process, not the container"
done
kill -KILL "$(pgrep -fx 'sleep 600')"
wait "$life" || :
leftovers "... and nothing is left"

# A person whose terminal goes, with a program that will not hear of it.
cat >"$TEST_DIR/gone.py" <<'PYTHON'
import os, pty, sys, time
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while b"up" not in os.read(master, 1000):
    pass
os.close(master)
def ticks():
    stat = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return int(stat[11]) + int(stat[12])
before = ticks()
time.sleep(1)
print("spins" if ticks() - before > 50 else "waits")
for _ in range(100 * int(os.environ["SLOW"])):
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        break
    time.sleep(0.2)
else:
    os.kill(pid, 9)
    status = os.waitpid(pid, 0)[1]
print("status", os.waitstatus_to_exitcode(status))
PYTHON
export SLOW
# shellcheck disable=SC2016 # for the shell inside
run python3 "$TEST_DIR/gone.py" nsinit exec --rootfs "$box" \
	sh -c 'trap "" HUP; echo up; for i in 1 2 3 4 5 6; do sleep 0.5; echo $i; done; exit 5'
is "$status $out" $'0 waits\nstatus 5' \
	"a terminal that goes: nsinit waits, and the status is the program's"
leftovers "... and nothing is left"

# --- output is lost ----------------------------------------------------------

lost='nsinit: exec: write the process.s output: '
run bash -c 'timeout -k 1 20 "$@" >/dev/full' full "${exec_box[@]}" -t echo hi
like "$status $err" "^125 ${lost}No space left on device\$" \
	"what cannot be written is an error, in one line"
run bash -c 'timeout -k 1 20 "$@" >/dev/full' full "${exec_box[@]}" -t yes
like "$status $err" "^125 ${lost}No space left on device\$" \
	"... and ends who would write for ever"
command_json no 'exec yes'
run bash -c 'timeout -k 1 20 execdriver run "$0" >/dev/full' "$TEST_DIR/command.json"
like "$status ${err##*$'\n'}" "^125 execdriver: run: write the process.s output: No space left" \
	"... execdriver's, too"

if command -v strace >/dev/null; then
	# Our stdout is a file here; the one write to it fails.
	: >"$TEST_DIR/file"
	for error in EIO EPERM ENOMEM; do
		run bash -c 'timeout -k 1 30 env ASAN_OPTIONS=detect_leaks=0 strace -qq \
			-o "$1.calls" -P "$1" -e trace=write -e "inject=write:error=$2:when=1" \
			"${@:3}" >"$1"' lost "$TEST_DIR/file" $error "${exec_box[@]}" -t echo hi
		like "$status $err" "^125 $lost" "writing fails with $error: an error"
		command_json no 'echo hi'
		run bash -c 'timeout -k 1 30 env ASAN_OPTIONS=detect_leaks=0 strace -qq \
			-o "$1.calls" -P "$1" -e trace=write -e "inject=write:error=$2:when=1" \
			"${@:3}" >"$1"' lost "$TEST_DIR/file" $error \
			execdriver run "$TEST_DIR/command.json"
		like "$status ${err##*$'\n'}" "^125 execdriver: run: write the process.s output: " \
			"... of execdriver"
		# The master is the only ptmx that nsinit has.
		run timeout -k 1 30 env ASAN_OPTIONS=detect_leaks=0 strace -qq \
			-o "$TEST_DIR/calls" -P /dev/ptmx -P /dev/pts/ptmx -e trace=read \
			-e "inject=read:error=$error:when=1+" \
			"${exec_box[@]}" -t yes </dev/null
		if grep -q INJECTED "$TEST_DIR/calls"; then
			like "$status $err" "^125 nsinit: exec: read the process.s output: " \
				"reading the console fails with $error: an error"
		else
			not_ok "reading the console fails with $error" "$(<"$TEST_DIR/calls")"
		fi
	done
else
	skip "output is lost" "there is no strace here"
fi
done_testing
