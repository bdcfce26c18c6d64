#!/bin/bash
# t23: namespaces that are there already: joined by path, or the host's
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program unshare nsenter

fresh_rootfs
all='mnt uts ipc pid net cgroup user'

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# give FLAG...: somebody with namespaces of his own; his pid is in $owner.
give() {
	unshare "$@" --kill-child sleep 600 2>/dev/null &
	giver=$!
	wait_for given || not_ok "somebody has namespaces" "unshare $*"
}
given() {
	owner=$(ps -o pid= --ppid $giver | tr -d ' ')
	[[ ! $owner ]] || return 0
	owner=$giver
	[[ $(tr -d '\0' <"/proc/$giver/comm") == sleep ]]
}
taken() {
	kill -KILL "$owner" 2>/dev/null || :
	wait "$giver" 2>/dev/null || :
}

# apart PID PID: the kinds of namespaces in which the two differ.
apart() {
	local ns
	for ns in $all; do
		[[ $(readlink "/proc/$1/ns/$ns") == \
			"$(readlink "/proc/$2/ns/$ns")" ]] || echo -n "$ns "
	done
}

# --- by flag -----------------------------------------------------------------

give --uts --ipc --net --pid --fork --mount-proc
nsenter -t "$owner" -u hostname elsewhere
for ns in uts ipc net pid; do
	begin_with() {
		nsinit exec --config "$config_file" "--$ns" "/proc/$owner/ns/$ns" \
			/probe sleep 600 >"$TEST_DIR/life.out" 2>&1 &
		runner=$!
		wait_for begun || not_ok "a container begins" \
			"$(cat "$TEST_DIR/life.out")"
	}
	config
	begin_with
	is "$(apart "$pid" "$owner")" "$(for o in mnt uts ipc pid net; do
		[[ $o == "$ns" ]] || echo -n "$o "; done)" \
		"--$ns PATH joins that one, and makes the others"
	in_container /probe pid , where
	is "$status" 0 "... and a second process joins all of them"
	[[ $ns != uts ]] || is "$(facts hostname)" elsewhere \
		"... whose name is its owner's"
	[[ $ns != pid ]] || is "$(of_status "$pid" PPid)" "$runner" \
		"... nsinit stays its parent"
	end
done

config namespaces "[{\"type\": \"NEWNS\"},
	{\"type\": \"NEWUTS\", \"path\": \"/proc/$owner/ns/uts\"},
	{\"type\": \"NEWIPC\", \"path\": \"/proc/$owner/ns/ipc\"},
	{\"type\": \"NEWPID\", \"path\": \"/proc/$owner/ns/pid\"},
	{\"type\": \"NEWNET\", \"path\": \"/proc/$owner/ns/net\"}]" hostname '""' \
	networks '[]'
begin
is "$(apart "$pid" "$owner")" "mnt " "all of them at once"
like "$(of_status "$pid" NSpid)" ' [0-9]+$' "... with a pid in the joined namespace"
probe ls /proc
like "$(facts entry)" '^1'$'\n' "... whose processes are in /proc"
kill -KILL "$pid"
run wait "$runner"
is "$status" 137 "its end is seen"
is "$(comm_is "$owner" sleep && echo lives)" lives \
	"... and the owner of the pid namespace lives on"
probe exit 5
is "$status" 5 "its exit status comes back"
probe forks 3 , say ended
is "$status $(tail -n 1 <<<"$out")" "0 ended" "it can fork there"
nsinit exec --config "$config_file" /probe await 15 >"$TEST_DIR/life.out" 2>&1 &
runner=$!
wait_for grep -q ready "$TEST_DIR/life.out"
kill -TERM $runner
run wait $runner
is "$status" 0 "signals reach it"
taken

# A namespace with no process, kept by its file alone.
touch "$TEST_DIR/ns"
unshare --net="$TEST_DIR/ns" true
config
in_container --net "$TEST_DIR/ns" /probe links
is "$status" 0 "a network namespace that nobody is in can be joined"
like "$out" 'lo ' "... and has its lo"
umount "$TEST_DIR/ns"

# --- cgroup, mnt -------------------------------------------------------------

give --cgroup
config namespaces "[{\"type\": \"NEWNS\"}, {\"type\": \"NEWPID\"},
	{\"type\": \"NEWCGROUP\", \"path\": \"/proc/$owner/ns/cgroup\"}]" \
	hostname '""' networks '[]'
begin
is "$(apart "$pid" "$owner")" "mnt pid " "a cgroup namespace can be joined"
end
taken
config namespaces '[{"type": "NEWNS"}, {"type": "NEWCGROUP"}]' hostname '""' \
	networks '[]'
begin
is "$(apart "$pid" self)" "mnt cgroup " "... or be new"
end

if has_true_root; then
	give --mount
	nsenter -t "$owner" -m mount -t tmpfs joined /mnt
	nsenter -t "$owner" -m cp "$PROBE" /mnt/probe
	run nsinit exec --mnt "/proc/$owner/ns/mnt" /mnt/probe pid , mounts
	is "$status $(facts pid)" "0 1" "a mount namespace can be joined"
	like "$out" 'mount /mnt tmpfs' "... and its mounts are there"
	is "$(nsenter -t "$owner" -m cat /proc/self/mountinfo | wc -l)" \
		"$(($(wc -l </proc/self/mountinfo) + 1))" "... and none is made in it"
	cat >"$config_file" <<-JSON
		{"rootfs": "$rootfs", "namespaces": [
		{"type": "NEWNS", "path": "/proc/$owner/ns/mnt"}]}
	JSON
	in_container /mnt/probe pid
	refused 'rootfs: needs a NEWNS of its own' "... with a rootfs it is refused"
	cat >"$config_file" <<-JSON
		{"namespaces": [{"type": "NEWNS", "path": "/proc/$owner/ns/mnt"}],
		"readonly_paths": ["/proc/sys"]}
	JSON
	in_container --rootfs / /mnt/probe pid
	refused 'readonly_paths: needs a NEWNS of its own' "... and with what would be mounted"
	taken
else
	skip "a mount namespace can be joined" "in a chroot its root is another"
fi

# --- host --------------------------------------------------------------------

config
for ns in uts ipc net pid; do
	nsinit exec --config "$config_file" "--$ns" host /probe sleep 600 \
		>"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	wait_for begun || not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
	is "$(apart "$pid" self)" "$(for o in mnt uts ipc pid net; do
		[[ $o == "$ns" ]] || echo -n "$o "; done)" "--$ns host shares it"
	in_container /probe exit 3
	is "$status" 3 "... with a second process"
	end
done
run nsinit exec --mnt host "$PROBE" where , pid
is "$status $(facts pid)" "0 1" "--mnt host stays among the host's files"
nsinit exec --config "$config_file" --pid "/proc/self/ns/pid" /probe sleep 600 \
	>"$TEST_DIR/life.out" 2>&1 &
runner=$!
wait_for begun || not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
is "$(apart "$pid" self)" "mnt uts ipc net " "the path of a namespace of ours shares it"
end

# --- what is no such namespace -----------------------------------------------

config
cat >"$TEST_DIR/bad.list" <<-LIST
	NEWNET /proc/self/ns/uts namespaces\[1\].path: /proc/self/ns/uts: this is a namespace of type uts, not net
	NEWUTS /etc/passwd namespaces\[1\].path: /etc/passwd: this is no namespace
	NEWIPC /proc/self/ns namespaces\[1\].path: /proc/self/ns: this is no namespace
	NEWUSER /nowhere/user namespaces\[1\].path: /nowhere/user: No such file
	NEWCGROUP ns/cgroup namespaces\[1\].path: ns/cgroup is not absolute
LIST
while read -r type path why; do
	config namespaces "[{\"type\": \"NEWNS\"},
		{\"type\": \"$type\", \"path\": \"$path\"}]" hostname '""' \
		networks '[]'
	probe id
	refused "$why" "a $type of $path is refused"
done <"$TEST_DIR/bad.list"

# --- user namespaces ---------------------------------------------------------

maps='"uid_mappings": [{"container_id": 0, "host_id": 100000, "size": 5000}],
	"gid_mappings": [{"container_id": 0, "host_id": 100000, "size": 5000}]'
if unshare -U true 2>/dev/null; then
	chown -R 100000:100000 "$rootfs"
	# An own network namespace beside a new user namespace.
	unshare --net="$TEST_DIR/ns" true
	cat >"$config_file" <<-JSON
		{"rootfs": "$rootfs", "namespaces": [{"type": "NEWNS"},
		{"type": "NEWUSER"}, {"type": "NEWPID"}, {"type": "NEWUTS"},
		{"type": "NEWNET", "path": "$TEST_DIR/ns"}], $maps,
		"hostname": "beside", "mounts": [{"device": "proc",
		"destination": "/proc"}], "capabilities": ["SYS_ADMIN", "NET_ADMIN"]}
	JSON
	begin
	is "$(stat -Lc %i "/proc/$pid/ns/net")" "$(stat -Lc %i "$TEST_DIR/ns")" \
		"a new user namespace goes with a joined network namespace"
	is "$(apart "$pid" self)" "mnt uts pid net user " "... and the others are new"
	probe id , pid , where
	is "$(facts uid) $(facts hostname)" "0 0 0 beside" "... root and name are its own"
	like "$(facts pid)" '^[2-9]' "... and a second process joins all"
	passes "... and nsinit holds nothing of it" umount "$TEST_DIR/ns"

	# A second container that joins what the first one has.
	owner=$pid first=$runner
	state_file=/run/nsinit/second/state.json
	cat >"$TEST_DIR/second.json" <<-JSON
		{"rootfs": "$rootfs", "namespaces": [
		{"type": "NEWUSER", "path": "/proc/$owner/ns/user"},
		{"type": "NEWNET", "path": "/proc/$owner/ns/net"},
		{"type": "NEWPID", "path": "/proc/$owner/ns/pid"},
		{"type": "NEWNS"}, {"type": "NEWUTS"}, {"type": "NEWIPC"}],
		"hostname": "second", "mounts": [{"device": "proc",
		"destination": "/proc"}, {"device": "mqueue", "destination": "/tmp"}],
		"capabilities": ["SYS_ADMIN"]}
	JSON
	config_file=$TEST_DIR/second.json
	nsinit exec --id second --config "$config_file" /probe sleep 600 \
		>"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	wait_for begun || not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
	is "$(apart "$pid" "$owner")" "mnt uts ipc " \
		"a user namespace is joined with the network and pids beside it"
	is "$(of_status "$pid" Uid)" "100000 100000 100000 100000" "... as its root"
	is "$(of_status "$pid" CapEff)" 0000000000200000 "... with the config's capabilities"
	run nsinit exec --id second --config "$config_file" /probe id , where
	is "$(facts uid) $(facts hostname)" "0 0 0 second" "... a second process, too"
	run nsinit exec --id second --config "$config_file" --user user /probe id
	is "$(facts uid)" "1000 1000 1000" "... or another of its users"
	end
	cat >"$config_file" <<-JSON
		{"rootfs": "$rootfs", "namespaces": [
		{"type": "NEWUSER", "path": "/proc/$owner/ns/user"},
		{"type": "NEWNET"}, {"type": "NEWPID"}, {"type": "NEWNS"},
		{"type": "NEWUTS"}, {"type": "NEWIPC"}], "hostname": "third",
		"networks": [{"type": "loopback"}], "mounts": [
		{"device": "proc", "destination": "/proc"},
		{"device": "sysfs", "destination": "/sys"},
		{"device": "mqueue", "destination": "/tmp"}]}
	JSON
	run nsinit exec --id second --config "$config_file" /probe pid , links , where
	is "$status $(facts pid) $(facts hostname)" "0 1 third" \
		"what is made new in a joined user namespace is its own"
	like "$out" 'lo .*up' "... also the loopback"
	cat >"$config_file" <<-JSON
		{"namespaces": [{"type": "NEWUSER", "path": "/proc/$owner/ns/user"},
		{"type": "NEWNS", "path": "/proc/$owner/ns/mnt"}]}
	JSON
	run nsinit exec --id second --config "$config_file" --rootfs / /probe id
	is "$status $(facts uid)" "0 0 0 0" "user and mount namespace alone, as nsenter has it"
	cat >"$config_file" <<-JSON
		{"rootfs": "$rootfs", "namespaces": [
		{"type": "NEWUSER", "path": "/proc/$owner/ns/user"},
		{"type": "NEWNS"}], $maps}
	JSON
	run nsinit exec --id second --config "$config_file" /probe id
	refused 'uid_mappings: a namespace that is joined has its own' \
		"maps for a joined one are refused"

	# As an ordinary user, what belongs to his own user namespace.
	me=$((300000 + RANDOM))
	as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups)
	if "${as_me[@]}" unshare -U true 2>/dev/null &&
		"${as_me[@]}" test -x "$BIN/nsinit"; then
		"${as_me[@]}" unshare -Urnui --kill-child -f sleep 600 2>/dev/null &
		giver=$!
		wait_for given
		chown -R "$me:$me" "$rootfs"
		mkdir "$TEST_DIR/his"
		chown "$me" "$TEST_DIR/his"
		cat >"$config_file" <<-JSON
			{"rootfs": "$rootfs", "namespaces": [
			{"type": "NEWNET", "path": "/proc/$owner/ns/net"},
			{"type": "NEWUTS", "path": "/proc/$owner/ns/uts"},
			{"type": "NEWUSER", "path": "/proc/$owner/ns/user"},
			{"type": "NEWNS"}, {"type": "NEWPID"}],
			"mounts": [{"device": "proc", "destination": "/proc"}]}
		JSON
		chmod 644 "$config_file"
		"${as_me[@]}" nsinit --root "$TEST_DIR/his/state" exec \
			--config "$config_file" /probe sleep 600 \
			>"$TEST_DIR/life.out" 2>&1 &
		runner=$!
		state_file=$TEST_DIR/his/state/nsinit/state.json
		wait_for begun || not_ok "a container begins" \
			"$(cat "$TEST_DIR/life.out")"
		is "$(apart "$pid" "$owner")" "mnt ipc pid " \
			"an ordinary user joins what belongs to his user namespace"
		run "${as_me[@]}" nsinit --root "$TEST_DIR/his/state" exec \
			--config "$config_file" /probe id , exit 4
		is "$status $(facts uid)" "4 0 0 0" "... with a second process, too"
		end
		taken
	else
		skip "an ordinary user joins what is his" \
			"he may make no user namespace here"
	fi
	runner=$first pid=$(named probe)
	end
else
	skip "user namespaces are joined" "there are none here"
fi
is "$(ls /run/nsinit)" "" "the state root is empty in the end"
done_testing
