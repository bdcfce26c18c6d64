#!/bin/bash
# t01: nsinit exec, from the command line to the exit status
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root

box=$TEST_DIR/box
busybox_rootfs "$box"
probe_rootfs "$rootfs"
nl=$'\n'
PATH_INSIDE=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# in_folder FOLDER WORD...: nsinit exec, the way of June 2014.
in_folder() {
	local folder=$1
	shift
	run env -C "$folder" nsinit exec "$@"
}

# the_state: the state.json of the only container.
the_state() {
	echo /run/nsinit/*/state.json
}

# stay FOLDER [FLAG...]: a container in FOLDER that lives until the host kills
# it; its first process is $pid, its nsinit $runner.
stay() {
	local folder=$1
	shift
	: >"$TEST_DIR/stay.out"
	env -C "$folder" nsinit exec "$@" >"$TEST_DIR/stay.out" 2>&1 &
	runner=$!
	wait_for grep -q ready "$TEST_DIR/stay.out" ||
		not_ok "a container begins" "$(cat "$TEST_DIR/stay.out")"
	state_file=$(the_state)
	pid=$(container_pid)
}

# --- a folder is enough ------------------------------------------------------

# shellcheck disable=SC2016 # the shell inside expands it
in_folder "$box" /bin/sh -c 'echo pid $$; hostname; ls /; cat /proc/1/comm
	cd /proc; echo [0-9]*'
is "$status" 0 "in a folder with a root file system, exec runs its shell"
is "$(sed -n 1p <<<"$out")" "pid 1" "it is pid 1"
is "$(sed -n 2p <<<"$out")" nsinit "its host name is the template's"
like "$out" $'\nbin\ndev\netc\nhome\nproc\nroot\nrun\nsbin\nsys\ntmp\nusr\nvar\n' \
	"its / is the folder"
like "$out" $'\nsh\n1$' "/proc shows its own processes alone"
is "$err" "" "nsinit adds nothing to its standard error"
is "$(hostname)" "$(cat /proc/sys/kernel/hostname)" \
	"the host has its own name still"

in_folder "$rootfs" /probe pid , where , comm
is "$out" $'pid 1\nppid 0\npgid 1\nsid 1\ncwd /\nhostname nsinit\ncomm probe' \
	"a program without a shell leads a session of its own, in /"

SECRET=1 in_folder "$rootfs" /probe env
is "$(sort <<<"$out")" "$(printf 'env %s\n' HOME=/root HOSTNAME=nsinit \
	"PATH=$PATH_INSIDE" TERM=xterm)" \
	"its environment is four variables, nothing of the caller's"

stay "$rootfs" /probe await 15
for ns in mnt uts ipc pid net; do
	isnt "$(readlink "/proc/$pid/ns/$ns")" "$(readlink "/proc/self/ns/$ns")" \
		"seen from the host, its $ns namespace is another"
done
is "$(readlink "/proc/$pid/ns/user")" "$(readlink /proc/self/ns/user)" \
	"... and its user namespace is ours"
is "$(stat -Lc %d:%i "/proc/$pid/root/probe")" "$(stat -c %d:%i "$rootfs/probe")" \
	"its root is the folder, seen from the host"
is "$(of_status "$pid" NSpid)" "$pid 1" "it has a pid here and is 1 there"
is "$(of_status "$pid" PPid)" "$runner" "its parent is nsinit"
id=$(basename "${state_file%/state.json}")
is "$(grep -E "$(has_cgroup v2 && echo '^0:' || echo '[:,](memory|pids|devices)[:,]')" \
	"/proc/$pid/cgroup" | grep -v "/nsinit/$id\$")" "" \
	"it is in cgroups of its own id"
is "$(stat -c %a "${state_file%/state.json}") $(stat -c %a "$state_file")" \
	"700 600" "its state is root's alone"
kill -TERM "$runner"
run wait "$runner"
is "$(cat "$TEST_DIR/stay.out")" $'ready\ncaught 15' \
	"SIGTERM to nsinit reaches it"
is "$status" 0 "... and its own exit status comes back"
is "$(ls /run/nsinit)" "" "the state root is empty after it"

# --- flags -------------------------------------------------------------------

in_folder "$rootfs" --env 'A=x y' --env B= --env PATH=/none --env A=2 /probe env
is "$(sort <<<"$out")" "$(printf 'env %s\n' A=2 B= HOME=/root HOSTNAME=nsinit \
	PATH=/none TERM=xterm)" "--env adds and replaces"
in_folder "$rootfs" --env =x /probe env
is "$status" 125 "--env without a name is refused"
in_folder "$rootfs" --hostname fir /probe where , env
like "$out" $'\nhostname fir\n' "--hostname names the container"
like "$out" 'env HOSTNAME=fir' "... and \$HOSTNAME"
in_folder "$rootfs" --cwd /tmp /probe where
like "$out" 'cwd /tmp' "--cwd is where it begins"
in_folder "$rootfs" --cwd tmp /probe where
is "$status" 125 "a relative --cwd is refused"
like "$err" '--cwd tmp.*absolute' "... with the reason"
in_folder "$rootfs" --cwd /etc/passwd /probe where
is "$status" 125 "a --cwd that is a file is refused"
like "$err" 'step 10 .*/etc/passwd: Not a directory' "... by the step that goes there"

in_folder "$rootfs" --user user /probe id , env
is "$(grep id <<<"$out")" $'uid 1000 1000 1000\ngid 1000 1000 1000' \
	"--user by name"
is "$(facts groups)" 2000 "... with the groups of /etc/group"
like "$out" 'env HOME=/tmp' "... and the home of /etc/passwd"
in_folder "$rootfs" --user 1000 /probe id
is "$(facts uid)" "1000 1000 1000" "--user by number"
in_folder "$rootfs" --user 7:8 /probe id , env
is "$(facts uid) $(facts gid)" "7 7 7 8 8 8" "--user UID:GID that nobody has"
is "$(facts groups)" "" "... with no other group"
in_folder "$rootfs" -u user:extra /probe id
is "$(facts gid)" "2000 2000 2000" "--user NAME:GROUP"
in_folder "$rootfs" --user nemo /probe id
is "$status" 125 "a user that is not in /etc/passwd is refused"
like "$err" '^nsinit: exec: dockerinit step 10 \(step10_hostname_profile\): .*nemo' \
	"... in one line that says program, act, step, object and reason"

# --- exit statuses -----------------------------------------------------------

for n in 0 1 7 125 255; do
	in_folder "$rootfs" /probe exit $n
	is "$status" $n "exit status $n comes back"
done
for n in 1 9 15; do
	in_folder "$rootfs" --pid host /probe kill $n
	is "$status" $((128 + n)) "killed by signal $n from inside is 128 + $n"
done
in_folder "$box" /bin/sh -c 'kill -9 $$; echo alive'
is "$status $out" "0 alive" "the first process of a pid namespace cannot kill itself"
stay "$rootfs" /probe await 10
kill -KILL "$pid"
end
is "$status" 137 "killed from the host is 137"

printf 'x\n' >"$rootfs/plain"
printf 'exit 0\n' >"$rootfs/headless"
printf '#!/nowhere\n' >"$rootfs/astray"
chmod 0644 "$rootfs/plain"
chmod 0755 "$rootfs/headless" "$rootfs/astray"
mkfifo "$rootfs/fifo"
refused() { # NAME STATUS REASON SENTENCE
	in_folder "$rootfs" --env PATH=/:/tmp "$1"
	is "$status" "$2" "$4 is $2"
	like "$err" "^nsinit: exec: [^$nl]*\"$1\"[^$nl]*: $3[^$nl]*\$" \
		"... in one line that says why"
}
refused /plain 126 'Permission denied' "a file without the x bit"
refused plain 126 'Permission denied' "... also when PATH finds it"
refused /tmp 126 'Is a directory' "a folder"
refused /fifo 126 'Permission denied' "what is no file"
refused /headless 126 'Exec format error' "a script without #!"
refused /astray 127 'No such file' "a script whose interpreter is missing"
# The template asks about the folder first; a config does not.
config hostname '"pine"'
for name in /none /etc/passwd/none none; do
	in_container $name
	is "$status" 127 "the name $name, which is not there, is 127"
	like "$err" "step 10 .*\"$name\"" "... and step 10 says so"
done
in_container ''
is "$status" 127 "an empty name is 127"

# --- pipes -------------------------------------------------------------------

is "$(cd "$box" && echo hi | nsinit exec cat)" hi "a pipe goes in and out"
is "$(cd "$box" && nsinit exec sh -c 'echo a; echo b >&2' 2>/dev/null)" a \
	"standard output comes alone"
is "$(cd "$box" && nsinit exec sh -c 'echo a; echo b >&2' 2>&1 >/dev/null)" b \
	"... and so does standard error"
head -c 10485760 /dev/urandom >"$TEST_DIR/big"
# shellcheck disable=SC2002 # a pipe is what is tried
is "$(cat "$TEST_DIR/big" | env -C "$box" nsinit exec cat | sha256sum)" \
	"$(sha256sum <"$TEST_DIR/big")" "10 MB go through unchanged"
is "$(env -C "$box" nsinit exec cat <"$TEST_DIR/big" | sha256sum)" \
	"$(sha256sum <"$TEST_DIR/big")" "... from a file, too"
said=$( (env -C "$box" nsinit exec sh -c 'yes 2>/dev/null; exit 4'
	echo "status $?" >&3) 3>"$TEST_DIR/status" | head -1)
is "$said $(cat "$TEST_DIR/status")" "y status 4" \
	"standard output that is closed early ends the writer, not nsinit"
in_folder "$rootfs" /probe read - , fds
is "$(facts fd)" $'0 device\n1 file\n2 file' "it has descriptors 0, 1 and 2"
run env -C "$rootfs" bash -c 'exec nsinit exec /probe read - , fds <&-'
is "$status" 0 "with standard input closed, it reads the end of file"
is "$(facts fd)" $'0 device\n1 file\n2 file' "... from a device"
run env -C "$rootfs" bash -c 'exec nsinit exec /probe fds , exit 3 >&-'
is "$status" 3 "with standard output closed, it runs all the same"
run env -C "$rootfs" bash -c 'exec nsinit exec /probe fds <&- 2>&-'
is "$(facts fd)" $'0 device\n1 file\n2 device' "... and without standard error"

# --- nothing of the caller's goes in -----------------------------------------

run env -C "$rootfs" bash -c \
	'exec nsinit exec /probe fds 3</ 4</etc/passwd 9</etc/passwd 200</tmp'
is "$(facts fd)" $'0 device\n1 file\n2 file' \
	"no descriptor of the caller's above 2, none of dockerinit's"
run env -C "$rootfs" --block-signal=TERM --block-signal=USR1 \
	--block-signal=CHLD --ignore-signal=INT --ignore-signal=PIPE \
	--ignore-signal=CHLD nsinit exec /probe signals , exit 5
is "$out" "" "no signal is blocked or ignored that the caller blocks or ignores"
is "$status" 5 "... and the exit status comes, with SIGCHLD ignored outside"
run env -C "$rootfs" bash -c 'umask 077; exec nsinit exec /probe flags'
is "$(facts umask)" 022 "its umask is not the caller's"

# --- which config, which container -------------------------------------------

june() { # HOSTNAME
	cat <<-JSON
		{"hostname": "$1", "tty": false, "environment": ["A=june"],
		 "namespaces": {"NEWNS": true, "NEWUTS": true, "NEWIPC": true,
		                "NEWPID": true, "NEWNET": true},
		 "capabilities": ["CHOWN", "KILL"],
		 "networks": [{"type": "loopback", "address": "127.0.0.1/0",
		               "gateway": "localhost", "mtu": 1500}],
		 "cgroups": {"name": "june", "parent": "docker"}}
	JSON
}
env -C "$rootfs" nsinit spec |
	sed 's/"hostname": "nsinit",$/"hostname": "birch", "environment": ["A=found"],/' \
	>"$TEST_DIR/found"
mv "$TEST_DIR/found" "$rootfs/container.json"
in_folder "$rootfs" /probe where , env
is "$(facts hostname)" birch "container.json in the current folder is taken"
is "$(facts env | sort)" $'A=found\nHOME=/root' \
	"... and its environment is the whole environment"
june birch >"$rootfs/container.json"
in_folder "$rootfs" /probe where
is "$status" 125 "... but it may ask for nothing of the host's"
in_folder "$rootfs" --config container.json /probe where
is "$(facts hostname)" birch "... as it may by its name"
rm "$rootfs/container.json"
mkdir "$TEST_DIR/data"
june larch >"$TEST_DIR/data/container.json"
run env -C "$rootfs" data_path="$TEST_DIR/data" nsinit exec /probe where
is "$(facts hostname)" larch "... or that in \$data_path"
run env -C "$rootfs" data_path="$TEST_DIR/none" nsinit exec /probe where
is "$status" 125 "a \$data_path that is not there is refused"
june elm >"$TEST_DIR/elm.json"
run env -C / nsinit exec --config "$TEST_DIR/elm.json" --rootfs "$rootfs" \
	/probe where
is "$(facts hostname)" elm "--config and --rootfs need no folder"
run env -C "$TEST_DIR" nsinit exec --config elm.json --rootfs rootfs/ \
	--env B=1 --hostname oak /probe where , env
is "$(facts hostname)" oak "... may be relative, and flags change the config"
is "$(facts env | sort)" $'A=june\nB=1\nHOME=/root' "... and the environment"
run env -C "$rootfs" nsinit exec --config "$TEST_DIR/none.json" /probe where
is "$status" 125 "a --config that is not there is refused"
like "$err" 'none.json: No such file' "... by name"

run env -C / nsinit exec --pid private /bin/true
is "$status" 125 "/ is no container's root"
like "$err" "host's own root" "... and nsinit says so"
ln -s / "$TEST_DIR/slash"
run nsinit exec --rootfs "$TEST_DIR/slash" /bin/true
is "$status" 125 "... by no other name either"
mkdir "$TEST_DIR/empty"
in_folder "$TEST_DIR/empty" /bin/sh
is "$status" 127 "in a folder without the command, the template is refused"
like "$err" "no /bin/sh in the folder $TEST_DIR/empty" "... and nsinit says so"
is "$(find "$TEST_DIR/empty" /run/nsinit -mindepth 1)" "" \
	"... before anything is made"
ln -s /bin/sh "$TEST_DIR/empty/sh"
in_folder "$TEST_DIR/empty" /sh
is "$status" 127 "... and a link counts as it will lead inside"

# --- what a crash has left ---------------------------------------------------

sleep 600 &
stranger=$! # older than the container whose pid it gets
stay "$rootfs" /probe await 10
kill -KILL "$runner"
wait "$runner" 2>/dev/null || :
wait_for gone "$pid"
is "$(gone "$pid" && echo gone)" gone "SIGKILL of nsinit ends the container"
is "$(the_state)" "$state_file" "... and its state is left behind"
in_folder "$rootfs" /probe pid
is "$status $(facts pid) $err" "0 1 " "the next exec is a new container"
is "$(ls /run/nsinit)" "" "... and removes what was left"

stay "$rootfs" /probe await 10
kill -KILL "$runner"
wait "$runner" 2>/dev/null || :
wait_for gone "$pid"
sed -i "s/\"init_process_pid\": *$pid/\"init_process_pid\":$stranger/" "$state_file"
is "$(container_pid)" $stranger "its pid belongs to another process now"
in_folder "$rootfs" /probe pid
is "$status $(facts pid) $err" "0 1 " "the next exec is a new container"
is "$(readlink "/proc/$stranger/exe")" "$(readlink -e "$(command -v sleep)")" \
	"... and the other process lives"
kill $stranger
wait $stranger 2>/dev/null || :

mkdir -p /run/nsinit/half
run env -C "$rootfs" nsinit exec --id half /probe pid
is "$status $(facts pid) $err" "0 1 " "a directory without state.json is a crash's, too"
mkdir -p /run/nsinit/torn
printf '{"id": "torn", "init_proc' >/run/nsinit/torn/state.json
run env -C "$rootfs" nsinit exec --id torn /probe pid
is "$status" 125 "a state.json that is no JSON is not guessed at"
like "$err" '/run/nsinit/torn/state.json' "... but named"
rm -r /run/nsinit/torn
done_testing
