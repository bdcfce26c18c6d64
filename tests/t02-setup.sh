#!/bin/bash
# t02: the two commands find, or ask for, what they need
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_no_vm

# An apt-get that only writes down how it was called.
fake=$TEST_DIR/fake
mkdir "$fake"
cat >"$fake/apt-get" <<-'APT'
	#!/bin/bash
	echo "$*" >>"${0%/*}/called"
APT
chmod +x "$fake/apt-get"

# A setup.sh that looks for a program which is nowhere.
sed 's/qemu-system-x86_64 /qemu-system-nothing /' "$TOP/tests/setup.sh" >"$TEST_DIR/setup.sh"

run env PATH="$fake:$PATH" "$TOP/tests/setup.sh" build shell
is "$status" 0 "setup succeeds where nothing is missing"
is "$out$err" "" "... says nothing"
is "$(cat "$fake/called" 2>/dev/null)" "" "... and does not call apt"

if [[ $EUID -eq 0 ]]; then
	run env PATH="$fake:$PATH" bash "$TEST_DIR/setup.sh" build vm
	is "$status" 0 "root installs what is missing"
	like "$err" 'installing qemu-system-x86' "... and says what"
	is "$out" "" "... not on standard output"
	like "$(cat "$fake/called")" '^[^u]*update'$'\n''[^u]*install[^u]* qemu-system-x86' \
		"... after one update"
	rm "$fake/called"
	chmod 0755 "$TEST_DIR" "$fake"
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		env PATH="$fake:/usr/bin" bash "$TEST_DIR/setup.sh" vm
	if command -v sudo >/dev/null; then
		skip "a user without sudo is told" "sudo is here"
	else
		is "$status" 1 "a user without sudo is refused"
		like "$err" 'apt-get install qemu-system-x86' \
			"... and told the packages"
		is "$(cat "$fake/called" 2>/dev/null)" "" \
			"... and apt is not called"
	fi
else
	skip "root installs what is missing" "needs root"
fi

if [[ $EUID -eq 0 ]]; then
	mkdir "$TEST_DIR/doctor"
	cp "$TOP/tests/doctor.sh" "$TEST_DIR/doctor"
	chmod -R go+rX "$TEST_DIR"
	for mode in 000 666; do
		run unshare -m bash -c "mount -t devpts -o newinstance,ptmxmode=0$mode \
			devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx &&
			setpriv --reuid 65534 --regid 65534 --clear-groups \
			bash $TEST_DIR/doctor/doctor.sh"
		is "$status $(grep -c 'no terminal can be made' <<<"$out")" \
			"0 $([[ $mode == 666 ]]; echo $?)" \
			"doctor tries whether this user can make a terminal ($mode)"
	done
fi

root=$TEST_DIR/rootfs
passes "rootfs.sh makes a root filesystem" "$TOP/tests/rootfs.sh" "$root"
is "$(cd "$root" && readlink -e bin/sh)" "$(readlink -e "$root")/bin/busybox" \
	"its shell is its own busybox, seen from outside, too"
if [[ $EUID -eq 0 ]]; then
	is "$(chroot "$root" /bin/sh -c 'id -un; ls -d /tmp')" $'root\n/tmp' \
		"... and works inside"
fi

# What is typed as CMD reaches the container as it was typed.
# shellcheck disable=SC2016 # it is for the shell in the container
text='echo pid $$; echo "a  b" '\''$HOME'\'' \\ "#c"; cat /proc/1/comm; exit 3'
if [[ $EUID -eq 0 && ${TEST_ISOLATED-} ]]; then
	cd "$TOP"
	run make -s --no-print-directory shell CMD="$text"
	is "$out" $'pid 1\na  b $HOME \\ #c\nsh' \
		"make shell CMD=... prints what the command prints, no more"
	isnt "$status" 0 "... and its failure is make's"
	like "$err" 'Error 3' "... which names its status"
	echo typed >"$TEST_DIR/typed"
	run make -s --no-print-directory shell CMD=cat <"$TEST_DIR/typed"
	is "$out" typed "... and standard input reaches it"
else
	skip "make shell" "needs root"
fi
done_testing
