#!/bin/bash
# t19: the null device that a container has as 0 1 2 is never the host's
#
# Root in a container may change the mode and the owner of what it was handed.
# It tries so with each of its three descriptors, in every way in which it can
# have got them: the host's /dev/null, here one of the test's own, stays as it
# is.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program setpriv

# The test's mount namespace gets a /dev whose nodes nobody else has.
mount -t tmpfs -o mode=755 tmpfs /dev
mkdir /dev/pts /dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts /dev/pts
ln -s pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd
for node in null:3 zero:5 full:7 random:8 urandom:9; do
	mknod -m 666 "/dev/${node%:*}" c 1 "${node#*:}"
done
mknod -m 666 /dev/tty c 5 0
snapshot_to "$TEST_DIR/before"

null_is=$(stat -c '%a %u %g %d:%i' /dev/null)
# untouched SENTENCE: and if it is not, make it so for what follows.
untouched() {
	is "$(stat -c '%a %u %g %d:%i' /dev/null)" "$null_is" "$1"
	chmod 666 /dev/null
	chown 0:0 /dev/null
}

# each SENTENCE COMMAND...: with the three on /dev/null, closed, and one by one.
each() {
	local text=$1
	shift
	"$@" /probe grab 0 1 2 </dev/null >/dev/null 2>&1 || :
	untouched "$text: all three are /dev/null"
	"$@" /probe grab 0 1 2 <&- >&- 2>&- || :
	untouched "... all three are closed"
	run "$@" /probe grab 0 </dev/null
	is "$status $out" $'0 chmod 0 ok\nchown 0 ok' \
		"... it may do so with its standard input"
	untouched "... which is not the host's"
	run "$@" /probe grab 0 <&-
	is "$status $out" $'0 chmod 0 ok\nchown 0 ok' \
		"... nor is one in the place of a closed input"
	untouched "... not the host's"
	run "$@" /probe fds , read - , write /proc/self/fd/0 x , \
		stat /proc/self/fd/0 </dev/null
	is "$out" "fd 0 device
fd 1 file
fd 2 file
write /proc/self/fd/0 ok
stat /proc/self/fd/0 link /dev/null" "... it is a null device, named /dev/null"
}

fresh_rootfs
config capabilities '["CHOWN", "FOWNER"]'
new=(nsinit exec --config "$config_file")
each "a new container" "${new[@]}"
config capabilities '["CHOWN", "FOWNER"]' devices '[]' mounts \
	"[{\"device\": \"proc\", \"source\": \"proc\", \"destination\": \"/proc\", \"flags\": 0}]" \
	mask_paths '[]'
each "an image without /dev/null" "${new[@]}"
mknod -m 666 "$rootfs/dev/null" c 1 3
image_is=$(stat -c '%a %u' "$rootfs/dev/null")
each "an image with a /dev/null of its own" "${new[@]}"
is "$(stat -c '%a %u' "$rootfs/dev/null")" "$image_is" \
	"... which is not the one that is used"
rm "$rootfs/dev/null"
mkfifo "$rootfs/dev/null"
each "an image whose /dev/null is a fifo" "${new[@]}"
rm "$rootfs/dev/null"
for keys in '"/dev/null"' '"/dev/tty"'; do
	ln -sf "${keys//\"/}" "$rootfs/dev/null"
	run "${new[@]}" /probe grab 0 </dev/null
	untouched "an image whose /dev/null is a link to ${keys//\"/}"
	rm "$rootfs/dev/null"
done

fresh_rootfs
config capabilities '["CHOWN", "FOWNER"]'
begin
each "a process that joins" nsinit exec --config "$config_file"
each "nsenter" nsinit nsenter --id nsinit
each "nsenter by a pid" nsinit nsenter "$pid" '' "$(cat "$config_file")"
inside=$(stat -Lc %d:%i "/proc/$pid/root/dev/null")
isnt "$(stat -Lc %d:%i "/proc/$pid/fd/0")" "${null_is##* }" \
	"the first process has not the host's"
isnt "$(stat -Lc %d:%i "/proc/$pid/fd/0")" "$inside" "... nor the image's"
end

# The daemon's way: a pipe that is not there is /dev/null.
for tag in run exec; do
	cat >"$TEST_DIR/$tag.json" <<-JSON
		{"id": "oak", "rootfs": "$rootfs", "process_config": {
		 "entrypoint": "/probe", "arguments": ["grab", "0", "1", "2"]}}
	JSON
done
execdriver run "$TEST_DIR/run.json" </dev/null >/dev/null 2>&1 || :
untouched "execdriver run"
execdriver run "$TEST_DIR/run.json" <&- >&- 2>&- || :
untouched "... with closed descriptors"
cat >"$TEST_DIR/live.json" <<JSON
{"id": "oak", "rootfs": "$rootfs", "process_config": {
 "entrypoint": "/probe", "arguments": ["sleep", "600"]}}
JSON
execdriver run "$TEST_DIR/live.json" >"$TEST_DIR/live.out" 2>&1 &
runner=$!
wait_for grep -q 'started pid' "$TEST_DIR/live.out" || :
execdriver exec oak /probe grab 0 1 2 </dev/null >/dev/null 2>&1 || :
untouched "execdriver exec"
execdriver exec oak /probe grab 0 1 2 <&- >&- 2>&- || :
untouched "... with closed descriptors"
execdriver kill oak KILL >/dev/null 2>&1 || :
wait "$runner" 2>/dev/null || :

# A console takes their place.
config capabilities '["CHOWN", "FOWNER"]'
nsinit exec --config "$config_file" --tty /probe grab 0 1 2 </dev/null \
	>"$TEST_DIR/tty.out" 2>&1 || :
untouched "with a console"
like "$(cat "$TEST_DIR/tty.out")" 'chmod 0 ok' "... which is the program's own"

# --- a user namespace, and root without CAP_MKNOD ----------------------------

if unshare -U true 2>/dev/null; then
	fresh_rootfs
	config
	chown -R 1000:1000 "$rootfs" "$TEST_DIR"
	user=(setpriv --reuid 1000 --regid 1000 --clear-groups env
		"XDG_RUNTIME_DIR=$TEST_DIR" "$BIN/nsinit" exec --id own --rootfs
		"$rootfs")
	run "${user[@]}" /probe grab 0 , stat /dev/null </dev/null
	like "$status $out" "^0 chmod 0 EPERM
chown 0 E(PERM|INVAL)
stat /dev/null char 0666 65534 65534 1:3\$" \
		"in an ordinary user's container the host's cannot be changed"
	untouched "... and is not"
	run "${user[@]}" /probe grab 0 <&-
	like "$status $out" $'^0 chmod 0 EPERM\nchown 0 E(PERM|INVAL)$' \
		"... nor by closed descriptors"
	run nsinit exec --id own --rootfs "$rootfs" --userns-root-uid 1000 \
		/probe grab 0 </dev/null
	untouched "nor is it in a user namespace that root makes"

	# One that has the host's root in it: the nodes belong to root inside.
	busybox_rootfs "$TEST_DIR/busybox"
	nodes() { (cd /dev && stat -c '%n %a %u %g' null zero full random tty); }
	nodes_are=$(nodes)
	config uid_mappings '[{"container_id": 0, "host_id": 0, "size": 65536}]' \
		gid_mappings '[{"container_id": 0, "host_id": 0, "size": 65536}]'
	sed -i "s|\"rootfs\": \"[^\"]*\"|\"rootfs\": \"$TEST_DIR/busybox\"|
		s|\"namespaces\": \[|&{\"type\": \"NEWUSER\"},|" "$config_file"
	# shellcheck disable=SC2016 # it is for the shell in the container
	in_container /bin/sh -c 'cd /dev && for n in null zero full random tty; do
		chmod 0 $n; chown 1 $n; done 2>/dev/null
		echo x >null && echo x >zero && stat -c %u:%a zero'
	is "$status $out" "0 0:666" \
		"in one that has the host's root, devices can be written to and not changed"
	is "$(nodes)" "$nodes_are" "... which are as they were"
	[[ $(nodes) == "$nodes_are" ]] || (cd /dev && chmod 666 null zero full \
		random tty && chown 0:0 null zero full random && chown 0:5 tty)
	fresh_rootfs
	chown -R 0:0 "$TEST_DIR"
else
	skip "a user namespace" "there are none here"
fi

fresh_rootfs
config devices '[]' mounts '[]' mask_paths '[]' readonly_paths '[]' \
	capabilities '["CHOWN", "FOWNER"]'
weak=(setpriv --bounding-set=-mknod nsinit exec --config "$config_file")
echo text >"$TEST_DIR/text"
run "${weak[@]}" /probe say ran <"$TEST_DIR/text"
is "$status $out$err" "0 ran" "root without CAP_MKNOD: a container runs"
for how in '</dev/null' '<&-' '>/dev/null' '2>/dev/null'; do
	number=${how%%[<>]*}
	case $how in '<'*) number=0 ;; '>'*) number=1 ;; esac
	status=0
	eval '"${weak[@]}" /probe grab 0 1 2 <"$TEST_DIR/text" \
		>"$TEST_DIR/weak.out" 2>"$TEST_DIR/weak.err" '"$how" || status=$?
	is "$status $(cat "$TEST_DIR/weak.out")" "125 " \
		"... but not with $how"
	[[ $number == 2 ]] || like "$(cat "$TEST_DIR/weak.err")" \
		"^nsinit: exec: descriptor $number would be the host's null device, which root in the container could change" \
		"... and one line says why"
	untouched "... and the host's is untouched"
done
config
run "${weak[@]}" /probe say ran <"$TEST_DIR/text"
like "$status $out $err" '^125  nsinit: .*step 8 .*mknod /dev/[a-z]*: Operation not permitted$' \
	"... nor are the host's devices bound in the place of new ones"

umount /dev/pts /dev
snapshot_to "$TEST_DIR/before"
done_testing
