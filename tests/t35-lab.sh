#!/bin/bash
# t35: lab 5: what a student gets, what it is graded by, and is that right
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
needs_no_vm
needs_plain_build "it is built anew for each answer"
needs_program python3 nsenter gcc
[[ -d $TOP/book/labs/05-pivot-root/mutants ]] ||
	skip_all "this is a skeleton: it has no answers to try"
if ! has_true_root; then
	run make -s --no-print-directory -C "$TOP" grade LAB=5
	like "$status $err" $'^2 (.*\n)?[a-z]+: this is a chroot: [^\n]*\nmake: ' \
		"in a chroot the grader says that it cannot look from the host"
	done_testing
	exit
fi
export GRADE_SLOW=3 PYTHONDONTWRITEBYTECODE=1
unset LAB DIR RESULTS AGAIN

labs() { # TREE COMMAND [LAB [WORD]]: as make does it
	run python3 "$1/book/labs" "${@:2}"
}

# refused REGEX SENTENCE: one such line, and nothing else.
refused() {
	like "$status $err" "^2 [a-z-]+: $1\$" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line"
}

typed() { # TARGET WORD...: typed to make; without make's own last line
	run make --no-print-directory -C "$TOP" "$@"
	err=$(grep -v '^make: \*\*\*' <<<"$err" || :)
}

# --- is the grader right? ----------------------------------------------------

tap make --no-print-directory -C "$TOP" grade-selftest LAB=5

# --- what is typed wrong -----------------------------------------------------

new=$TEST_DIR/new
mkdir "$TEST_DIR/full" "$TEST_DIR/locked"
echo mine >"$TEST_DIR/full/file"
while IFS='|' read -r words regex; do
	# shellcheck disable=SC2086 # these are words
	typed $words
	like "$status $err" "^2 $regex\$" "make $words"
	is "$out$(wc -l <<<"$err")" 1 "... is refused in one line"
done <<TABLE
skeleton|skeleton: no LAB: .*there is: 5 \(pivot-root\)
skeleton LAB=5|skeleton: no DIR: .*
skeleton LAB=6 DIR=$new|skeleton: there is no lab '6'; there is: 5 \(pivot-root\)
skeleton LAB=x DIR=$new|skeleton: there is no lab 'x'; .*
skeleton LAB=5;id DIR=$new|skeleton: there is no lab '5;id'; .*
skeleton LAB=\$\$(id) DIR=$new|skeleton: there is no lab '.*id\)'; .*
skeleton LAB=-5 DIR=$new|skeleton: there is no lab '-5'; .*
skeleton LAB=5 DIR=$TEST_DIR/full|skeleton: .*/full: is not empty
skeleton LAB=5 DIR=$TEST_DIR/full/file|skeleton: .*/file: is no folder
skeleton LAB=5 DIR=$TEST_DIR/no/new|skeleton: .*: there is no folder .*/no
skeleton LAB=5 DIR=book/new|skeleton: book/new: is inside of this tree; .*
skeleton LAB=5 DIR=.|skeleton: \.: is inside of this tree; .*
grade|grade: no LAB: .*
grade LAB=x|grade: there is no lab 'x'; .*
grade LAB=5 RESULTS=$TEST_DIR/full/file|grade: RESULTS=.*/file: File exists
grade LAB=5 RESULTS=/proc/no|grade: RESULTS=/proc/no: No such file or directory
hint|hint: no LAB: .*
hint LAB=|hint: no LAB: .*
grade-selftest LAB=4|grade-selftest: there is no lab '4'; .*
TABLE
is "$(ls "$TEST_DIR/full") $([[ -e $new || -e $TOP/book/new ]] || echo none)" \
	"file none" "... and nothing is made"
GRADE_SLOW=no typed grade LAB=5
like "$status $err" '^2 grade: GRADE_SLOW=no: .*' "a GRADE_SLOW that is no number"
is "$out$(wc -l <<<"$err")" 1 "... is refused in one line"

# --- what an answer prints ---------------------------------------------------

mkdir "$TEST_DIR/results"
cat >"$TEST_DIR/hostile.py" <<'END'
import pathlib
import sys
import xml.etree.ElementTree as xml
sys.path.insert(0, sys.argv[1])
import gradelib
import processes

HOSTILE = r"a\tb\033[31m\000\302\233m\355\240\200\377\357\277\277\rz"
seen = [processes.Run(["printf", HOSTILE]).seen(),
        processes.Run(["sh", "-c", f"printf '{HOSTILE}' >&2"]).seen(),
        processes.Living(["printf", HOSTILE + r"\n"]).line]
place = pathlib.Path(sys.argv[2])
gradelib.write_results(place, {
    "lab": 5, "name": "n", "score": 0, "max": 1, "built": True, "hints": 0,
    "checks": [{"name": "c", "title": "t", "status": "fail", "score": 0,
                "max": 1, "run": "r", "seen": text, "expected": "e"}
               for text in seen]})
for failure in xml.parse(place / "junit.xml").iter("failure"):
    print(failure.text.splitlines()[1].replace("\ufffd", "?"))
END
run python3 "$TEST_DIR/hostile.py" "$TOP/book/labs" "$TEST_DIR/results"
is "$status $(sort -u <<<"$out")$err" \
	"0 "$'seen: a\tb\\x1b[31m\\x00\\x9bm????\\uffff\\rz' \
	"an answer's control characters come in as text, and junit.xml is whole"

# --- markers -----------------------------------------------------------------

# A tree of one source, with two labs in it.
mini=$TEST_DIR/mini
source=$mini/dockerinit/step09_pivot_root.c
mkdir -p "$mini/book" "$mini/dockerinit" "$mini/build" "$mini/tests/bench"
cp -r "$TOP/book/labs" "$mini/book/"
touch "$mini/build/object" "$mini/tests/bench/floor.c"
printf '%s\n' 'all' '//@lab 4' 'four' '//@stub' '//| no four' '//@end' \
	'//> tag' 'between' $'\t//@lab 5' '//> other' 'five' '//< other' \
	'//@stub' $'\t//| no' $'\t//|' '//| five' $'\t//@end' '//< tag' \
	>"$source"
cp "$source" "$TEST_DIR/good.c"
labs "$mini" skeleton 5 "$TEST_DIR/out"
is "$status $err" "0 " "a skeleton is made of a tree that is no git clone"
is "$(cat "$TEST_DIR/out/dockerinit/step09_pivot_root.c")" "all
four
//> tag
between
//> other
	no
	
five
//< other
//< tag" "lab 5 is its stub, lab 4 its solution, excerpts stay whole"
is "$(cd "$TEST_DIR/out" && find . -path ./book -prune -o -type f -print) \
$(find "$TEST_DIR/out" -name mutants -o -name alternatives)" \
	"./dockerinit/step09_pivot_root.c " \
	"nothing built goes along, nor anybody's answers"
if command -v git >/dev/null; then
	git -C "$mini" init -q
	git -C "$mini" add book dockerinit
	touch "$mini/notes" "$mini/dockerinit/notes.c"
	labs "$mini" skeleton 5 "$TEST_DIR/of-clone"
	is "$status $(diff -r "$TEST_DIR/out" "$TEST_DIR/of-clone")" "0 " \
		"of a git clone goes along what git knows, and no .git"
	rm -r "$mini/.git" "$mini/notes" "$mini/dockerinit/notes.c"
else
	skip "of a git clone goes along what git knows" "there is no git here"
fi

wrong() { # REGEX SENTENCE LINE...: a source with these lines
	printf '%s\n' "${@:3}" >"$source"
	labs "$mini" skeleton 5 "$new"
	refused "dockerinit/step09_pivot_root.c:$1" "$2"
	is "$([[ -e $new ]] || echo none)" none "... and makes nothing"
}
wrong '2: //@lab inside of the region of line 1' "a region in a region" \
	'//@lab 5' '//@lab 4' '//@stub' '//@end'
wrong '2: //@lab without //@end' "a region that is not closed" \
	'line' '//@lab 5' '//@stub' '//| x'
wrong '1: //@end is out of place' "an end without a begin" '//@end'
wrong '1: //@stub is out of place' "a stub without a begin" '//@stub'
wrong '3: //@stub is out of place' "two stubs" \
	'//@lab 5' '//@stub' '//@stub' '//@end'
wrong '2: the region of line 1 has no //@stub' "a region without a stub" \
	'//@lab 5' '//@end'
wrong "3: a stub's line begins with //\\|" "a stub that is code" \
	'//@lab 5' '//@stub' 'int x;' '//@end'
wrong '1: //@lab five: a number is wanted' "a lab without a number" '//@lab five'
wrong '1: //@labs is out of place' "a marker that there is not" '//@labs 5'
printf '%s\n' '//@lab 4' '//@stub' '//@end' >"$source"
labs "$mini" skeleton 5 "$new"
refused 'lab 5: no region of it is in this tree.*' "a lab without a region"
cp "$TEST_DIR/good.c" "$source"
mount -t tmpfs -o size=64k small "$TEST_DIR/locked"
labs "$mini" skeleton 5 "$TEST_DIR/locked"
refused '.*/locked: .*: No space left on device' "a full file system"
is "$(ls -A "$TEST_DIR/locked")" "" "... and is left empty"
umount "$TEST_DIR/locked"

# --- the skeleton ------------------------------------------------------------

tree=$TEST_DIR/tree
typed skeleton LAB=5 "DIR=$tree"
is "$status $err" "0 " "make skeleton LAB=5 DIR=... makes a tree"
is "$(diff -rq "$TOP" "$tree" | sed -n 's/^Files .* and \(.*\) differ/\1/p')" \
	"$tree/dockerinit/leave_chroot.c
$tree/dockerinit/step09_pivot_root.c" "all but two files are as they are"
is "$(cd "$tree" && find . -name .git -o -name mutants -o -name alternatives \
	-o -name __pycache__ -o -name .hints -o -path ./build -o -path ./bin)" \
	"" "no history, no answers, nothing built"
is "$(grep -rnE '^\s*//[@|]' --include='*.[ch]' "$tree" ||
	grep -rnE 'pivot_root\("|MNT_DETACH' --include='*.[ch]' "$tree")" \
	"" "no marker, and no solution, in any source"

# Unchanged files have their times: what is built of them is good here, too.
cp -a "$TOP/bin" "$TOP/${BUILD:-build}" "$tree"
in_tree() { # TARGET WORD...
	run make --no-print-directory -C "$tree" "$@"
}
in_tree WERROR=1
is "$status" 0 "plain make builds it, without a warning"
in_tree
run "$tree/bin/nsinit" exec --rootfs "$TOP/rootfs" /bin/sh -c \
	'hostname; echo $$; exit 3'
is "$status $out" "3 nsinit"$'\n'1 "its containers run, with one step less"
is "$err" "TODO lab 5: pivot_root is yours to write (the step is skipped)" \
	"... which they say, once"
run env -C "$tree" tests/run.sh t01
is "$status $err" "1 tests: this is the skeleton of a lab: make grade LAB=N" \
	"no test of the full tree runs in it"
in_tree grade LAB=5 "RESULTS=$TEST_DIR/results"
like "$status $out" $'^2 .*FAIL.*\nScore: 0/100$' "make grade gives it no points"
for what in 'run  *bin/nsinit exec .* /bin/ls -A /' \
	'seen  *TODO lab 5|seen  *[a-z.]' 'expected .*this-is-the-image' \
	'read  *build/book/.*#step-9' 'hint  *make hint LAB=5: the next, 1 of 3'; do
	like "$out" "$what" "a failed check says: ${what%% *}"
done
run python3 - "$TEST_DIR/results" <<'PYTHON'
import json, sys, xml.dom.minidom as dom
own, gradescope = (json.load(open(f"{sys.argv[1]}/{n}.json"))
                   for n in ("grade", "results"))
assert {"lab", "name", "score", "max", "built", "hints", "checks"} == set(own)
assert own["max"] == 100 == sum(c["max"] for c in own["checks"])
assert own["score"] == gradescope["score"] == 0
assert [t["max_score"] for t in gradescope["tests"]] == \
    [c["max"] for c in own["checks"]]
by = {c["name"]: c for c in own["checks"]}
assert by["image"]["status"] == "fail" and by["image"]["run"]
assert by["escape"]["status"] == "skip"
suite = dom.parse(f"{sys.argv[1]}/junit.xml").documentElement
cases = suite.getElementsByTagName("testcase")
assert int(suite.getAttribute("tests")) == len(cases) == len(by)
assert int(suite.getAttribute("failures")) == 1 == \
    len(suite.getElementsByTagName("failure"))
PYTHON
is "$status $err" "0 " "RESULTS=DIR has them for programs: three files, one truth"

# --- what the lab's page says to type ----------------------------------------

mkdir "$tree/rootfs"
cp -a "$TOP/rootfs/." "$tree/rootfs"
in_tree shell CMD=ls
like "$status $err" '^0 .*TODO lab 5' "make shell CMD=ls says what is to do"
like "$out" '(^|.)work|(^|.)usr.*var' "... and shows the host's names"
page=$tree/book/labs/05-pivot-root/lab.md
words=$(sed -n 's/^# \(bin\/nsinit --trace .*\)/\1/p' "$page")
isnt "$words" "" "the page has a command that traces"
run env -C "$tree" sh -c "$words"
like "$status $err" '^0 .*inside +9/12 +pivot_root' "... which shows step 9"
is "$(grep -cx '# make break STEP=9' "$page")" 1 "the page has make break STEP=9"
run env -C "$tree" TERM=dumb python3 "$TOP/tests/pty.py" \
	'wait=break +9/12. a shell in the container' 'wait=step 9. # ' \
	'send=grep -c rootfs/proc /proc/self/mountinfo; exit\n' 'wait=# ' \
	'send=exit\n' end -- make --no-print-directory break STEP=9
is "$status" 0 "... and a shell is there, then the container's"
like "$out" $'\n1\n' "... which sees the mounts below the rootfs"
if command -v pandoc >/dev/null && command -v dot >/dev/null; then
	in_tree book
	like "$status $err" "^0 book: this is a lab's tree: commands are not run" \
		"make book makes the book, and runs nothing"
	book=$tree/build/book
	like "$(<"$book/05-twelve-steps.html")" 'TODO lab 5' "its excerpt is the stub"
	is "$(grep -o 'TODO lab 5' "$book/05-twelve-steps.html" | wc -l)" 1 "... once"
	is "$(sed -n '/^\/\/@lab 5/,/^\/\/@stub/p' "$TOP/dockerinit/step09_pivot_root.c" |
		grep -oE '(sys_pivot_root|umount2|let_go|sys_move)\([^)]*\)' |
		grep -rlF -f - "$book/05-twelve-steps.html" \
		"$book/source/dockerinit/step09_pivot_root.c.html")" "" \
		"... and no call of the solution is published"
	is "$([[ -e $book/labs/05-pivot-root.html ]] && echo there)" there \
		"the lab's page is in it"
else
	skip "make book in a lab's tree" "there is no pandoc or dot"
fi
echo 'no C' >>"$tree/dockerinit/step09_pivot_root.c"
in_tree grade LAB=5
is "$status $out" "2 the build fails: nothing is graded"$'\n'"Score: 0/100" \
	"what does not build is not graded, though an older build is there"
in_tree skeleton LAB=5 "DIR=$new"
like "$err" '^skeleton: lab 5: no region .*skeleton itself' \
	"a skeleton of a skeleton"
in_tree grade-selftest LAB=5
like "$err" '^grade-selftest: .*there is none \(a skeleton has no answers\)' \
	"a skeleton cannot grade the grader"

# --- hints -------------------------------------------------------------------

in_tree hint LAB=5 AGAIN=1
like "$status $err" '^2 hint: no hint of lab 5 was shown yet' \
	"AGAIN=1 before any hint"
for n in 1 2 3; do
	in_tree hint LAB=5
	like "$status $out" "^0 --- hint $n of 3: .*[a-z].*[^ -~]" \
		"hint $n, in both languages"
	cat "$TEST_DIR/run.out" >>"$TEST_DIR/ladder"
	is "$(grep -c "^lab 5 hint" "$tree/.hints")" "$n" "... is counted"
done
in_tree hint LAB=5
like "$status $out" '^0 All 3 hints of lab 5 were shown' "there is no fourth"
in_tree hint LAB=5 AGAIN=1
is "$status $out" "0 $(cat "$TEST_DIR/ladder")" "AGAIN=1 shows them once more"
is "$(wc -l <"$tree/.hints")" 3 "... and is not counted"
echo garbage >>"$tree/.hints"
in_tree hint LAB=5
like "$status $out" '^0 All 3 hints' "a line in .hints that is none is passed over"
if command -v git >/dev/null; then
	git -C "$tree" init -q
	is "$(git -C "$tree" status --porcelain --ignored .hints)" "!! .hints" \
		"git does not see .hints"
fi

# --- an ordinary user --------------------------------------------------------

me=$((300000 + RANDOM))
as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups
	env "HOME=$TEST_DIR/mine" CCACHE_DISABLE=1)
typed skeleton LAB=5 "DIR=$TEST_DIR/mine"
cp -a "$TOP/bin" "$TOP/${BUILD:-build}" "$TEST_DIR/mine"
chown -R "$me:$me" "$TEST_DIR/mine"
cp -p "$TOP"/dockerinit/{step09_pivot_root,leave_chroot}.c \
	"$TEST_DIR/mine/dockerinit"
if "${as_me[@]}" unshare -U true 2>/dev/null; then
	run "${as_me[@]}" make --no-print-directory -C "$TEST_DIR/mine" \
		grade LAB=5
	like "$status $out" $'^0 .*\nScore: 100/100$' \
		"an ordinary user can grade, and reach all points"
	run "${as_me[@]}" unshare -U --map-root-user sh -c "
		echo 0 >/proc/sys/user/max_user_namespaces
		exec setpriv --bounding-set -all --inh-caps -all \
			python3 $TEST_DIR/mine/book/labs grade 5"
	like "$status $err" 'grade: no namespaces to grade in: .*make doctor' \
		"who may make no namespaces is told so"
else
	skip "an ordinary user can grade" "he may make no user namespace here"
fi
done_testing
