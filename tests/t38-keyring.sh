#!/bin/bash
# t38: the keys of the caller's session are not the container's
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program strace setpriv

# with_key WORD...: run it in a session that has a key; leaves $status, $out.
with_key() {
	run "$PROBE" session secret s3cret "$@"
}
with_key "$PROBE" key secret
case $out in
*ENOSYS* | *EPERM*) skip_all "there are no keyrings here" ;;
esac
is "$out" "key secret is s3cret" "the caller has a key in his session's keyring"

fresh_rootfs
config
new=(nsinit exec --config "$config_file")

# none WHAT: it has said that there is no such key.
none() {
	is "$status $out" "0 key secret ENOKEY" "$1 does not find it"
}

# --- new ---------------------------------------------------------------------

with_key "${new[@]}" /probe key secret
none "a new container"
with_key "${new[@]}" --user 1000 /probe key secret
none "... with another user"
if has_user_namespaces; then
	with_key "${new[@]}" --userns-root-uid 1000 /probe key secret
	none "... in a user namespace"
else
	skip "... in a user namespace" "there are none here"
fi
with_key "${new[@]}" --pid host /probe key secret
none "... with the host's pids"
for user in 0 1000; do
	run "${new[@]}" --user $user /probe keep own mine , key own
	is "$out" "keep own ok"$'\n'"key own is mine" \
		"uid $user has a keyring of its own, for keys of its own"
done
cat >"$TEST_DIR/command.json" <<-JSON
	{"id": "oak", "rootfs": "$rootfs", "process_config":
		{"entrypoint": "/probe", "arguments": ["key", "secret"]}}
JSON
with_key execdriver run "$TEST_DIR/command.json"
none "execdriver run"

# --- joining -----------------------------------------------------------------

begin
with_key "${new[@]}" /probe key secret
none "a process that joins"
with_key "${new[@]}" --user 1000 /probe key secret
none "... as another user"
with_key nsinit nsenter --id nsinit /probe key secret
none "nsenter"
run "${new[@]}" /probe keep own mine , key own
is "$out" "keep own ok"$'\n'"key own is mine" "... has a keyring of its own"
run "${new[@]}" /probe key own
is "$out" "key own ENOKEY" "... which the next one does not share"
end
sed 's/"arguments.*/"arguments": ["sleep", "600"]}}/' "$TEST_DIR/command.json" \
	>"$TEST_DIR/sleep.json"
execdriver run "$TEST_DIR/sleep.json" >"$TEST_DIR/life.out" 2>&1 &
runner=$!
wait_for grep -q 'started pid' "$TEST_DIR/life.out"
printf '{"entrypoint": "/probe", "arguments": ["key", "secret"]}' \
	>"$TEST_DIR/process.json"
with_key execdriver exec oak "$TEST_DIR/process.json"
none "execdriver exec"
execdriver kill oak KILL
wait "$runner" || :

# --- where it is wanted ------------------------------------------------------

with_key "${new[@]}" --no-new-keyring /probe key secret
is "$out" "key secret is s3cret" "with --no-new-keyring the keys are the caller's"
config no_new_keyring true
with_key "${new[@]}" --user 1000 /probe key secret
is "$out" "key secret is s3cret" "... and with no_new_keyring in the file"
begin
with_key nsinit nsenter --id nsinit /probe key secret
is "$out" "key secret is s3cret" "... also of who joins that container"
end

# --- where the kernel refuses ------------------------------------------------

for error in ENOSYS EDQUOT EPERM EACCES; do
	config
	with_key env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=keyctl \
		-e "inject=keyctl:error=$error" "${new[@]}" /probe key secret
	like "$status $err" "^125 nsinit: exec: .*step 4.*keyring.*no_new_keyring" \
		"$error: a new container does not begin with the caller's keys"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line"
	begin
	with_key env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=keyctl \
		-e "inject=keyctl:error=$error" "${new[@]}" /probe key secret
	like "$status $err" "^125 nsinit: exec: .*keyring" "... nor does who joins"
	end
	config no_new_keyring true
	run strace -f -qq -o /dev/null -e trace=keyctl \
		-e "inject=keyctl:error=$error" "${new[@]}" /probe say ran
	is "$status $out" "0 ran" "... and no_new_keyring does not ask"
done

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
	run "${as_me[@]}" ./probe session secret s3cret ./probe key secret
	is "$out" "key secret is s3cret" "an ordinary user has a key, too"
	run "${as_me[@]}" ./probe session secret s3cret \
		nsinit exec /probe key secret
	none "... and his container"
else
	skip "an ordinary user's container" "he may make no user namespace here"
fi
rm -rf "/tmp/nsinit-$me"
done_testing
