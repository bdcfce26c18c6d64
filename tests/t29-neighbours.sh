#!/bin/bash
# t29: a container that sees the host's processes takes nothing of dockerinit
# timeout: 300
#
# The neighbour is hostile, has the host's pid namespace, and has as many
# capabilities as the container that is being made, or owns its user namespace.
# dockerinit is held before each step, so that no race decides.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program strace

fresh_rootfs
namespaces='{"type": "NEWNS"}, {"type": "NEWUTS"}, {"type": "NEWIPC"}'
pids='{"type": "NEWPID"}' users='{"type": "NEWUSER"}'
# shellcheck disable=SC2034 # by their names
maps='[{"container_id": 0, "host_id": 100000, "size": 65536}]'
# shellcheck disable=SC2034
same='[{"container_id": 0, "host_id": 0, "size": 65536}]'

# neighbour WORD...: leaves $status, $out, $err.
neighbour() {
	run nsinit exec --id neighbour "$@"
}
begin_neighbour() {
	config networks "[]" namespaces "[$namespaces]"
	nsinit exec --id neighbour --config "$config_file" /probe sleep 600 \
		>"$TEST_DIR/neighbour.out" 2>&1 &
	neighbour_runner=$!
	wait_for nsinit nsenter --id neighbour /probe say here || not_ok \
		"a neighbour lives" "$(cat "$TEST_DIR/neighbour.out")"
}
end_neighbour() {
	kill "$neighbour_runner"
	wait "$neighbour_runner" || :
}

# hold_in CONFIG-FILE STEP: hold, but for a config of its own.
hold_in() {
	rootfs=$1 hold "$2" /probe say ran
}

# pried FILE STEP...: what the neighbour gets from a dockerinit that stands
# before each of these steps; nothing when all is refused.
pried() {
	local file=$1 step
	shift
	for step; do
		hold_in "$file" "$step"
		[[ $pid ]] || { echo "step $step: nobody is held"; return; }
		neighbour /probe pry "$pid"
		[[ $(wc -l <<<"$out") -eq 6 ]] || echo "step $step: $out $err"
		grep -vE ' E(PERM|ACCES)$' <<<"$out" | sed "s/^/step $step: /"
		release
	done 2>&1
	[[ $out == *ran* ]] || echo "it does not run: $out"
}

begin_neighbour
neighbour /probe pry $$
is "$(grep -c ' ok$' <<<"$out")" 0 \
	"a neighbour takes nothing of a process of the host's"
wait_for named probe
neighbour /probe pry "$(named probe)"
is "$(grep -c ' ok$' <<<"$out")" 6 "... but all, in six ways, of its equals"

# --- new containers ----------------------------------------------------------

config networks "[]" namespaces "[$namespaces]"
cp "$config_file" "$TEST_DIR/shared"
config networks "[]" namespaces "[$namespaces, $pids]"
cp "$config_file" "$TEST_DIR/own"
for kind in shared own; do
	is "$(pried "$TEST_DIR/$kind" 1 4 5 6 7 8 9 10 11 12)" "" \
		"a neighbour takes nothing of a new dockerinit, with $kind pids"
done
user_maps=(maps same)
if ! has_user_namespaces; then
	user_maps=()
	skip "a neighbour takes nothing, in a user namespace" "there are none here"
fi
for map in "${user_maps[@]}"; do
	config networks "[]" namespaces "[$namespaces, $users]" uid_mappings "${!map}" \
		gid_mappings "${!map}"
	cp "$config_file" "$TEST_DIR/shared"
	config networks "[]" namespaces "[$namespaces, $pids, $users]" \
		uid_mappings "${!map}" gid_mappings "${!map}"
	cp "$config_file" "$TEST_DIR/own"
	for kind in shared own; do
		is "$(pried "$TEST_DIR/$kind" 1 2 4 6 7 8 9 10 11 12)" "" \
			"... in a user namespace of its owner ($map), with $kind pids"
	done
done

# Before the exec it is a copy of nsinit that waits for its id maps.
newborn() {
	local p
	for p in /proc/[0-9]*; do
		[[ $(readlink "$p/ns/user") == "$(readlink /proc/self/ns/user)" ]] ||
			! comm_is "${p#/proc/}" nsinit || echo "${p#/proc/}"
	done 2>/dev/null
}
if [[ ${#user_maps[@]} -gt 0 ]]; then
	slowly execveat 3 nsinit exec --config "$TEST_DIR/own" /probe say ran
	is_born() {
		[[ $(newborn) ]]
	}
	wait_for is_born || not_ok "a newborn waits"
	neighbour /probe pry "$(newborn)"
	is "$(wc -l <<<"$out") $(grep -vE ' E(PERM|ACCES)$' <<<"$out")" "6 " \
		"... nor of what nsinit has just cloned"
	wait "$runner"
	is "$(cat "$TEST_DIR/slow.out")" ran "... and it runs"
fi

# --- what everybody may read: the mount table --------------------------------

# A process that joins, for the short time before it is one of the container's.
end_neighbour
config hostname '"joined"'
begin
slowly prctl 2 nsinit exec --config "$config_file" /probe say ran
born_again() {
	local p
	for p in /proc/[0-9]*; do
		! grep -qs '^NSpid:.*[[:space:]]2$' "$p/status" || return 0
	done
	return 1
}
passes "a process is delayed right after its second birth" wait_for born_again
run nsinit nsenter --id nsinit /probe read /proc/1/mountinfo
table=$out
run nsinit nsenter --id nsinit /probe read /proc/2/mountinfo
is "$out" "$table" "... its mount table is the container's, not the host's"
run nsinit nsenter --id nsinit /probe read /proc/2/comm , \
	ls /proc/2/root , ls /proc/2/cwd , read /proc/2/maps
like "$out" "^dockerinit:04" "... as it is seen from inside"
is "$(sed -n 's/^\(ls\|read\) //p' <<<"$out" | tr '\n' ';')" \
	"/proc/2/root EACCES;/proc/2/cwd EACCES;/proc/2/maps EACCES;" \
	"... and its root, folder and memory are closed"
wait "$runner"
is "$(cat "$TEST_DIR/slow.out")" ran "... and it goes on"
runner='' && kill -KILL "$pid"
begin_neighbour

# --- joining -----------------------------------------------------------------

for kind in own shared; do
	more=$namespaces
	[[ $kind == shared ]] || more+=", $pids"
	for map in '' "${user_maps[@]}"; do
		what=''
		if [[ $map ]]; then
			config networks "[]" namespaces "[$more, $users]" \
				uid_mappings "${!map}" gid_mappings "${!map}"
			what=", in a user namespace ($map)"
		else
			config networks "[]" namespaces "[$more]"
		fi
		cp "$config_file" "$TEST_DIR/joined"
		begin
		life=$runner init=$pid
		is "$(pried "$TEST_DIR/joined" 1 4 6 10 11 12)" "" \
			"a neighbour takes nothing of who joins, with $kind pids$what"
		runner=$life pid=$init
		end
	done
done
end_neighbour
done_testing
