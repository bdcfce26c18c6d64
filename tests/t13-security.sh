#!/bin/bash
# t13: the ways out of a container that others have found; each must be closed
#
# The image and the programs in it are hostile, the config is trusted. What is
# looked at is always the same: a marker of the host that stays untouched, a
# descriptor that is not there, a write that is refused.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program strace nsenter

fresh_rootfs
config
marker=$TEST_DIR/marker
mkdir "$marker"
echo untouched >"$marker/file"
chmod 600 "$marker/file"
marked() {
	find "$marker" -printf '%P %y %m %u:%g %s %T@\n' | sort
	cat "$marker/file"
}
marker_is=$(marked)
sum=$(sha256sum "$BIN"/{nsinit,dockerinit})

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# --- descriptors of the host (CVE-2016-9962, CVE-2024-21626) -----------------

# descriptors PID: number, kind and close-on-exec of each above 2.
descriptors() {
	local fd n flags
	for fd in "/proc/$1/fd"/*; do
		n=${fd##*/}
		[[ $n -gt 2 ]] || continue
		flags=$(sed -n 's/^flags:[[:space:]]*//p' "/proc/$1/fdinfo/$n")
		echo "$(readlink "$fd") $(((8#$flags & 8#2000000) != 0))"
	done | sed 's/:\[[0-9]*\]//' | tr '\n' ';'
}

exec 7<"$marker" 8>"$marker/file.lock" 6<>/dev/zero
marker_is=$(marked)
probe fds
is "$(facts 'fd' | cut -d' ' -f1 | tr '\n' ' ')" "0 1 2 " \
	"no descriptor that nsinit was given goes inside"
begin
is "$(find "/proc/$pid/fd" -type l -printf '%f ')" "0 1 2 " \
	"... nor does one of its own"
probe fds , ls /proc/1/fd
is "$(facts 'fd' | cut -d' ' -f1 | tr '\n' ' ')$(facts entry | tr '\n' ' ')" \
	"0 1 2 0 1 2 " "... nor with a process that joins"
end
for n in {1..12}; do
	hold "$n"
	case $n in
	# What came over the execve: steps 1 and 2 themselves change that.
	1) want="socket 0;socket 1;$rootfs 0;" ;;
	2) want="socket 1;socket 1;$rootfs 0;" ;;
	[3-7]) want="socket 1;socket 1;$rootfs 1;" ;;
	8) want="socket 1;socket 1;/proc 1;$rootfs 1;" ;;
	# The container's own proc and sysfs, until paths in them are hidden.
	9) want="socket 1;socket 1;$rootfs/proc 1;/proc 1;$rootfs/sys 1;$rootfs 1;" ;;
	10) want="socket 1;socket 1;/proc 1;/ 1;/sys 1;/ 1;" ;;
	*) want="socket 1;socket 1;/ 1;" ;; # the host's /proc is closed
	esac
	is "$(descriptors "$pid")" "$want" \
		"before step $n dockerinit has the pipe, the trace, the rootfs$(
		case $n in [89] | 10) echo ' and /proc' ;; esac)$(
		[[ $n != 9 && $n != 10 ]] || echo ', its proc and sysfs'), no more"
	[[ $n != 10 ]] || is "$(stat -Lc %d:%i "/proc/$pid/fd/"* 2>/dev/null |
		grep -cx "$(stat -c %d:%i /proc)")" 1 \
		"... (one of them is the host's /proc)"
	release
done
exec 6<&- 7<&- 8>&-
rm "$marker/file.lock"
marker_is=$(marked)

# Standard descriptors that are missing are not filled by files of the host.
nsinit exec --config "$config_file" /probe fds >"$TEST_DIR/fds" <&- 2>&-
is "$(cat "$TEST_DIR/fds")" "fd 0 device
fd 1 file
fd 2 device" "closed standard input and error are /dev/null inside"

# A process that joins is one of the container's, and still half the host's.
begin
slowly setsid 2 nsinit exec --config "$config_file" /probe say joined
joiner() {
	local p
	for p in /proc/[0-9]*; do
		! grep -qs '^NSpid:.*[[:space:]]2$' "$p/status" || echo "${p#/proc/}"
	done
}
waits() {
	comm_is "$(joiner)" dockerinit:04 &&
		[[ $(readlink "/proc/$(joiner)/ns/mnt") == \
			"$(readlink "/proc/$pid/ns/mnt")" ]]
}
passes "a process is delayed while it joins" wait_for waits
probe ls /proc/2/fd/4 , ls /proc/2/fd/4/proc , read /proc/2/environ , \
	ls /proc/2/cwd , ls /proc/2/root , read /proc/2/mem , \
	write /proc/2/mem x , read /proc/2/maps , write /proc/2/exe x , \
	read /proc/2/exe
is "$(grep -vE ' E(ACCES|PERM)$' <<<"$out")" "" \
	"nothing of it can be read or written from inside"
is "$(wc -l <<<"$out")" 10 "... in ten ways"
wait "$runner" || :
is "$(cat "$TEST_DIR/slow.out")" joined "... and it goes on"
kill -KILL "$pid"
pid=''
leftovers "nothing is left of the descriptors' tests"

# --- the host's programs (CVE-2019-5736) -------------------------------------

mkdir -p "$rootfs/lib64"
printf '#!/proc/self/exe\n' >"$rootfs/evil"
chmod 755 "$rootfs/evil"
while read -r file; do
	mkdir -p "$rootfs${file%/*}"
	cp "$file" "$rootfs$file"
done < <(ldd "$BIN/dockerinit" | grep -oE '/[^ ]+')
for program in /proc/self/exe /evil; do
	in_container "$program" hello
	like "$err" 'not a registered name' "a dockerinit can be executed inside"
	isnt "$status" 0 "... by $program, but does nothing"
	unlike "$out$err" 'Sanitizer|runtime error' "... and does not stumble"
done
is "$(sha256sum "$BIN"/{nsinit,dockerinit})" "$sum" \
	"the host's programs are what they were"
fresh_rootfs

# --- false /proc (CVE-2019-16884, -19921, CVE-2025-52881) --------------------

# The image brings a /proc of files, and there is no mount over it.
mkdir -p "$rootfs/proc/sys/net/ipv4" "$rootfs/proc/self/attr" \
	"$rootfs/proc/self/fd"
ln -s "$marker/file" "$rootfs/proc/sys/net/ipv4/ip_forward"
ln -s "$marker/file" "$rootfs/proc/self/attr/exec"
for n in {0..9}; do ln -s "$marker/file" "$rootfs/proc/self/fd/$n"; done
config mounts '[]' mask_paths '["/etc/passwd"]' readonly_paths '["/etc"]' \
	system_properties '{"net.ipv4.ip_forward": "1"}' \
	apparmor_profile '"unconfined"' process_label '"x"'
begin
is "$(nsenter -t "$pid" -n cat /proc/sys/net/ipv4/ip_forward)" 1 \
	"a kernel parameter is set although the image's /proc is false"
is "$(cat "/proc/$pid/root/etc/passwd" 2>/dev/null)" "" \
	"... and a path is masked"
end
is "$(marked)" "$marker_is" "... and the links in it lead nowhere"
fresh_rootfs

# --- /dev/null (CVE-2025-31133, crun CVE-2026-88264, -88265) -----------------

ln -s "$marker/file" "$rootfs/dev/null"
config mounts '[]' devices '[]' mask_paths '[]' readonly_paths '[]'
in_container --user 1000 /probe fds </dev/null
is "$(marked)" "$marker_is" \
	"an image's /dev/null is not used for standard input, nor given to the user"
like "$out" '^fd 0 device' "... which stays what it was"
fresh_rootfs
config
begin
isnt "$(stat -Lc %d:%i "/proc/$pid/fd/0")" "$(stat -c %d:%i /dev/null)" \
	"a standard input of /dev/null is not the host's (t19)"
end

# --- who one is (CVE-2016-3697, crun CVE-2026-30892, CVE-2022-29162) ---------

printf '1000:x:0:0::/:/\n1:x:0:0::/:/\n' >>"$rootfs/etc/passwd"
for id in 1 1000; do
	in_container --user "$id" /probe id
	is "$(facts uid)" "$id $id $id" \
		"uid $id is no user of that name in the image's passwd"
done
begin
in_container --user 1 /probe id , caps
is "$(facts uid) $(facts inheritable) $(facts ambient) $(facts effective)" \
	"1 1 1 0000000000000000 0000000000000000 0000000000000000" \
	"a user who joins is that user, and has no capabilities"
end
fresh_rootfs

# --- targets that change (CVE-2021-30465, CVE-2024-45310) --------------------

if command -v python3 >/dev/null; then
	mkdir -p "$rootfs/a/sub" "$TEST_DIR/volume"
	ln -s "../../../../../../..$marker" "$rootfs/b"
	python3 -c 'import ctypes, sys
libc = ctypes.CDLL(None)
a, b = (sys.argv[1] + x for x in ("/a", "/b"))
while True:
    libc.renameat2(-100, a.encode(), -100, b.encode(), 2)' "$rootfs" &
	swapper=$!
	config mounts "[
		{\"device\": \"tmpfs\", \"source\": \"tmpfs\", \"flags\": 0,
			\"destination\": \"/a/sub/tmpfs\"},
		{\"device\": \"bind\", \"source\": \"$TEST_DIR/volume\",
			\"destination\": \"/a/sub/bind\", \"flags\": 4096}]"
	ran=0 stopped=0
	for ((i = 0; i < 60; i++)); do
		in_container /probe write /a/sub/bind/x x
		case $status in
		0) ran=$((ran + 1)) ;;
		125) stopped=$((stopped + 1)) ;;
		*) not_ok "a container with a moving target ends well" "$err" ;;
		esac
	done
	kill "$swapper"
	wait "$swapper" 2>/dev/null || :
	is "$((ran + stopped))" 60 "a target swapped for a link: the container \
runs or does not"
	is "$(marked)" "$marker_is" "... and the host's folder is untouched"
	fresh_rootfs
	config
else
	skip "a target swapped for a link" "there is no python3 here"
fi

# --- other doors -------------------------------------------------------------

hold 9
is "$(awk '$8 ~ /^@/' /proc/net/unix)" "" \
	"there is no socket in the abstract name space (CVE-2020-15257)"
release
probe ls /sys/fs/cgroup , try mount chroot userns , write /sys/kernel/x x
is "$(facts entry)" "" "the host's cgroups are not to be seen (CVE-2023-25809)"
like "$out" 'try mount EPERM' "... and nothing can be mounted"
if command -v script >/dev/null; then
	config
	run script -qec "nsinit exec --config $config_file /probe tty | cat" \
		/dev/null
	like "${out//$'\r'/}" 'open /dev/tty ENXIO' \
		"the caller's terminal is not the container's (CVE-2017-5226)"
	like "${out//$'\r'/}" 'foreground no' "... which is in no job of it"
fi
begin
is "$(stat -c '%a %u' /run/nsinit /run/nsinit/nsinit "$state_file" |
	tr '\n' ' ')" "700 0 700 0 600 0 " "the state is root's alone"
end

# --- ids and cgroup names (CVE-2014-9357) ------------------------------------

mkdir -p /run/nsinit /run/victim/sub
echo '{}' >/run/victim/state.json
long=$(printf 'x%.0s' {1..129})
for id in ../victim ../../run/victim victim/sub . .. '' -x .hidden $'a\nb' \
	$'\n' 'a b' /run/victim $'a\x01' 'a%n' 'é' "$long"; do
	for verb in exec stats nsenter spec; do
		words=()
		case $verb in exec | nsenter) words=(/probe say never) ;; esac
		run nsinit "$verb" "--id=$id" "${words[@]}"
		like "$status|$err" "^125\\|nsinit: $verb: [[:print:]]*(the id|é)" \
			"$verb refuses the id '$(printf '%.20q' "$id")'"
		is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line"
	done
done
is "$(find /run -mindepth 1 | sort | tr '\n' ' ')" \
	"/run/nsinit /run/victim /run/victim/state.json /run/victim/sub " \
	"... and none has made or removed anything"
for id in ../victim . $'a\nb'; do
	for verb in exec kill info pids pause unpause stats terminate clean; do
		words=()
		case $verb in
		exec) words=(/probe) ;;
		kill) words=(KILL) ;;
		esac
		run execdriver "$verb" "$id" "${words[@]}"
		like "$status|$err" '^125\|execdriver: [[:print:]]*$' \
			"execdriver $verb refuses '$(printf %q "$id")', in one line"
	done
done
is "$(find /run/victim | sort | tr '\n' ' ')" \
	"/run/victim /run/victim/state.json /run/victim/sub " \
	"... and removes nothing"
rm -r /run/victim
for place in '"name": "../x"' '"name": "a/b"' '"name": ".."' \
	'"name": "x", "parent": "../../x"' '"path": "/../x"'; do
	config cgroups "{$place}"
	probe say never
	refused 'cgroups\.' "a cgroup of {$place} is refused"
done
config

# --- JSON that means two things ----------------------------------------------

# json TEXT REGEX: a config of that text is refused for that reason.
json() {
	printf '%b' "$1" >"$TEST_DIR/bad.json"
	run nsinit exec --config "$TEST_DIR/bad.json" --rootfs "$rootfs" \
		/probe say never
	refused "$2" "refused: $(printf '%.50q' "$1")"
}
json 'null' 'object'
json '{"rootfs": null, "hostname": null, "namespaces": null, "x": ' '.'
json '{"namespaces": [null]}' 'namespaces\[0\]'
json '{"capabilities": [null]}' 'capabilities\[0\]'
json '{"mounts": [null]}' 'mounts\[0\]'
json '{"hostname": "a\\u0000b"}' '.'
json '{"user": "0\\u0000", "namespaces": []}' '.'
json '{"hostname": "a\0b"}' '.'
json '{"hostname": "a"}\0{}' '.'
json '{"readonlyfs": true, "readonlyfs": false}' 'readonlyfs'
json '{"mounts": [{"flags": 1, "flags": 0}]}' 'flags'
json '{"cgroups": {"memory": 1, "memory": 2}}' 'memory'
json '{} {}' '.'
json '{"readonlyfs": "true"}' 'readonlyfs: a boolean is wanted'
json '{"readonlyfs": 1}' 'readonlyfs: a boolean is wanted'
json '{"hostname": 1}' 'hostname: a string is wanted'
json '{"parent_death_signal": 4294967305}' 'parent_death_signal'
json '{"parent_death_signal": 9.5}' 'parent_death_signal'
json '{"hostname": "\xff\xfe"}' '.'
json "$(printf '[%.0s' {1..5000})" '.'
json '{"hostname": "a\\nb\x1b[2J", "namespaces": [{"type": "NEW\\nPID"}]}' '.'
json '' '.'
is "$(marked)" "$marker_is" "after all this the marker is untouched"
done_testing
