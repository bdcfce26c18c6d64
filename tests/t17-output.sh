#!/bin/bash
# t17: output that cannot be written is an error
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
fresh_rootfs
nl=$'\n'

# loses SENTENCE PROGRAM WORD...: what it prints is of some use, and where it
# cannot be written the program says so in one line, and fails.
loses() {
	local text=$1
	shift
	run "$@"
	is "$status:${out:+some}" "0:some" "$text is printed"
	run bash -c '"$@" >/dev/full' - "$@"
	is "$status" 125 "... which fails on a disk that is full"
	like "$err" "^[^$nl]*write the output: No space left on device\$" \
		"... in one line that says why"
	run bash -c '"$@" >&-' - "$@"
	is "$status" 125 "... and where standard output is closed"
	like "$err" "^[^$nl]*write the output: Bad file descriptor\$" \
		"... in one line, too"
}

loses "the spec" nsinit spec --rootfs "$rootfs"
loses "nsinit's list of steps" nsinit explain
loses "the explanation of a step" nsinit explain 9
loses "nsinit's help" nsinit --help
commands() { # PROGRAM: those that its help lists, but nsinit's own use
	"$1" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | grep -vx init
}
for command in $(commands nsinit); do
	loses "the help of nsinit $command" nsinit "$command" --help
done
loses "nsinit's version" nsinit --version
loses "execdriver's help" execdriver --help
for command in $(commands execdriver); do
	loses "the help of execdriver $command" execdriver "$command" --help
done
loses "execdriver's version" execdriver --version
for flag in --list-steps --list-steps=json --help --version; do
	loses "dockerinit $flag" "$BIN/dockerinit" "$flag"
done

config hostname '"pine"'
begin
loses "the spec of a living container" nsinit spec --id nsinit
loses "nsinit stats" nsinit stats --id nsinit
end
cat >"$TEST_DIR/command.json" <<-JSON
	{"id": "oak", "rootfs": "$rootfs", "process_config":
	 {"entrypoint": "/probe", "arguments": ["sleep", "600"]}}
JSON
execdriver run "$TEST_DIR/command.json" >"$TEST_DIR/life.out" 2>&1 &
wait_for grep -q 'started pid' "$TEST_DIR/life.out" ||
	not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
loses "execdriver info" execdriver info oak
loses "execdriver pids" execdriver pids oak
loses "execdriver stats" execdriver stats oak
execdriver kill oak KILL
wait $! || :

is "$(grep -rnE '(^|[^a-z_])(printf|puts|putchar)\(|[(, ]stdout\)' "$TOP"/nsinit \
	"$TOP"/execdriver "$TOP"/libcontainer --include='*.c')" "" \
	"nothing of nsinit and execdriver is printed in another way"

# A trace goes to stderr, or to a file.
for kind in '' lines json html; do
	case $kind in
	'') flag=--trace=/dev/full ;;
	*) flag=--trace=$kind:/dev/full ;;
	esac
	[[ $kind != lines ]] || continue
	run nsinit "$flag" exec --rootfs "$rootfs" /probe pid
	is "$status" 125 "nsinit $flag fails"
	like "$err" "^[^$nl]*No space left on device[^$nl]*\$" \
		"... in one line that says why"
done
run bash -c 'nsinit --trace exec --rootfs "$1" /probe pid 2>/dev/full' - "$rootfs"
is "$status" 125 "a trace that stderr does not take fails, too"

# What runs in a container has a closed standard output as it always had.
run bash -c 'nsinit exec --rootfs "$1" /probe exit 3 >&-' - "$rootfs"
is "$status" 3 "a program that prints nothing needs no standard output"
done_testing
