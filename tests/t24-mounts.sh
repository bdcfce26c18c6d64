#!/bin/bash
# t24: mounts in full: flags, propagation, copies, commands, cgroups, labels
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root

RDONLY=1 NOSUID=2 NODEV=4 NOEXEC=8 NOATIME=1024 NODIRATIME=2048 BIND=4096
REC=16384 UNBINDABLE=131072 PRIVATE=262144 SLAVE=524288 SHARED=1048576
STRICTATIME=16777216 NOSYMFOLLOW=256
fresh_rootfs

# entry DEVICE SOURCE DESTINATION FLAGS [JSON]: one of config.mounts.
entry() {
	printf '{"device": "%s", "source": "%s", "destination": "%s", ' \
		"$1" "$2" "$3"
	printf '"flags": %d%s}' "$4" "${5:+, $5}"
}

# mounts [KEY JSON...] -- ENTRY...: a container with /proc, /dev and these.
mounts() {
	local keys=() list
	while [[ $1 != -- ]]; do
		keys+=("$1")
		shift
	done
	shift
	list=$(entry proc proc /proc 14),$(entry tmpfs tmpfs /dev 2)
	while [[ $# -gt 0 ]]; do
		list+=,$1
		shift
	done
	config mounts "[$list]" "${keys[@]}"
}

# mounted TARGET: its type and flags, as the host sees them in the container.
mounted() {
	awk -v target="$1" '$5 == target {
		for (i = 7; $i != "-"; i++) ;
		line = $(i + 1) " " $6
	} END { print line }' "/proc/$pid/mountinfo"
}

# tags TARGET: its propagation there: shared, master, unbindable or private.
tags() {
	awk -v target="$1" '$5 == target {
		line = ""
		for (i = 7; $i != "-"; i++) {
			sub(/:.*/, "", $i)
			line = line (line ? " " : "") $i
		}
	} END { print line ? line : "private" }' "/proc/$pid/mountinfo"
}

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# --- flags -------------------------------------------------------------------

shared=$TEST_DIR/shared
mkdir "$shared" "$shared/sub"
mount -t tmpfs -o nosuid,noatime shared "$shared"
mkdir "$shared/sub"
mount -t tmpfs -o nodev below "$shared/sub"
mkdir "$shared/sub/deep"
mount -t tmpfs deepest "$shared/sub/deep"
echo file | tee "$shared/file" "$shared/sub/file" >"$shared/sub/deep/file"

mounts -- "$(entry tmpfs tmpfs /a $((NOSUID | NOATIME | NOEXEC)))" \
	"$(entry tmpfs tmpfs /b $((STRICTATIME | NODEV | NODIRATIME)))" \
	"$(entry bind "$shared" /c $BIND)" \
	"$(entry bind "$shared" /d $((BIND | NODIRATIME | NODEV)))" \
	"$(entry bind "$shared" /e $((BIND | STRICTATIME | NOEXEC)))" \
	"$(entry bind "$shared" /f $((BIND | NOSYMFOLLOW | RDONLY)))" \
	"$(entry bind "$shared/file" /g $((BIND | RDONLY)))"
begin
while read -r target flags; do
	is "$(mounted "$target" | tr , '\n' | sed 's/^tmpfs //' | sort |
		tr '\n' ' ')" "$(tr , '\n' <<<"$flags" | sort | tr '\n' ' ')" \
		"the flags of $target are $flags"
done <<'TABLE'
/a rw,nosuid,noexec,noatime
/b rw,nodev,nodiratime
/c rw,nosuid,noatime
/d rw,nosuid,nodev,noatime,nodiratime
/e rw,nosuid,noexec
/f ro,nosuid,noatime,nosymfollow
/g ro,nosuid,noatime
TABLE
end
is "$(awk -v dir="$shared" '$5 == dir { print $6 }' /proc/self/mountinfo)" \
	rw,nosuid,noatime "the host's own mount has its flags as before"

mounts -- "$(entry bind "$shared" /vol $((BIND | REC | RDONLY)))" \
	"$(entry bind "$shared" /tree $((BIND | REC)) \
		"\"rec_flags\": $((RDONLY | NOEXEC | NOATIME))")"
begin
is "$(mounted /vol), $(mounted /vol/sub)" \
	"tmpfs ro,nosuid,noatime, tmpfs rw,nodev,relatime" \
	"read-only is for one mount; what is below keeps its flags"
is "$(mounted /tree), $(mounted /tree/sub), $(mounted /tree/sub/deep)" \
	"tmpfs ro,nosuid,noexec,noatime, tmpfs ro,nodev,noexec,noatime, tmpfs \
ro,noexec,noatime" "rec_flags are for the whole tree, beside the flags there are"
end
probe write /vol/x x , write /vol/sub/x x , write /tree/x x , \
	write /tree/sub/x x , write /tree/sub/deep/x x , read /tree/sub/deep/file
is "$out" "write /vol/x EROFS
write /vol/sub/x ok
write /tree/x EROFS
write /tree/sub/x EROFS
write /tree/sub/deep/x EROFS
file" "... and so it is when one writes"
config
in_container --bind "$shared:/tree:rro" /probe write /tree/sub/deep/x x , \
	read /tree/sub/file
is "$out" "write /tree/sub/deep/x EROFS
file" "--bind SRC:DST:rro is the same"
passes "... and the host can still write there" touch "$shared/sub/deep/new"
run strace -f -o /dev/null -e trace=mount_setattr \
	-e inject=mount_setattr:error=ENOSYS nsinit exec \
	--config "$config_file" --bind "$shared:/tree:rro" /probe say never
refused 'step 8 .*/tree.*mount_setattr.*Function not implemented' \
	"a kernel without mount_setattr says so"
umount -R "$shared"

# --- tmpfs -------------------------------------------------------------------

mounts -- "$(entry tmpfs cache /a 6 '"data": "size=1m,mode=1750,uid=7,gid=8"')"
begin
like "$(grep ' /a ' "/proc/$pid/mountinfo")" \
	' - tmpfs cache .*size=1024k,mode=1750,uid=7,gid=8' \
	"a tmpfs gets its data, and mountinfo its source"
end
probe stat /a
is "$out" "stat /a directory 1750 7 8" "... which hold"
mounts -- "$(entry tmpfs tmpfs /a 6 '"data": "size=much"')"
probe say never
refused 'step 8 .*mount tmpfs on /a with \\?"size=much\\?": Invalid argument' \
	"data that the kernel refuses"

# What is copied up: the image's, not what a link leads to, nor other mounts.
marker=$TEST_DIR/marker
mkdir "$marker" "$rootfs"/cache{,/sub,/sub/mounted}
echo host >"$marker/file"
echo image | tee "$rootfs/cache/file" >"$rootfs/cache/sub/file"
ln -s "$marker" "$rootfs/cache/way-out"
ln -s "$marker/file" "$rootfs/cache/sub/file-out"
mkfifo -m 622 "$rootfs/cache/fifo"
mknod -m 640 "$rootfs/cache/node" c 1 3
chmod 4711 "$rootfs/cache/file"
chown 5:6 "$rootfs/cache/sub/file" "$rootfs/cache"
chmod 2751 "$rootfs/cache"
mount -t tmpfs tmpfs "$rootfs/cache/sub/mounted"
: >"$rootfs/cache/sub/mounted/hidden"
mounts -- "$(entry tmpfs tmpfs /cache 6 '"tmpcopyup": true')"
probe ls /cache , read /cache/file , read /cache/sub/file , \
	stat /cache /cache/file /cache/sub/file /cache/fifo /cache/node \
	/cache/way-out /cache/sub/file-out , ls /cache/sub/mounted , \
	write /cache/file new , write /cache/sub/new x
is "$out" "entry fifo
entry file
entry node
entry sub
entry way-out
image
image
stat /cache directory 2751 5 6
stat /cache/file file 4711 0 0
stat /cache/sub/file file 0644 5 6
stat /cache/fifo fifo 0622 0 0
stat /cache/node char 0640 0 0 1:3
stat /cache/way-out link $marker
stat /cache/sub/file-out link $marker/file
write /cache/file ok
write /cache/sub/new ok" "with tmpcopyup a tmpfs begins as what the image has"
is "$(cat "$rootfs/cache/file" "$marker/file")$(ls "$rootfs/cache/sub")" \
	$'image\nhostfile\nfile-out\nmounted' "... and the image stays as it is"
umount "$rootfs/cache/sub/mounted"
head -c 2000000 /dev/zero >"$rootfs/cache/sub/large"
mounts -- "$(entry tmpfs tmpfs /cache 6 \
	'"tmpcopyup": true, "data": "size=1m"')"
probe say never
refused 'step 8 .*copy /cache up: in sub: copy large: No space left' \
	"what does not fit is an error"
rm "$rootfs/cache/sub/large"
mounts -- "$(entry tmpfs tmpfs /cache 7 '"tmpcopyup": true')"
probe read /cache/file , write /cache/file x
is "$out" "image
write /cache/file EROFS" "a copy may be read-only"
leftovers "nothing is left of the copies"

# --- commands ----------------------------------------------------------------

command_json() { # SCRIPT [JSON]
	printf '{"path": "/bin/sh", "args": ["sh", "-c", "%s"]%s}' \
		"${1//$'\t'/}" "${2:+, $2}"
}
log=$TEST_DIR/commands.log
mounts -- "$(entry tmpfs tmpfs /a 6 "
	\"premount_cmds\": [$(command_json "echo before >>$log; mount | \
		grep -c 'on $rootfs/a ' >>$log; :"),
		$(command_json "echo \$WORD; pwd >>$log; echo \$WORD >>$log; \
			ls /proc/self/fd | tr '\\\\n' ' ' >>$log" \
			"\"env\": [\"WORD=said\", \"PATH=/bin:/usr/bin\"],
			\"dir\": \"$TEST_DIR\"")],
	\"postmount_cmds\": [$(command_json "mount | grep -c \
		'on $rootfs/a ' >>$log; echo made >$rootfs/a/file")]")"
probe read /a/file , say "done"
is "$status $out" "0 made
done" "commands run before and after a mount, and what they print is not ours"
is "$(cat "$log")" "before
0
$TEST_DIR
said
0 1 2 3 1" "... in their order, with their folder and environment, and no descriptor"
mounts -- "$(entry tmpfs tmpfs /a 6 "
	\"premount_cmds\": [$(command_json "echo it is broken >&2; exit 3")]")"
probe say never
refused 'step 8 .*mount command /bin/sh: exit status 3: it is broken' \
	"a command that fails"
mounts -- "$(entry tmpfs tmpfs /a 6 \
	'"postmount_cmds": [{"path": "/none"}]')"
probe say never
refused 'step 8 .*mount command /none: No such file' \
	"a command that is not there"
mounts -- "$(entry tmpfs tmpfs /a 6 \
	"\"postmount_cmds\": [$(command_json 'kill -9 $$')]")"
probe say never
refused 'step 8 .*mount command /bin/sh: signal 9' "a command that is killed"
leftovers "nothing is left of the commands"

# --- propagation -------------------------------------------------------------

source=$TEST_DIR/source
mkdir "$source"
mount -t tmpfs source "$source"
mkdir "$source"/{late,sub}
mount -t tmpfs sub "$source/sub"
mkdir "$source/sub/late"
mount --make-rshared "$source"
propagation() { # JSON LIST
	entry bind "$source" "$1" $((BIND | REC)) "\"propagation_flags\": [$2]"
}
mounts -- "$(entry bind "$source" /default $((BIND | REC)))" \
	"$(propagation /private $PRIVATE)" "$(propagation /slave $SLAVE)" \
	"$(propagation /rslave $((SLAVE | REC)))" \
	"$(propagation /shared $SHARED)" \
	"$(propagation /rshared $((SHARED | REC)))" \
	"$(propagation /unbindable $UNBINDABLE)" \
	"$(propagation /runbindable $((UNBINDABLE | REC)))" \
	"$(propagation /both "$PRIVATE, $((SHARED | REC))")" \
	"$(entry bind "$source" /flags $((BIND | REC | UNBINDABLE)))"
begin
while read -r target top below; do
	is "$(tags "$target"), $(tags "$target/sub")" "${top/+/ }, ${below/+/ }" \
		"$target is $top, and what is below it $below"
done <<'TABLE'
/default private private
/private private master
/slave master master
/rslave master master
/shared shared+master master
/rshared shared+master shared+master
/unbindable unbindable master
/runbindable unbindable unbindable
/both shared shared+master
/flags unbindable unbindable
TABLE
mount -t tmpfs late "$source/late"
mount -t tmpfs late "$source/sub/late"
is "$(awk '$5 ~ /late$/ { print $5 }' "/proc/$pid/mountinfo" | sort |
	tr '\n' ' ')" "/both/sub/late /private/sub/late /rshared/late \
/rshared/sub/late /rslave/late /rslave/sub/late /shared/late \
/shared/sub/late /slave/late /slave/sub/late /unbindable/sub/late " \
	"what the host mounts later comes into slaves only"
end
umount "$source/late" "$source/sub/late"

# The container's own /.
while read -r flags tags below; do
	if [[ $((flags & SHARED)) -ne 0 ]] && ! has_true_root; then
		skip "with rootPropagation $flags" "refused in a chroot"
		continue
	fi
	mounts rootPropagation "$flags" -- \
		"$(entry bind "$source" /vol $((BIND | REC)))"
	begin
	is "$(tags /), $(tags /vol)" "${tags/+/ }, ${below/+/ }" \
		"with rootPropagation $flags / is $tags, and a bind $below"
	end
done <<TABLE
$PRIVATE private private
$((PRIVATE | REC)) private private
$SLAVE private private
$UNBINDABLE unbindable private
$((UNBINDABLE | REC)) unbindable unbindable
$SHARED shared private
$((SHARED | REC)) shared shared
TABLE

# Shared with the host: what is mounted inside appears there, and only that.
if has_true_root; then
	mount --make-rshared /
	before=$(sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo)
	mounts capabilities '["SYS_ADMIN"]' rootPropagation $((SHARED | REC)) -- \
		"$(propagation /tmp $SHARED)" "$(entry bind "$source" /p $BIND)"
	nsinit exec --config "$config_file" /probe try mount , sleep 600 \
		>"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	wait_for begun || not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
	wait_for grep -q 'try mount' "$TEST_DIR/life.out" || :
	is "$(cat "$TEST_DIR/life.out")" "try mount ok" \
		"a container may mount, with the capability for it"
	is "$(sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo |
		diff <(echo "$before") - | grep '^[<>]' | awk '{ print $1, $4 }')" \
		"> $source" "in a shared bind, the host sees it; and nothing else"
	end
	umount "$source"
	is "$(sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo)" "$before" \
		"when the container is gone, no mount of the host has gone with it"
	mounts capabilities '["SYS_ADMIN"]' -- "$(propagation /tmp $SHARED)"
	probe try mount
	is "$out, $(sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo)" \
		"try mount ok, $before" "without rootPropagation, nothing goes out"
	mount --make-rprivate /
else
	skip "shared with the host" "refused in a chroot"
fi
umount -R "$source"
leftovers "nothing is left of the propagation"

# --- places ------------------------------------------------------------------

config
ln -sfn /proc/sys "$rootfs/door"
ln -sfn . "$rootfs/top"
for device in tmpfs mqueue cgroup; do
	mounts -- "$(entry $device $device /door 0)"
	probe say never
	refused "step 8 .* on /door: inside /proc this is not allowed" \
		"no $device is mounted in /proc by way of a link"
done
for device in tmpfs bind cgroup; do
	mounts -- "$(entry $device "$TEST_DIR" /top 0)"
	probe say never
	refused "step 8 .* on /top: it is the root itself" \
		"no $device is mounted on / by way of a link"
done
rm "$rootfs"/{door,top}
echo false >"$marker/meminfo"
mounts -- "$(entry bind "$marker/meminfo" /proc//./meminfo $BIND)"
probe read /proc/meminfo
is "$out" false "/proc/meminfo may be covered, however it is spelled"

# --- cgroups -----------------------------------------------------------------

view=/sys/fs/cgroup

# own: the container's cgroups: name inside, directory on the host.
own() {
	local controllers path
	while IFS=: read -r _ controllers path; do
		if has_cgroup v2; then
			echo ". /sys/fs/cgroup$path"
		elif [[ $controllers ]]; then
			controllers=${controllers#name=}
			# The kernel's order here is not that of the mount.
			[[ -d $view/$controllers ]] ||
				controllers=${controllers#*,},${controllers%,*}
			[[ ! -d $view/$controllers ]] ||
				echo "$controllers $view/$controllers$path"
		fi
	done <"/proc/$pid/cgroup"
}

# shows FLAGS WORDS: each hierarchy is there, is the container's own cgroup,
# and is mounted with these flags.
shows() {
	local flags=$1 name directory at bad='' n=0
	while read -r name directory; do
		n=$((n + 1))
		[[ $(stat -c %i "/proc/$pid/root$view/$name") == \
			$(stat -c %i "$directory") ]] || bad+=" $name"
		at=$view/$name
		at=$(mounted "${at%/.}")
		[[ $at == cgroup*" $flags" ]] || bad+=" $name:$at"
		[[ $(wc -l <"/proc/$pid/root$view/$name/cgroup.procs") -eq 1 ]] ||
			bad+=" $name/cgroup.procs"
	done < <(own)
	is "$bad" "" "$2 ($n)"
	isnt "$n" 0 "... of which there are some"
}

namespaces='{"type": "NEWNS"}, {"type": "NEWPID"}, {"type": "NEWUTS"},
	{"type": "NEWIPC"}, {"type": "NEWNET"}'
sys=$(entry sysfs sysfs /sys 15)
if has_cgroup v1 || has_cgroup v2; then
	mounts -- "$sys" "$(entry cgroup cgroup $view 15)"
	begin
	shows ro,nosuid,nodev,noexec,relatime \
		"a container sees its own cgroups, read-only"
	if has_cgroup v1; then
		is "$(mounted $view)" "tmpfs ro,nosuid,nodev,noexec,relatime" \
			"... in a read-only folder"
		is "$(find "/proc/$pid/root$view" -mindepth 1 -maxdepth 1 \
			-type d -printf '%f\n' | sort)" \
			"$(own | cut -d' ' -f1 | sort)" \
			"... which has nothing else"
		joined=$(own | sed -n 's/ .*//; /,/p')
		for name in ${joined//,/ }; do
			like " $(readlink "/proc/$pid/root$view/$name")" \
				"[ ,]$name(,|\$)" "... $name is a link"
		done
		[[ $joined ]] || skip "joined controllers have links" \
			"each hierarchy here has one controller"
	fi
	end
	file=$view/cgroup.procs
	! has_cgroup v1 || file=$view/memory/cgroup.procs
	probe write $file 0 , write $view/new x
	like "$out" "write $file EROFS
write $view/new (EROFS|EPERM)" "... and can change nothing there"
	config
	in_container --cgroup /probe read $file , write $file 0
	is "$out" "1
write $file EROFS" "--cgroup does the same"

	mounts namespaces "[$namespaces, {\"type\": \"NEWCGROUP\"}]" -- \
		"$sys" "$(entry cgroup cgroup $view 15)"
	begin
	shows ro,nosuid,nodev,noexec,relatime \
		"... and in a cgroup namespace"
	isnt "$(readlink "/proc/$pid/ns/cgroup")" \
		"$(readlink /proc/self/ns/cgroup)" "... which is its own"
	end
	probe read /proc/self/cgroup , read /proc/self/mountinfo , \
		write $file 0
	is "$(grep -E '^[0-9]+:' <<<"$out" | cut -d: -f3 | grep -c / || :)" \
		"$(grep -cE '^[0-9]+:' <<<"$out")" "... it knows its cgroups"
	is "$(grep -E '^[0-9]+:' <<<"$out" | grep -v '^0::/$' |
		grep -c ':/.' || :)" 0 "... as the roots of all"
	unlike "$(awk '/ - cgroup/ && $4 != "/"' <<<"$out")" . \
		"... and sees nothing above in its mounts"
	like "$out" "write $file EROFS" "... and can change nothing there"
	mounts namespaces "[$namespaces, {\"type\": \"NEWCGROUP\"}]" -- \
		"$sys" "$(entry cgroup cgroup $view 14)"
	probe write $file 0 , write $view/new x
	like "$out" "write $file ok" "without read-only it may be changed"
	mounts -- "$(entry tmpfs tmpfs /sys 6)" "$(entry cgroup cgroup /c 15)"
	probe ls /c
	like "$out" 'entry (cgroup\.procs|memory)' \
		"cgroups may be shown somewhere else"
else
	skip "a container sees its own cgroups" "there are none here"
fi
mounts cgroups '{"name": "none", "allow_all_devices": true}' -- \
	"$sys" "$(entry cgroup cgroup $view 15)"
# shellcheck disable=SC2016 # for the inner shell
run unshare -m sh -c 'umount -R /sys/fs/cgroup 2>/dev/null
	exec nsinit --debug exec --config "$0" /probe ls /sys/fs/cgroup' \
	"$config_file"
is "$status $out" "0 " "where there are no cgroups, the folder is empty"
like "$err" 'debug: dockerinit step 8 .*it will be empty' "... and a note says so"
leftovers "nothing is left of the cgroups"

# --- labels ------------------------------------------------------------------

label=system_u:object_r:svirt_lxc_file_t:s0:c1,c2
mkdir -p "$source/sub"
echo x | tee "$source/file" >"$source/sub/file"
ln -s "$marker/file" "$source/sub/link"
labels() {
	(cd "$source" && find . | sort | while read -r name; do
		python3 - "$name" <<-'PYTHON'
			import os, sys
			try:
			    x = os.getxattr(sys.argv[1], "security.selinux",
			                    follow_symlinks=False)
			except OSError:
			    x = b"none"
			print(sys.argv[1], x.decode().rstrip("\0"))
		PYTHON
	done | tr '\n' ' ')
}
relabelled() {
	printf '. %s ./file %s ./sub %s ./sub/file %s ./sub/link %s ' \
		"$1" "$1" "$1" "$1" "$1"
}
current=$(tr -d '\0\n' 2>/dev/null </proc/self/attr/current) || current=none
if ! grep -q selinuxfs /proc/filesystems || [[ $current == kernel ]]; then
	config mount_label "\"$label\"" process_label "\"$label\"" \
		mounts "[$(entry tmpfs tmpfs /a 6),
			$(entry bind "$source" /b $BIND '"relabel": "Z"')]"
	run nsinit --debug exec --config "$config_file" /probe say ran
	is "$status $out" "0 ran" "without SELinux labels are ignored"
	is "${err//nsinit: debug: /}" \
		"dockerinit step 8 (step08_mounts): mount_label $label is \
ignored: SELinux does not run here
dockerinit step 8 (step08_mounts): relabel of $source is ignored: SELinux does \
not run here
dockerinit step 10 (step10_hostname_profile): process_label $label is ignored: \
SELinux does not run here" "... and --debug says which"
	probe say ran
	is "$status $out$err" "0 ran" "... but nobody else does"
	is "$(labels)" "$(relabelled none)" "... no file gets a label"
else
	skip "labels are ignored" "SELinux runs here"
fi
if [[ $current == none ]]; then
	# A kernel that says it has it takes the labels, and the mount options
	# go to a file system that knows none.
	printf 'nodev\tselinuxfs\n' | cat /proc/filesystems - >"$TEST_DIR/fake"
	mount --bind "$TEST_DIR/fake" /proc/filesystems
	for kind in Z:$label z:${label%:*}; do
		config mount_label "\"$label\"" mask_paths '[]' \
			mounts "[$(entry bind "$source" /b $((BIND | RDONLY)) \
				"\"relabel\": \"${kind%%:*}\"")]"
		probe read /b/file
		is "$status $out, $(labels)" "0 x, $(relabelled "${kind#*:}")" \
			"with it, relabel ${kind%%:*} gives all files their label"
	done
	is "$(python3 -c 'import os, sys; print(os.listxattr(sys.argv[1]))' \
		"$marker/file")" "[]" "... but not what a link leads to"
	for place in / /usr /etc; do
		config mount_label "\"$label\"" mask_paths '[]' mounts \
			"[$(entry bind $place /b $BIND '"relabel": "Z"')]"
		probe say never
		refused "step 8 .*relabel $place: this would be the host's own" \
			"the host's $place is not relabelled"
	done
	for device in tmpfs devpts; do
		config mount_label "\"$label\"" mask_paths '[]' mounts \
			"[$(entry $device $device /a 6)]"
		run strace -f -s 200 -e trace=mount -o "$TEST_DIR/trace" \
			nsinit exec --config "$config_file" /probe say never
		like "$(cat "$TEST_DIR/trace")" \
			"\"$device\".*context=.\"$label.\"" \
			"$device is mounted with context="
	done
	umount /proc/filesystems
	# A joining process looks before it leaves the host.
	config process_label "\"$label\""
	begin
	mount --bind "$TEST_DIR/fake" /proc/filesystems
	probe say never
	refused "step 10 .*change to the SELinux label $label on exec" \
		"a label that the kernel refuses"
	umount /proc/filesystems
	end
	leftovers "nothing is left of the labels"
else
	skip "labels are given" "the kernel would know better than our fake"
fi

# --- bad input ---------------------------------------------------------------

while read -r json message; do
	mounts -- "$json"
	probe say never
	refused "$message" "$json"
done <<TABLE
{"device":"tmpfs","destination":"/a","propagation_flags":[$SLAVE,1]} mounts\[2\]\.propagation_flags\[1\]: not one kind
{"device":"tmpfs","destination":"/a","propagation_flags":"private"} mounts\[2\]\.propagation_flags: a list
{"device":"tmpfs","destination":"/a","flags":-1} mounts\[2\]\.flags:
{"device":"tmpfs","destination":"/a","flags":32} mounts\[2\]\.flags: 0x20
{"device":"tmpfs","destination":"/a","rec_flags":1} mounts\[2\]\.rec_flags: only for a bind
{"device":"bind","source":"/tmp","destination":"/a","tmpcopyup":true} mounts\[2\]\.tmpcopyup: only for a tmpfs
{"device":"bind","source":"/tmp","destination":"/a","relabel":"zZ"} mounts\[2\]\.relabel: "zZ" is neither
{"device":"ext4","source":"/dev/x","destination":"/a"} mounts\[2\]\.device: unknown mount device "ext4"
{"device":"tmpfs","destination":"/a","premount_cmds":[{"path":"true"}]} mounts\[2\]\.premount_cmds\[0\]\.path
TABLE
mounts rootPropagation $((SHARED | SLAVE)) --
probe say never
refused 'rootPropagation: 0x180000 is not one kind' "rootPropagation, two kinds"
mounts rootPropagation $SHARED no_pivot_root true --
probe say never
refused 'rootPropagation: shared cannot be had with no_pivot_root' \
	"rootPropagation shared with no_pivot_root"
leftovers "nothing is left of what was refused"
done_testing
