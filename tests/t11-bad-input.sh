#!/bin/bash
# t11: what cannot be done is refused in one line, and leaves nothing behind
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "$TOP/tests/container.sh"
needs_root
cd "$TEST_DIR"
fresh_rootfs
config

# What is there now, and must be there after each refusal.
settle() {
	find "$rootfs" | sort >"$TEST_DIR/rootfs.before"
	snapshot_to "$TEST_DIR/before.bad"
}

same() {
	snapshot_to "$TEST_DIR/now"
	diff "$TEST_DIR/before.bad" "$TEST_DIR/now"
}

# refused SENTENCE STATUS REGEX COMMAND...: it fails with that status; its only
# words are one line on stderr, which begins with the program's name and has
# what REGEX says; and the machine is as it was.
refused() {
	local text=$1 want=$2 regex=$3 wrong='' left=''
	shift 3
	run timeout -s KILL $((10 * SLOW)) "$@"
	[[ $status -eq $want ]] || wrong+="status $status, not $want; "
	[[ ! $out ]] || wrong+="words on stdout: $out; "
	[[ $err != *$'\n'* ]] || wrong+="more than one line; "
	[[ $err =~ ^${program:-nsinit}:\  ]] || wrong+="no program's name; "
	[[ $err =~ $regex ]] || wrong+="not like $regex; "
	wait_for same || left=$(same || :)
	left+=$(find "$rootfs" | sort | diff "$TEST_DIR/rootfs.before" - || :)
	if [[ ! $wrong$left ]]; then ok "$text"; else
		not_ok "$text" "$wrong"$'\n'"said: $err"$'\n'"left: $left"
	fi
}
settle

# --- the file ----------------------------------------------------------------

bad() { # SENTENCE REGEX: config.json as it is now
	refused "$1" 125 "^nsinit: exec: .*config\.json: $2" \
		nsinit exec --config config.json /probe
}
refused "a config that is missing" 125 'open nofile: No such file' \
	nsinit exec --config nofile /probe
refused "a config that is a directory" 125 'rootfs is not a regular file$' \
	nsinit exec --config rootfs /probe
refused "a config that is a device" 125 '/dev/zero is not a regular file$' \
	nsinit exec --config /dev/zero /probe
mkfifo waits
refused "a config that is a fifo" 125 'waits is not a regular file$' \
	timeout 20 nsinit exec --config waits /probe
rm waits
truncate -s 17M large
refused "a config without end" 125 'large: larger than 16777216 bytes$' \
	nsinit exec --config large /probe
rm large
: >config.json
bad "an empty one" 'the document is empty$'
config
size=$(wc -c <config.json)
cp config.json whole.json
head -c $((size / 2)) whole.json >config.json
bad "a truncated one" 'line [0-9]+, column [0-9]+: '
head -c $((size - 3)) whole.json >config.json
bad "... by its last bracket, too" 'line [0-9]+, column [0-9]+: '
sed '3s/,$//' whole.json >config.json
bad "a malformed one, where it is malformed" 'line 4, column [0-9]+: '
sed 's/^}/} {/' whole.json >config.json
bad "one that goes on after its end" 'line [0-9]+, column [0-9]+: '
printf '{"hostname": "a\0b"}' >config.json
bad "one with a zero byte" 'line 1, column [0-9]+: '
printf '{"hostname": "\xff\xfe"}' >config.json
bad "one that is not UTF-8" 'line 1, column [0-9]+: '
echo '{"hostname": "a", "hostname": "b"}' >config.json
bad "one that says a thing twice" '.*"hostname" stands twice'
head -c 100000 /dev/zero | tr '\0' '[' >config.json
bad "one that is nested too deep" '.*'
echo '["rootfs"]' >config.json
bad "one that is no object" '.*object'
{
	cat whole.json
	head -c $((17 << 20)) /dev/zero | tr '\0' ' '
} >config.json
bad "one of 17 MiB" 'larger than 16777216 bytes'
# --- the kinds of its values -------------------------------------------------

wrong() { # KEY JSON REGEX
	config "$1" "$2"
	bad "\"$1\": ${2:0:60}" "$3"
}
settle
wrong hostname 5 'hostname: a string is wanted, this is a number'
wrong rootfs '{}' 'rootfs: a string is wanted, this is an object'
wrong readonlyfs '"yes"' 'readonlyfs: a boolean is wanted, this is a string'
wrong parent_death_signal '"KILL"' 'parent_death_signal: .*number'
wrong parent_death_signal 1.5 'parent_death_signal: '
wrong namespaces 3 'namespaces: '
wrong namespaces '[{"type": "NEWPID"}, {"type": 3}]' 'namespaces\[1\]\.type: '
wrong namespaces '[{"path": "/proc/1/ns/net"}]' 'namespaces\[0\]: no type'
wrong mounts '{}' 'mounts: a list is wanted'
wrong mounts '[{"device": "proc", "destination": "/proc", "flags": "ro"}]' \
	'mounts\[0\]\.flags: a number is wanted, this is a string'
wrong mounts '[{"device": "proc", "destination": "/proc", "flags": -1}]' \
	'mounts\[0\]\.flags: '
wrong rlimits '[{"type": 7, "soft": 1, "hard": 99999999999999999999}]' \
	'rlimits\[0\]\.hard: '
wrong cgroups '{"memory": "lots"}' 'cgroups\.memory: a number is wanted'
wrong cgroups '{"memory": 1e30}' 'cgroups\.memory: '
wrong cgroups '{"allowed_devices": [{"type": "c"}]}' \
	'cgroups\.allowed_devices\[0\]\.type: '
wrong capabilities '{"bounding": "ALL"}' 'capabilities\.bounding: a list'
wrong capabilities '[1]' 'capabilities\[0\]: a string is wanted'
wrong environment '["A=1", ["B=2"]]' 'environment\[1\]'
wrong system_properties '{"net.ipv4.ip_forward": 1}' \
	'system_properties\.net\.ipv4\.ip_forward: a string is wanted'

# --- words that nobody knows -------------------------------------------------

wrong namespaces '[{"type": "NEWPDI"}]' \
	'namespaces\[0\]\.type: .*"NEWPDI"; did you mean "NEWPID"\?$'
wrong namespaces '[{"type": "xyz"}]' 'namespaces\[0\]\.type: .*namespace "xyz"$'
wrong namespaces '{"NEWNTE": true}' 'namespaces: .*did you mean "NEWNET"\?$'
wrong capabilities '["CHOWM"]' 'capabilities\[0\]: .*did you mean "(CAP_)?CHOWN"'
wrong capabilities '["CHOWN", "FLY"]' 'capabilities\[1\]: .*capability "FLY"'
wrong mounts '[{"device": "tmpsf", "destination": "/tmp"}]' \
	'mounts\[0\]\.device: .*"tmpsf"; did you mean "tmpfs"\?$'
wrong mounts '[{"device": "floppy", "destination": "/tmp"}]' \
	'mounts\[0\]\.device: .*"floppy"'
wrong rlimits '[{"type": "NOFILES", "soft": 1, "hard": 1}]' \
	'rlimits\[0\]\.type: .*did you mean "(RLIMIT_)?NOFILE"\?$'
wrong rlimits '[{"type": 99, "soft": 1, "hard": 1}]' \
	'rlimits\[0\]\.type: unknown rlimit 99$'

# --- values that mean nothing, or the host -----------------------------------

senseless() { # KEY JSON REGEX
	config "$1" "$2"
	refused "\"$1\": ${2:0:60}" 125 "^nsinit: exec: $3" \
		nsinit exec --config config.json /probe
}
senseless namespaces '[{"type": "NEWNS"}, {"type": "NEWNS"}]' 'namespaces\[1\]'
senseless namespaces '[{"type": "NEWNS"}]' '(networks|hostname): needs NEW'
senseless mounts '[{"device": "tmpfs", "destination": "tmp"}]' 'mounts\[0\]'
senseless mounts '[{"device": "tmpfs", "destination": "/tmp/../.."}]' \
	'mounts\[0\]'
senseless mounts '[{"device": "bind", "destination": "/tmp"}]' 'mounts\[0\]'
senseless rlimits '[{"type": 7, "soft": 2, "hard": 1}]' 'rlimits\[0\]\.soft'
senseless environment '["=x"]' 'environment\[0\]'
senseless working_dir '"tmp"' 'working_dir: '
senseless mask_paths '["../etc"]' 'mask_paths\[0\]'
senseless system_properties '{"vm.swappiness": "1"}' 'system_properties: vm'
senseless system_properties '{"net..x": "1"}' 'system_properties: '
senseless parent_death_signal 65 'parent_death_signal: 65'
senseless cgroups '{"name": "a/b"}' 'cgroups\.name: '
senseless cgroups '{"name": "x", "parent": "../../y"}' 'cgroups\.parent: '
senseless cgroups '{"name": "x", "memory": -2}' 'cgroups\.memory: -2'
senseless cgroups '{"name": "x", "freezer": "COLD"}' 'cgroups\.freezer: '

# --- the root file system ----------------------------------------------------

: >file
ln -s rootfs link
mkdir -p way
ln -s .. way/back
config
root() { # SENTENCE JSON REGEX
	config rootfs "$2"
	refused "$1" 125 "^nsinit: exec: (the )?rootfs:? $3" \
		nsinit exec --config config.json /probe
}
settle
root "a rootfs that is missing" '"/no/such"' '/no/such: No such file'
root "a relative one" '"rootfs"' 'rootfs is not absolute'
root "one that is a file" "\"$TEST_DIR/file\"" '.*/file is not a directory'
root "one that is a symbolic link" "\"$TEST_DIR/link\"" \
	'.*/link is a symbolic link'
root "one that a symbolic link leads to" "\"$TEST_DIR/way/back/rootfs\"" \
	'.*/way/back/rootfs is really '
root "one that dots lead to" "\"$TEST_DIR/way/../rootfs\"" '.*is really '
root "the host's own" '"/"' '.*host'
config
cd way
refused "--rootfs that is missing" 125 'rootfs.*no: No such file' \
	nsinit exec --rootfs no /probe
refused "--rootfs that is a link" 125 'rootfs: .*link is a symbolic link' \
	nsinit exec --rootfs ../link /probe
cd ..
refused "a folder that is no root file system" 127 \
	'there is no /probe in the folder .*/way; is it a root' \
	nsinit exec --rootfs way /probe
cd /
refused "the host's root as the folder" 125 'host.*own root' \
	nsinit exec /bin/true
cd "$TEST_DIR"

# --- the id ------------------------------------------------------------------

id() { # SENTENCE ID REGEX
	refused "$1" 125 "^nsinit: [a-z]*: --id .*$3" \
		nsinit exec --id "$2" --rootfs rootfs /probe
}
long=$(head -c 128 /dev/zero | tr '\0' x)
id "an empty id" '' 'the id is empty$'
id "one of 129 bytes" "${long}x" 'longer than 128 bytes$'
id "one with a slash" a/b 'other characters'
id "one that climbs" .. 'begins with \.'
id "one that is here" . 'begins with \.'
id "one that climbs later" a/../../b 'other characters'
id "one with a newline" $'a\nb' 'a\\x0ab'
id "one with a blank" 'a b' 'other characters'
id "one that looks like a flag" -x 'begins with'
id "one that is not ASCII" $'\xc3\xa4' 'other characters'
run nsinit exec --id "$long" --rootfs rootfs /probe say fits
is "$status $out" "0 fits" "an id of 128 bytes is one"
settle

# Somebody else's directory: no container that lives, and no state.
mkdir -p /run/nsinit/used
echo '{"id": "used", ' >/run/nsinit/used/state.json
settle
for command in "exec --id used --rootfs rootfs /probe" \
	"nsenter --id used /probe" "stats --id used" "spec --id used"; do
	# shellcheck disable=SC2086 # these are words
	refused "a state.json that is broken: ${command%% *}" 125 \
		'^nsinit: [a-z]*: /run/nsinit/used/state\.json: line 2, column 1' \
		nsinit $command
done
run "$TRACER" /run/nsinit used "$TEST_DIR/rootfs" 0 /probe
is "$status $out" "9 failed 0 - 0 the id used is in use (/run/nsinit/used)" \
	"its id is in use, for who makes a container"
is "$(</run/nsinit/used/state.json)" '{"id": "used", ' "... and it is kept"
echo '{"id": "used"}' >/run/nsinit/used/state.json
refused "a state.json that has no config" 125 \
	'^nsinit: stats: /run/nsinit/used/state\.json: ' nsinit stats --id used
head -c 70000000 /dev/zero >/run/nsinit/used/state.json
refused "a state.json of 70 MB" 125 \
	'^nsinit: stats: .*state\.json: larger' nsinit stats --id used
rm -r /run/nsinit/used

# A command.json of the daemon; its id is not free while the first one lives.
cat >command.json <<-JSON
	{"id": "twice", "rootfs": "$TEST_DIR/rootfs",
	"process_config": {"entrypoint": "/probe", "arguments": ["sleep", "99"]}}
JSON
execdriver run command.json >first.out 2>first.err &
first=$!
lives() { execdriver info twice | grep -q ' is running$'; }
passes "the daemon's driver runs a container" wait_for lives
settle
program=execdriver refused "its id is in use meanwhile" 125 \
	'id .*twice.* in use' execdriver run command.json
execdriver kill twice
wait $first 2>/dev/null || :
rm -rf /run/execdriver/twice

# --- the program -------------------------------------------------------------

echo 'no program' >rootfs/text
chmod 0755 rootfs/text
printf '#!/no/such\n' >rootfs/script
chmod 0755 rootfs/script
echo 'no x' >rootfs/plain
ln -s loop rootfs/loop
config
# The steps before the last have mounted: what they mounted on stays.
nsinit exec --config config.json /probe
settle
runs() { # SENTENCE STATUS REGEX WORD...
	local text=$1 want=$2 regex=$3
	shift 3
	refused "$text" "$want" \
		"^nsinit: exec: dockerinit step [0-9]+ \([a-z0-9_]+\): .*$regex" \
		nsinit exec --config config.json "$@"
}
runs "a program that is missing" 127 '"/no/such": No such file' /no/such
runs "... and is looked for in PATH" 127 'nobody' nobody
runs "a relative one" 127 '"\./no": No such file' ./no
runs "one that nobody may execute" 126 '/plain": Permission denied' /plain
runs "a folder" 126 '/tmp' /tmp
runs "a text without an interpreter" 126 '/text": Exec format' /text
runs "a script whose interpreter is missing" 127 '/script": No such file' /script
runs "a link that leads to itself" 126 '/loop": Too many' /loop
runs "an empty name" 127 '' ''
runs "a user whom nobody knows" 125 'user nobody-here' --user nobody-here /probe
runs "a group that nobody knows" 125 'group nogroup-here' \
	--user 0:nogroup-here /probe
runs "a working folder that is missing" 125 '/no/where: No such file' \
	--cwd /no/where /probe
runs "a mount's source that is missing" 125 'bind /no/where on /mnt: .*No such' \
	--bind /no/where:/mnt /probe

# --- the command line --------------------------------------------------------

line() { # REGEX WORD...: at the beginning
	local regex=$1
	shift
	refused "nsinit ${*:0:9}" 125 "^nsinit: ([a-z]*: )?$regex" nsinit "$@"
}
line 'a command is wanted'
line 'there is no command exce; did you mean exec\?$' exce
line 'there is no command stat; did you mean stats\?$' stat
line 'there is no command xyzzy; see --help$' xyzzy
line 'there is no command ' ''
line 'there is no flag --rot; did you mean --root\?$' --rot /x exec
line 'there is no flag --rotfs; did you mean --rootfs\?$' exec --rotfs=/x
line 'there is no flag --xyzzy; see nsinit exec --help$' exec --xyzzy
line 'there is no flag -y; see nsinit exec --help$' exec -y
line 'there is no flag --rootfs; see nsinit stats --help$' stats --rootfs /
line '--rootfs wants a value$' exec --rootfs
line '--read-only takes no value$' exec --read-only=yes
line 'a program to run is wanted$' exec
line 'a program to run is wanted$' nsenter
line 'takes no words, but there is "word"$' stats word
line 'takes no words, but there is "word"$' spec word
line '.*there is no such container' stats --id nobody
line '.*there is no such container' nsenter --id nobody /probe
line 'after the number 1, PROCESS-LABEL' nsenter 1
line 'pid 0: a number from 1' nsenter 0 '' '{}' /probe
line 'pid 99999999999: a number from 1' nsenter 99999999999 '' '{}' /probe
line 'CONTAINER-JSON: line 1, column 1' nsenter 1 '' x /probe
line '.*4194303.*No such' nsenter 4194303 '' '{}' /probe

value() { # REGEX FLAG [VALUE]
	local regex=$1
	shift
	line "$1 ?${2-}: $regex" exec --rootfs rootfs "$@" /probe
}
value 'a directory is wanted' --rootfs ''
value 'an absolute path is wanted' --cwd tmp
value 'KEY=VALUE is wanted' --env KEY
value 'KEY=VALUE is wanted' --env =x
value 'a number from 2 to 262144 is wanted' --cpushares 1
value 'a number from 2 to 262144 is wanted' --cpushares 262145
value 'a whole number is wanted' --cpushares x
value 'a whole number is wanted' --memory-limit ''
value 'a whole number is wanted' --memory-limit 1.5
value 'a whole number is wanted' --memory-limit 64M
value 'a whole number is wanted' --memory-limit ' 1'
value 'a number from -1 to' --memory-limit -2
value 'a number from -1 to' --memory-limit 99999999999999999999
value 'a number from -1 to' --memory-swap -5
value 'a number above 0, or -1' --memory-limit 0
value 'a number above 0, or -1' --memory-swap 0
value 'a number above 0, or -1' --pids-limit 0
value 'a number from -1 to' --pids-limit -2
value 'a signal .* is wanted' --parent-death-signal 65
value 'a signal .* is wanted' --parent-death-signal NOSIG
value 'host, private or an absolute path' --mnt other
value 'host, private or an absolute path' --net proc/1/ns/net
value 'SRC:DST' --bind /only
value 'SRC:DST' --bind rootfs:/mnt
value 'SRC:DST' --bind /tmp:/mnt:rx
value 'an absolute path is wanted' --tmpfs tmp
value 'K=V is wanted' --sysctl x
line 'system_properties: vm\.swappiness belongs to the host' \
	exec --rootfs rootfs --sysctl vm.swappiness=1 /probe
line 'hostname: longer than 64.* \(--hostname xxx' \
	exec --rootfs rootfs --hostname "$long" /probe
line 'namespaces\[[0-9]\].path: /no/such: No such file.* \(--net /no/such\)$' \
	exec --rootfs rootfs --ipc host --net /no/such /probe
line 'rootfs: needs NEWNS in namespaces \(--rootfs rootfs, --mnt host\)$' \
	exec --rootfs rootfs --mnt host /probe
line 'rootfs: needs NEWNS in namespaces \(--mnt /proc/self/ns/mnt, --rootfs rootfs\)$' \
	exec --mnt /proc/self/ns/mnt --rootfs rootfs /probe
line 'mounts: needs NEWNS in namespaces \(--mnt host, --tmpfs /t, --cgroup\)$' \
	exec --mnt host --tmpfs /t --cgroup /bin/true
line 'hostname: needs NEWUTS in namespaces \(--uts host, --hostname x\)$' \
	exec --rootfs rootfs --uts host --hostname x /probe
line 'mounts\[[0-9]*\].destination: /proc/x .* \(--bind /tmp:/proc/x\)$' \
	exec --rootfs rootfs --bind /etc:/mnt --bind /tmp:/proc/x /probe
line 'cgroups.cpuset_cpus: .* \(--cpuset-cpus 9-1\)$' exec --rootfs rootfs --cpuset-cpus 9-1 /probe

helps() { # PROGRAM [COMMAND]
	run "$@" --help
	[[ $status -eq 0 && $out == Usage:*"$*"* && ! $err ]] || return 1
	run "$@" --version
	[[ $status -eq 0 && $out == "$1"\ [0-9]* && ! $err ]]
}
for command in '' exec init stats spec nsenter; do
	if helps nsinit ${command:+"$command"}; then
		ok "nsinit $command --help and --version succeed"
	else
		not_ok "nsinit $command --help and --version succeed" \
			"status $status: $out$err"
	fi
done
if helps execdriver; then ok "execdriver --help and --version succeed"
else not_ok "execdriver --help and --version succeed" "$status: $out$err"; fi
run nsinit exec --rootfs rootfs /probe args --help
is "$status $out" "0 arg 0 --help" "... but CMD's own --help is its own"
program=execdriver refused "execdriver has no such command" 125 \
	'there is no command rum; did you mean run\?$' execdriver rum
nsinit --help >/dev/full 2>full.err && status=0 || status=$?
is "$status $(<full.err)" \
	"125 nsinit: write the output: No space left on device" \
	"words that cannot be written are an error"

# --- the state root ----------------------------------------------------------

mkdir full locked relative
mount -t tmpfs -o size=64k tmpfs full
mount -t tmpfs -o ro tmpfs locked
dd if=/dev/zero of=full/big bs=4k 2>/dev/null || :
settle
refused "a state root that may not be written" 125 \
	"mkdir $TEST_DIR/locked/.*: Read-only file system" \
	nsinit --root locked exec --id x --rootfs rootfs /probe
refused "one that is full" 125 'No space left on device' \
	nsinit --root full exec --id x --rootfs rootfs /probe
is "$(ls -A full)" big "... of which nothing is left in it"
rm full/big
dd if=/dev/zero of=full/big bs=1k count=56 2>/dev/null
refused "one that has no room for the state" 125 'full/x/state\.json.*No space' \
	nsinit --root full exec --id x --rootfs rootfs /probe
is "$(ls -A full)" big "... of which nothing is left in it"
refused "one that is a file" 125 'file/x: Not a directory' \
	nsinit --root file exec --id x --rootfs rootfs /probe
refused "one below a file" 125 'file/x/x: Not a directory' \
	nsinit --root file/x exec --id x --rootfs rootfs /probe
refused "one without a name" 125 '--root : a directory is wanted' \
	nsinit --root '' exec --id x --rootfs rootfs /probe
run nsinit --root relative exec --id x --rootfs rootfs /probe say relative
is "$status $out" "0 relative" "a relative one counts from here"
is "$(ls -A relative)" "" "... and is empty afterwards"
run "$TRACER" relative x "$TEST_DIR/rootfs" 0 /probe
is "$status" 9 "the library itself wants an absolute one"
like "$out" 'the state root "relative" is not an absolute path' "... and says it"
umount full locked
settle

# --- what the machine lacks --------------------------------------------------

if has_cgroup v1 pids; then
	config cgroups '{"name": "x", "pids_limit": 5}'
	# shellcheck disable=SC2016 # for sh
	refused "a controller that is not mounted" 125 \
		'cgroups\.pids_limit: the pids cgroup controller' \
		unshare -m sh -c 'umount "$(stat -c %m /sys/fs/cgroup/pids)"
		exec nsinit exec --config config.json /probe'
else
	skip "a controller that is not mounted" "v2 has one hierarchy"
fi
if [[ ${SAN-} ]]; then
	skip "a host without /proc" "the sanitizers want one"
else
	refused "a host without /proc" 125 '^nsinit: exec: .*/proc/' \
		unshare -m sh -c 'mount -t tmpfs none /proc
		exec nsinit exec --rootfs rootfs /probe'
fi
done_testing
