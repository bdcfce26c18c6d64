#!/bin/bash
# t37: whoever kills nsinit at any moment of a start ends what it began
# timeout: 300
#
# killer.c stops the world at one system call and kills nsinit there: at its
# own calls, and at those of the processes that it has made, which is where a
# child has no guard yet. Nobody may live on, and the lock is free: the next
# command on that id works.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program setpriv
needs_no_vm

KILLER=${TRACER%/*}/killer
fresh_rootfs
config hostname '"victim"'
as=() next=(nsinit exec --id victim --config "$config_file" /probe say next)

# at SIDE N WORD...: nsinit is killed there; 0 nobody is left, 3 too late.
at() {
	local side=$1 n=$2
	shift 2
	status=0
	timeout -s KILL 60 "${as[@]}" "$KILLER" "$side" "$n" "$@" \
		>"$TEST_DIR/killer.out" 2>"$TEST_DIR/killer.err" </dev/null ||
		status=$?
}

# killed_anywhere WHAT WORD...: at some sixty points; at each of the first
# thirty calls of the child, for there its guard is made.
killed_anywhere() {
	local what=$1 side n most step left='' stuck='' points=0
	shift
	for side in outside inside; do
		at "$side" 0 "$@"
		most=$(tail -n 1 "$TEST_DIR/killer.out")
		step=$((most / 25 + 1))
		for ((n = 1; n <= most; n++)); do
			[[ $((n % step)) -eq 0 ||
				($side == inside && n -le 30) ]] || continue
			at "$side" "$n" "$@"
			[[ $status -ne 3 ]] || break
			points=$((points + 1))
			[[ $status -eq 0 ]] || left+="$side $n: \
$(cat "$TEST_DIR/killer.out" "$TEST_DIR/killer.err")"$'\n'
			run timeout -s KILL 10 "${next[@]}"
			[[ "$status $out" == "0 next" ]] ||
				stuck+="$side $n: $status $out$err"$'\n'
		done
	done
	passes "$what: nsinit is killed at many system calls" \
		test "$points" -ge 50
	is "$left" "" "... and nobody lives on"
	is "$stuck" "" "... and the next command on that id works at once"
}

# --- new containers ----------------------------------------------------------

killed_anywhere "a new container" \
	nsinit exec --id victim --config "$config_file" /probe say first
if has_user_namespaces; then
	killed_anywhere "a new container with a user namespace" nsinit exec \
		--id victim --config "$config_file" --userns-root-uid 1000 \
		/probe say first
else
	skip "a new container with a user namespace" "there are none here"
fi
killed_anywhere "a new container that changes its user, with --pid host" \
	nsinit exec --id victim --config "$config_file" --pid host \
	--user 1000 /probe say first

# --- joining -----------------------------------------------------------------

begin
init=$pid
next=(nsinit exec --config "$config_file" /probe say next)
killed_anywhere "a process that joins" \
	nsinit exec --config "$config_file" --user 1000 /probe say second
passes "... and the container has not felt it" comm_is "$init" probe
end

# --- an ordinary user --------------------------------------------------------

me=$((300000 + RANDOM))
home=$TEST_DIR/home
mkdir "$home"
probe_rootfs "$home/rootfs"
chown -R "$me:$me" "$home"
as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups
	env -C "$home/rootfs" -u XDG_RUNTIME_DIR HOME="$home")
if "${as_me[@]}" unshare -U true 2>/dev/null &&
	"${as_me[@]}" test -x "$BIN/nsinit"; then
	next=("${as_me[@]}" nsinit exec --id victim /probe say next)
	killed_anywhere "an ordinary user's container" \
		"${as_me[@]}" nsinit exec --id victim /probe say first
else
	skip "an ordinary user's container" "he may make no user namespace here"
fi
rm -rf "/tmp/nsinit-$me"
done_testing
