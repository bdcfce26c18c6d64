#!/bin/bash
# t18: what was checked is what is used, whoever renames folders meanwhile
#
# An enemy who may rename a parent of the rootfs, or what lies in it, does so at
# every moment of a start. Then the start is refused, or goes on with what was
# checked: it never has another root.
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program strace python3

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 (nsinit|execdriver): .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# swap A B: exchange the two, as one act.
swap() {
	python3 -c 'import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2):
    sys.exit(os.strerror(ctypes.get_errno()))' "$1" "$2"
}

# swapping A B: ... again and again, until stop_swapping.
swapping() {
	python3 -c 'import ctypes, sys
libc = ctypes.CDLL(None)
a, b = (x.encode() for x in sys.argv[1:])
while True:
    libc.renameat2(-100, a, -100, b, 2)' "$1" "$2" &
	swapper=$!
}
stop_swapping() {
	kill "$swapper"
	wait "$swapper" 2>/dev/null || :
}

# --- a machine without openat2 -----------------------------------------------

fresh_rootfs
config
cat >"$TEST_DIR/command.json" <<JSON
{"id": "oak", "rootfs": "$rootfs",
 "process_config": {"entrypoint": "/probe", "arguments": ["say", "ran"]}}
JSON
# The template, a file, a user namespace, a daemon.
starts=("nsinit exec --id new --rootfs $rootfs /probe say ran"
	"nsinit exec --config $config_file /probe say ran"
	"nsinit exec --id new --rootfs $rootfs --userns-root-uid 1000 /probe say ran"
	"execdriver run $TEST_DIR/command.json")
joins=("nsinit exec /probe say ran" "nsinit nsenter /probe say ran")
without_openat2() { # ERRNO WORD...
	run strace -f -qq -o /dev/null -e trace=openat2 \
		-e "inject=openat2:error=$1" "${@:2}"
	refused 'openat2, which every start needs .Linux 5.6' \
		"with openat2 refused ($1): ${2} ${3} ${4%%/*}"
}
for errno in ENOSYS EPERM; do
	for start in "${starts[@]}"; do
		# shellcheck disable=SC2086 # words
		without_openat2 "$errno" $start
	done
done
nsinit exec --id nsinit --config "$config_file" /probe sleep 600 &
runner=$!
passes "a container begins" wait_for begun
for errno in ENOSYS EPERM; do
	for join in "${joins[@]}"; do
		# shellcheck disable=SC2086 # words
		without_openat2 "$errno" ${join/ \/probe/ --id nsinit /probe}
	done
	run strace -f -qq -o /dev/null -e trace=openat2 \
		-e "inject=openat2:error=$errno" nsinit nsenter "$pid" '' \
		"$(cat "$config_file")" /probe say ran
	refused 'openat2, which every start needs' \
		"... and nsenter by a pid ($errno)"
done
end
leftovers "nothing is left of the starts without openat2"

# --- the folder that a path leads to -----------------------------------------

way=$TEST_DIR/way other=$TEST_DIR/other rootfs=$way/d/usr

# fresh_way: the rootfs is way/d/usr; there is another one with a file HOST.
fresh_way() {
	rm -rf --one-file-system -- "$way" "$other"
	mkdir -p "$way/d" "$other"
	probe_rootfs "$way/d/usr"
	probe_rootfs "$other/usr"
	echo host >"$other/usr/HOST"
	ln -s "$other" "$way/link"
	cp -r "$other" "$way/folder"
}
others_are() {
	find "$other" "$way/folder" "$way/link" -printf '%P %y %m %s\n' | sort
}

fresh_way
untouched=$(others_are)
for n in {1..12}; do
	fresh_way
	hold "$n" /probe stat /HOST , write /owned x
	swap "$way/d" "$way/link"
	release
	swap "$way/d" "$way/link"
	case $n in
	[1-7])
		like "$out" 'failed 7 step07_mount_namespace .* (rootfs .*moved meanwhile|open rootfs .*symbolic)' \
			"a parent of the rootfs becomes a link before step $n: refused"
		;;
	*)
		like "$out" 'stat /HOST ENOENT' \
			"a parent of the rootfs becomes a link before step $n: it is the checked one"
		;;
	esac
	is "$(others_are)" "$untouched" "... and the other folder is untouched"
done

# becomes SENTENCE UNDO COMMAND...: what happens to the rootfs before step 7.
becomes() {
	local text=$1 undo=$2
	shift 2
	fresh_way
	hold 7 /probe stat /HOST , write /owned x
	"$@"
	release
	$undo
	like "$out" 'failed 7 step07_mount_namespace .* rootfs /' "$text: refused"
	is "$(others_are)" "$untouched" "... and nothing else is touched"
}
cover() {
	mount --bind "$other/usr" "$rootfs"
}
becomes "its parent is another folder" "swap $way/d $way/folder" \
	swap "$way/d" "$way/folder"
becomes "it is gone" "mv $way/gone $rootfs" mv "$rootfs" "$way/gone"
becomes "its parent is gone" "mv $way/gone $way/d" mv "$way/d" "$way/gone"
becomes "it is another folder itself" "swap $rootfs $other/usr" \
	swap "$rootfs" "$other/usr"
becomes "another folder is mounted on it" "umount $rootfs" cover

# A user namespace, a shared propagation, a rootfs that is a mount already.
fresh_way
ids='[{"container_id": 0, "host_id": 0, "size": 65536}]'
users='[{"type": "NEWUSER"}, {"type": "NEWNS"}, {"type": "NEWPID"},
	{"type": "NEWUTS"}, {"type": "NEWIPC"}, {"type": "NEWNET"}]'
for keys in "namespaces|$users|uid_mappings|$ids|gid_mappings|$ids" \
	'rootPropagation|1048576' 'no_pivot_root|true'; do
	if [[ $keys == *NEWUSER* ]] && ! has_user_namespaces; then
		skip "with a user namespace: another folder is refused" "there are none here"
		continue
	fi
	IFS='|' read -rd '' -a words <<<"$keys|" || :
	rm -f "$TEST_DIR/template"
	config "${words[@]:0:${#words[@]}-1}"
	rootfs=$config_file hold 7 /probe stat /HOST
	swap "$way/d" "$way/folder"
	release
	swap "$way/d" "$way/folder"
	like "$out" 'failed 7 .*moved meanwhile' \
		"with ${words[0]}: another folder is refused"
	rootfs=$config_file hold 8 /probe stat /HOST
	swap "$way/d" "$way/folder"
	release
	swap "$way/d" "$way/folder"
	is "$status $(tail -n1 <<<"$out")" "0 stat /HOST ENOENT" \
		"... and after step 7 the checked one stays"
done
mount --bind "$rootfs" "$rootfs"
probe stat /HOST
is "$out" "stat /HOST ENOENT" "a rootfs that is a mount's root already runs"
umount "$rootfs"

# And at moments that nobody chose.
rm -f "$TEST_DIR/template"
config
swapping "$way/d" "$way/link"
ran=0 refusals=0
for ((i = 0; i < 60; i++)); do
	in_container /probe stat /HOST
	case "$status $out" in
	'0 stat /HOST ENOENT') ran=$((ran + 1)) ;;
	'125 ') refusals=$((refusals + 1)) ;;
	*) not_ok "a start in a moving folder ends well" "$status $out $err" ;;
	esac
done
stop_swapping
rootfs=$TEST_DIR/rootfs
is "$((ran + refusals))" 60 "60 starts in a moving folder: the checked one or none"
rm -rf --one-file-system -- "$way" "$other"

# --- what is hidden in /proc -------------------------------------------------

hidden=''
for path in kcore timer_list keys sysrq-trigger; do
	[[ ! -e /proc/$path ]] || hidden+=" /proc/$path /px/$path"
done
# At both names, of which one is the proc: what is open there?
look=(/probe say looked)
for path in net/ipv4/ip_forward kernel/core_pattern; do
	look+=("," write "/proc/sys/$path" "," write "/px/sys/$path")
done
for path in $hidden; do
	case $path in
	*sysrq-trigger) look+=("," write "$path") ;;
	*) look+=("," stat "$path") ;;
	esac
done

# fresh_px KIND: the rootfs has a second folder that /proc is exchanged with.
fresh_px() {
	fresh_rootfs
	case $1 in
	0) mkdir "$rootfs/px" ;;
	1) ln -s "$TEST_DIR" "$rootfs/px" ;;
	2)
		mkdir "$rootfs/px"
		ln -s /dev/shm "$rootfs/px/sys"
		;;
	esac
}
kinds=("an empty folder" "a link to the host" "a folder whose sys is a link")

# unmasked: what $out says to be open that should be hidden; a fifth of a start
# that ended well.
unmasked() {
	grep -E '^write .* ok$|^stat .* file ' <<<"$out" | tr '\n' ' ' || :
}

rm -f "$TEST_DIR/template"
fresh_px 0
config
in_container "${look[@]}"
is "$status $(unmasked)" "0 " "in a folder that rests all is hidden"
for kind in 0 1 2; do
	for n in {8..12}; do
		fresh_px "$kind"
		hold "$n" "${look[@]}"
		swap "$rootfs/proc" "$rootfs/px"
		release
		is "$(unmasked)" "" \
			"/proc becomes ${kinds[kind]} before step $n: nothing is open"
		case $n in
		9 | 10) like "$out" 'failed 10 .* moved away meanwhile' "... it is refused" ;;
		esac
	done
done

# stop_at CALL N WORD...: a start whose Nth such call is made, and whose process
# then stands still. Fails when it has ended before.
stop_at() {
	: >"$TEST_DIR/calls"
	ASAN_OPTIONS=detect_leaks=0 command strace \
		-f -o "$TEST_DIR/calls" -e "trace=$1" \
		-e "inject=$1:signal=SIGSTOP:when=$2" \
		nsinit exec --config "$config_file" "${@:3}" \
		>"$TEST_DIR/run.out" 2>"$TEST_DIR/run.err" &
	runner=$!
	wait_for stands
	grep -q 'stopped by SIGSTOP' "$TEST_DIR/calls"
}
stands() {
	grep -q 'stopped by SIGSTOP' "$TEST_DIR/calls" || gone "$runner"
}
# go_on: it, and what it starts, stands still no more; leaves $status, $out and
# $err of that start.
go_on() {
	status=0
	# shellcheck disable=SC2046 # each of them
	until gone "$runner"; do
		kill -CONT $(sed -n 's/ .*stopped by SIGSTOP.*//p' \
			"$TEST_DIR/calls") 2>/dev/null || :
		sleep 0.02
	done
	wait "$runner" || status=$?
	out=$(cat "$TEST_DIR/run.out") err=$(cat "$TEST_DIR/run.err")
	runner=''
}
# Who stands in a folder means that one, wherever its path leads by then.
here=$TEST_DIR/here elsewhere=$TEST_DIR/elsewhere
bad='' refusals=0
for n in {1..6}; do
	rm -rf "$here" "$elsewhere"
	probe_rootfs "$here"
	probe_rootfs "$elsewhere"
	touch "$elsewhere/HOST"
	: >"$TEST_DIR/calls"
	(cd "$here" && ASAN_OPTIONS=detect_leaks=0 exec strace -f \
		-o "$TEST_DIR/calls" -e trace=openat2 \
		-e "inject=openat2:signal=SIGSTOP:when=$n" \
		nsinit exec --id here /probe stat /HOST) \
		>"$TEST_DIR/run.out" 2>"$TEST_DIR/run.err" &
	runner=$!
	wait_for stands
	swap "$here" "$elsewhere"
	go_on
	case "$status $out $err" in
	"0 stat /HOST ENOENT "*) ;;
	"125  nsinit: "*rootfs*) refusals=$((refusals + 1)) ;;
	*) bad+="openat2 $n: $status $out $err"$'\n' ;;
	esac
done
is "$bad" "" "the current folder changes places with another: it is not taken for it"
isnt "$refusals" 0 "... but refused, when its path was known before"
rm -rf "$here" "$elsewhere"

open=0 ran=0 refusals=0
for ((n = 1; n < 100; n++)); do
	fresh_px $((n % 3))
	stop_at openat2 "$n" "${look[@]}" || { go_on; break; }
	swap "$rootfs/proc" "$rootfs/px"
	go_on
	case $status in
	0) ran=$((ran + 1)) ;;
	125) refusals=$((refusals + 1)) ;;
	esac
	if [[ $(unmasked) || $status != 0 && ($status != 125 || $out) ||
		$status == 125 && $(wc -l <"$TEST_DIR/run.err") -ne 1 ]]; then
		open=$((open + 1))
		not_ok "/proc becomes ${kinds[n % 3]} at openat2 $n: nothing is open" \
			"$status $(unmasked)$err"
	fi
done
is "$open" 0 "/proc moves at each of $((n - 1)) calls: it is refused or all is hidden"
is "$((ran > 0)) $((refusals > 0)) $((n > 20))" "1 1 1" \
	"... both happen ($ran ran, $refusals were refused)"

# And at moments that nobody chose.
for kind in 0 1 2; do
	fresh_px "$kind"
	swapping "$rootfs/proc" "$rootfs/px"
	open=''
	for ((i = 0; i < 12; i++)); do
		in_container "${look[@]}"
		open+=$(unmasked)
		[[ $status == 0 || $status == 125 ]] || open+="status $status $err"
	done
	stop_swapping
	is "$open" "" "12 starts while /proc and ${kinds[kind]} change places"
done

# A tmpfs that is to be read-only is the one that was mounted.
fresh_rootfs
mkdir "$rootfs/a" "$rootfs/b"
config mounts '[
	{"device": "tmpfs", "source": "tmpfs", "destination": "/a", "flags": 1},
	{"device": "tmpfs", "source": "tmpfs", "destination": "/b", "flags": 0}]' \
	mask_paths '[]' readonly_paths '[]'
rootfs=$config_file hold 9 /probe write /a/x , write /b/x
swap "$rootfs/a" "$rootfs/b"
release
like "$out" 'failed 10 .*/a is another file than the tmpfs' \
	"a read-only tmpfs changes places with another: refused"

# Paths above what was mounted: all of it is bound once more, or covered.
fresh_rootfs
config readonly_paths '["/", "/proc/sys", "/sys"]' mask_paths '["/proc/keys", "/sys/kernel", "/proc"]'
probe ls /proc , ls /sys/kernel , write /x x , write /dev/x x
is "$status $out" "0 write /x EROFS
write /dev/x ok" "/ itself is read-only, and /proc whole is masked"
config readonly_paths '["/proc", "/proc/sys"]' mask_paths '["/proc/timer_list", "/sys"]'
probe write /proc/sys/kernel/core_pattern , write /proc/self/oom_score_adj , \
	stat /proc/timer_list , ls /sys
is "$status $out" "0 write /proc/sys/kernel/core_pattern EROFS
write /proc/self/oom_score_adj EROFS
stat /proc/timer_list char 0666 0 0 1:3" \
	"/proc itself is read-only, a path in it masked, and so is /sys"

# A path of the image itself.
fresh_rootfs
mkdir "$rootfs/d" "$rootfs/e"
echo secret | tee "$rootfs/d/file" >"$rootfs/e/file"
config mask_paths '["/d/file", "/none"]' readonly_paths '["/d"]'
probe read /d/file , write /d/x
is "$status $out" "0 write /d/x EROFS" "a path of the image is hidden"
rootfs=$config_file hold 10 /probe read /d/file , write /d/x
swap "$rootfs/d" "$rootfs/e"
release
is "$status $(tail -n1 <<<"$out")" "0 write /d/x EROFS" \
	"... that which is there when it is hidden"
unlike "$out" secret "... whole"
config

# --- what the kernel refuses -------------------------------------------------

# Without a user namespace there is nothing that would do instead: no mount of
# the host's stands for one that was refused, no node of his for a device.
fresh_rootfs
rm -f "$TEST_DIR/template"
config
for call in mount mknodat; do
	for ((n = 1, quiet = 0; n < 60; n++)); do
		run strace -f -qq -o "$TEST_DIR/calls" -e "trace=$call" \
			-e "inject=$call:error=EPERM:when=$n" \
			nsinit exec --config "$config_file" /probe say ran
		grep -q INJECTED "$TEST_DIR/calls" || break
		if [[ $status != 125 || $out ||
			$(wc -l <"$TEST_DIR/run.err") -ne 1 ]]; then
			quiet=$((quiet + 1))
			not_ok "$call $n is refused: an error" "$status $out $err
$(grep INJECTED "$TEST_DIR/calls")"
		fi
	done
	is "$quiet" 0 "each of $((n - 1)) calls of $call that is refused ends the start"
	[[ $n -gt 5 ]] || not_ok "there are calls of $call to refuse" "$n"
done

# --- users and groups of an image --------------------------------------------

for file in passwd group; do
	for target in /proc/kmsg /proc/1/status proc/version ../proc/self/status \
		/sys/kernel/uevent_seqnum /dev/pts/ptmx /dev/tty /proc/1/ns/mnt; do
		fresh_rootfs
		ln -sf "$target" "$rootfs/etc/$file"
		[[ $target != proc/* ]] || ln -sf "../$target" "$rootfs/etc/$file"
		run strace -f -qq -o "$TEST_DIR/calls" -e trace=openat2 \
			nsinit exec --config "$config_file" /probe say ran
		refused "step 10 .*/etc/$file" "/etc/$file leads to $target: refused"
		is "$(grep "\"/etc/$file\"" "$TEST_DIR/calls" | grep -v O_PATH)" "" \
			"... and is not opened for reading"
	done
done
fresh_rootfs
begin
for target in /proc/kmsg /sys/kernel/uevent_seqnum; do
	ln -sf "$target" "$rootfs/etc/passwd"
	in_container /probe say ran
	refused 'step 10 .*/etc/passwd is not read: it lies in a special' \
		"a process that joins does not read $target either"
done
end
fresh_rootfs
ln -sf group "$rootfs/etc/passwd"
probe id
is "$status $(facts uid)" "0 0 0 0" "a link to a file is read as before"
done_testing
