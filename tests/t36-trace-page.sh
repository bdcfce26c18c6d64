#!/bin/bash
# t36-trace-page.sh  --trace=html: a container's birth as one page
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
needs_program python3
# shellcheck source=tests/container.sh
. "$TOP/tests/container.sh"

page=$TEST_DIR/page.html
busybox_rootfs "$rootfs"

# trace WORD...: a new container with a page; leaves $status, $out, $err.
trace() {
	run nsinit --trace=html:"$page" exec --rootfs "$rootfs" "$@"
}

# read_page: the page as a browser reads it, into page.json.
read_page() {
	"$TOP/tests/read_page.py" "$page" >"$TEST_DIR/page.json"
}

# of EXPRESSION: what python says it is; page is the page, trace its trace.
of() {
	python3 -c '
import json, sys
page = json.load(open(sys.argv[1]))
trace = page["trace"]
print('"$1"')' "$TEST_DIR/page.json" "${@:2}"
}

# --- one that runs ---------------------------------------------------------

trace /bin/sh -c 'echo hello; exit 7'
is "$status:$out:$err" "7:hello:" "the traced program runs, and nothing else is said"
passes "the page is there, and well formed" read_page
is "$(of 'page["loads"]')" '[]' "it loads nothing, from nowhere"
is "$(of 'page["handlers"]')" '[]' "no attribute of it is a program"
is "$(of 'page["policy"]')" True \
	"its policy names its program and its style by their hashes, and forbids all else"
is "$(of 'trace["command"]')" "['/bin/sh', '-c', 'echo hello; exit 7']" \
	"the command is told word by word"
is "$(of 'trace["error"]')" None "no error is told"
is "$(of '[e["tag"] for e in trace["events"] if e["room"] == "inside"]')" \
	"$(python3 -c 'print([str(n) for n in range(1, 13)])')" \
	"the twelve steps are in it, once each"
is "$(of '[c["after"] for e in trace["events"] for c in e["changes"]
	if e["tag"] == "10" and c["what"] == "hostname"]')" "['nsinit']" \
	"the host name is a change of step 10"
cp "$TEST_DIR/page.json" "$TEST_DIR/calm.json"

run nsinit --trace=json:"$TEST_DIR/other.json" exec --rootfs "$rootfs" \
	/bin/sh -c 'echo hello; exit 7'
cat >"$TEST_DIR/shape.py" <<'END'
import json, sys

def shape(value, name=''):
    """Kinds in place of values; the changes of two runs may differ."""
    if isinstance(value, dict):
        return {k: shape(v, k) for k, v in value.items()}
    if name == 'events':
        return [(e['room'], e['tag'], e['name'], shape(e)) for e in value]
    if name == 'changes':
        return sorted(set(tuple(sorted(c)) for c in value) | {
            ('after', 'before', 'name', 'what')})
    if isinstance(value, list):
        return [type(v).__name__ for v in value]
    return type(value).__name__

a = shape(json.load(open(sys.argv[1]))['trace'])
b = shape(json.load(open(sys.argv[2])))
for key in sorted(set(a) | set(b)):
    if a.get(key) != b.get(key):
        sys.exit(f'{key}: {a.get(key)} is not {b.get(key)}')
END
passes "the page holds the document of --trace=json" \
	python3 "$TEST_DIR/shape.py" "$TEST_DIR/page.json" "$TEST_DIR/other.json"

cat >"$TEST_DIR/command.json" <<END
{ "id": "driven", "rootfs": "$rootfs", "process_config":
  { "entrypoint": "/bin/true", "env": ["PATH=/bin"] } }
END
run execdriver --trace=html:"$page" run "$TEST_DIR/command.json"
read_page
is "$status:$(of 'trace["program"], trace["id"], trace["events"][0]["tag"]')" \
	"0:execdriver driven E1" "execdriver writes one, too"

# --- one that wants to be more than text -------------------------------------

evil='</script><img src=x onerror=alert(1)><!--<script>'
mkdir "$TEST_DIR/r<" # a / is in the name, so it is two folders
mv "$rootfs" "$TEST_DIR/r</script><svg onload=alert(2)>"
rootfs="$TEST_DIR/r</script><svg onload=alert(2)>"
separator=$'\xe2\x80\xa8' # U+2028
trace --hostname '</script><b>' --env "EVIL=$evil" \
	/bin/sh -c 'exit 8' "$evil" "$evil$separator&lt;"
is "$status" 8 "a container of hostile names runs"
passes "its page is well formed" read_page
is "$(of 'page["elements"] == json.load(open(sys.argv[2]))["elements"]' \
	"$TEST_DIR/calm.json")" True "no name of it is an element of the page"
is "$(of 'page["loads"] + page["handlers"]')" '[]' "nor does it load or run anything"
is "$(of 'trace["command"][3:] == sys.argv[2:]' "$evil" \
	"$evil$separator&lt;")" True "the command is told as it is"
is "$(of 'trace["rootfs"] == sys.argv[2]' "$rootfs")" True "so is the root"
like "$(of '[c["after"] for e in trace["events"] for c in e["changes"]
	if c["what"] == "hostname"]')" "'</script><b>'" "so is the host name"
if grep -qF "$separator" "$page"; then
	not_ok "no line separator stands in the page"
else
	ok "no line separator stands in the page"
fi
mv "$rootfs" "$TEST_DIR/rootfs"
rootfs=$TEST_DIR/rootfs

# --- one that fails ------------------------------------------------------------

config mounts '[{"device": "bind", "source": "/nosuch", "destination": "/mnt",
	"flags": 4096}]'
run nsinit --trace=html:"$page" exec --config "$config_file" /bin/true
isnt "$status" 0 "a container whose mount fails does not run"
said=$err
passes "its page is well formed" read_page
is "$(of 'trace["error"]["step"]')" 8 "it says which step failed"
is "${said#*(step08_mounts): }" "$(of 'trace["error"]["message"]')" \
	"and why, in the words of the error"
is "$(of '[e["tag"] for e in trace["events"] if e["failed"]]')" "['8']" \
	"that step is marked, and no other"

# --- a book --------------------------------------------------------------------

is "$(of 'page["book"] is None')" \
	"$([[ -d $TOP/build/book ]] && echo False || echo True)" \
	"the book's address is told where there is one"
mkdir -p "$TEST_DIR/a b%/bin" "$TEST_DIR/a b%/build/book"
cp "$BIN"/{nsinit,dockerinit} "$TEST_DIR/a b%/bin"
run "$TEST_DIR/a b%/bin/nsinit" --trace=html:"$page" exec --rootfs "$rootfs" \
	/bin/true
read_page
is "$(of 'page["book"]')" "file://$TEST_DIR/a%20b%25/build/book/" \
	"it is that of the book beside the program"

# --- nowhere to write ------------------------------------------------------------

# refused FILE REASON SENTENCE: nothing is begun.
refused() {
	page=$1
	trace /bin/sh -c 'echo begun'
	is "$status:$out" "125:" "$3: nothing is begun"
	is "$err" "nsinit: exec: write the trace's page $1: $2" "$3: one line says so"
}
refused "$TEST_DIR/none/page.html" "No such file or directory" "no folder"
refused "$TEST_DIR" "Is a directory" "a folder"
mkdir "$TEST_DIR/small"
mount -t tmpfs -o size=16k tmpfs "$TEST_DIR/small"
echo old >"$TEST_DIR/small/page.html"
page=$TEST_DIR/small/page.html
trace /bin/sh -c 'echo begun'
like "$err" "page $page: No space left on device$" "a full disk: one line says so"
isnt "$status" 0 "a full disk: it is no success"
is "$(ls "$TEST_DIR/small"; cat "$page")" $'page.html\nold' \
	"a full disk: what was there stays as it was, and nothing is beside it"
mount -o remount,ro "$TEST_DIR/small"
refused "$page" "Read-only file system" "a read-only disk"
umount "$TEST_DIR/small"

done_testing
