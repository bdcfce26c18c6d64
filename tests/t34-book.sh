#!/bin/bash
# t34: the book is woven from what is there, or not at all
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_no_vm
needs_program pandoc dot python3
[[ -d $TOP/tests/fixtures/book ]] ||
	skip_all "this is a skeleton: its book is t35's"

# --- the book ----------------------------------------------------------------

# A book elsewhere: what stands in build/ is not ours. Its commands want the
# real rootfs/, and nobody else's network.
book=$TEST_DIR/book
begin=$SECONDS
run "$TOP/book/weave.py" --out "$book"
is "$status" 0 "the book is woven, without a network"
if [[ $status -ne 0 ]]; then
	echo "# $err"
	done_testing
	exit 1
fi
like "$((SECONDS - begin))" '^([0-9]|[1-5][0-9])$' "... in less than a minute"
like "$err" '[0-9]+ excerpts .* [0-9]+ pictures, [0-9]+ commands run' \
	"... and it says of what"
if [[ $EUID -eq 0 && ${TEST_ISOLATED-} ]]; then
	unlike "$err" 'not run' "... and every command in it was run"
else
	like "$err" 'not run, (needs root|root here)' \
		"what cannot be run here is named"
fi

is "$(grep -o 'id="step-[0-9]*"' "$book/05-twelve-steps.html" | sort -V | tr '\n' ' ')" \
	"$(dockerinit --list-steps=json | sed -n 's/.*"number": \([0-9]*\).*/id="step-\1"/p' |
		tr '\n' ' ')" "each step of dockerinit has one section"
is "$(grep -o '<li><a [^>]*data-step="[0-9]*"' "$book/index.html" | wc -l)" 12 \
	"the bar leads to all twelve"

# The pages of the labs: linked both ways, without what would give them away.
lab=$book/labs/05-pivot-root.html
title=$(sed -n 's/^title: "\(.*\)"$/\1/p' "$TOP/book/labs/05-pivot-root/lab.md")
like "$(<"$lab")" "<h1><span class=\"en\" lang=\"en\">$title<" "a lab has a page"
like "$(<"$lab")" 'Lab · moderate · about 3 hours<.*实验 · 中等 · 约 3 小时<' \
	"... with its level and hours, in both languages"
like "$(<"$book/index.html")" \
	'href="labs/05-pivot-root.html">.*Lab 5: pivot_root.*实验五' \
	"the start page has it in a list, in both"
like "$(sed -n '/<section id="step-9"/,/<section id="step-10"/p' \
	"$book/05-twelve-steps.html")" 'href="labs/05-pivot-root.html"' \
	"step 9 leads to it"
like "$(<"$lab")" 'href="../05-twelve-steps.html#step-9"' "... and it to step 9"
is "$(cd "$book/labs" && echo *)" "05-pivot-root.html" "nothing else of it is there"
is "$(cd "$TOP/book/labs/05-pivot-root" && sed -n 's/^## \(.*\) {#.*/\1/p' hints.md |
	grep -rlF -f - "$book"; cd "$TOP/book/labs/05-pivot-root" &&
	grep -rhoE 'fails: .*' mutants | grep -rlF -f - "$book")" "" \
	"no hint and no wrong answer is published"

# What a page shows beside a number is what the file has in that line.
cat >"$TEST_DIR/numbers.py" <<-'PYTHON'
	import html, pathlib, re, sys
	top, book = map(pathlib.Path, sys.argv[1:])
	seen = wrong = 0
	for page in book.rglob('*.html'):
	    for name, number, text in re.findall(
	            r'href="(?:source/([^"]*)\.html)?#L\d+"[^>]* data-n="(\d+)"></a>(.*)\n',
	            page.read_text()):
	        seen += 1
	        name = name or page.relative_to(book / 'source').with_suffix('')
	        text = html.unescape(re.sub('<[^>]*>', '', text))
	        line = (top / name).read_text().splitlines()[int(number) - 1]
	        if text != line:
	            wrong += 1
	            print(f'# {page.name}: {name}:{number}: {text!r}, on disk {line!r}')
	print(f'{wrong} wrong of more than {seen // 100 * 100}')
PYTHON
like "$(python3 "$TEST_DIR/numbers.py" "$TOP" "$book")" '^0 wrong of more than [0-9]{4,}$' \
	"line numbers are those on disk"
is "$(grep -rlE '^[[:space:]]*(<[^>]*>)*//[<>@|]' "$book" | wc -l)" 0 \
	"no marker line is shown"
is "$(grep -rhoE '(src|srcset|<link[^>]* href)="?(https?:)?//[^"]*|@import[^;]*|url\([^)]*\)|fetch\(|XMLHttpRequest|sendBeacon|WebSocket|import\(' \
	"$book" --include='*.css' --include='*.js' | head -n 3)" "" \
	"style and script load nothing"
is "$(grep -rhoE '<(script|img|link|iframe|source|object|embed|video|audio)[^>]*="(https?:)?//[^>]*' \
	"$book" | head -n 3)" "" "no page loads anything from a network"
is "$(grep -rhoE '<svg( |>)' "$book" | wc -l)" \
	"$(grep -rhoE '<svg role="img" aria-label="[^"]+' "$book" | wc -l)" \
	"each picture says in words what it shows"

# --- what makes it fail ------------------------------------------------------

# spoil: a fresh copy of the little book; then break something in it.
mkdir "$TEST_DIR/little"
spoil() { # FILE SED-SCRIPT...
	local file=$1
	shift
	rm -rf "$TEST_DIR/little"
	cp -r "$TOP/tests/fixtures/book" "$TEST_DIR/little"
	mkdir "$TEST_DIR/little/labs/09-pivot/mutants"
	[[ ! $file ]] || sed -i "$@" "$TEST_DIR/little/$file"
}
weave() {
	rm -rf "$TEST_DIR/out"
	(cd "$TEST_DIR" && run "$TOP/book/weave.py" --book little --sources little \
		--steps little/steps.json --out out
	printf 'status=%q err=%q\n' "$status" "$err" >result)
	# shellcheck source=/dev/null
	. "$TEST_DIR/result"
}
refuses() { # SENTENCE REGEX
	weave
	like "$status $(wc -l <<<"$err") $err" "^1 1 book: $2" "$1"
	[[ ! -e $TEST_DIR/out ]] || not_ok "... and leaves no book"
}
chapter=05-one-step.md source=dockerinit/step09_pivot_root.c

spoil ''
weave
is "$status" 0 "a little book is woven"
like "$(cat "$TEST_DIR/out/05-one-step.html")" 'data-n="22"' "... with its numbers"

like "$(<"$TEST_DIR/out/labs/09-pivot.html")" \
	'href="../source/dockerinit/step09_pivot_root.c.html#pivot"' \
	"a lab's links to sources are right one folder deeper"
unlike "$(cat "$TEST_DIR/out"/*.html "$TEST_DIR/out"/labs/*)" 'nobody shall see' \
	"... and its hints stay at home"

lab=labs/09-pivot/lab.md
spoil $lab 's/#step-9/#step-13/'
refuses "a dead link of a lab is named" \
	"little/$lab:11: the link ../05-one-step.html#step-13 leads nowhere"
spoil $lab 's|(\.\./05|(05|'
refuses "... also one from the wrong folder" \
	"little/$lab:11: the link 05-one-step.html#step-9 leads nowhere"
spoil $lab '/^hours:/d'
refuses "a lab without hours is named" "little/$lab:1: the front matter has no hours"
spoil $lab 's/^hours:.*/hours: long/'
refuses "hours that are no number are named" "little/$lab:1: hours: long is no number"
spoil $lab 's/^level:.*/level: fun/'
refuses "a level that there is not is named" \
	"little/$lab:1: level: fun is none of easy, moderate, hard"
spoil $lab 's/^step:.*/step: 13/'
refuses "a lab of no step is named" "little/$lab:1: step: 13 is no step of dockerinit"
spoil $chapter 's|^/bin$|/sbin|'
rmdir "$TEST_DIR/little/labs/09-pivot/mutants"
weave
like "$status $err" "^0 book: this is a lab's tree: commands are not run.* 0 commands run" \
	"in a tree without answers no command is run"

spoil $chapter 's/c#step-09"/c#step-10"/'
refuses "a missing excerpt is named" \
	"little/$chapter:21: there is no excerpt dockerinit/step09_pivot_root.c#step-10"
spoil $source '/^\/\/< step-09$/d'
refuses "an excerpt that is not closed is named" \
	"little/$source:2[0-9]: excerpt step-09 is not closed"
spoil $source '/^\/\/> step-09$/d'
refuses "one that was not opened is named" \
	"little/$source:3[0-9]: excerpt step-09 is closed, but was not opened"
spoil $source 's/step-09-pivot$/step-09/'
refuses "a tag that is used twice is named" \
	"little/$source:2[0-9]: excerpt step-09 is opened a second time"
spoil $source '1i //> extra\n//\n//< extra'
refuses "an excerpt that is quoted nowhere is named" \
	"little/$source:1: excerpt extra is quoted nowhere"
spoil $source '/^\/\/> step-09-pivot$/,/^\/\/</{/^\/\//!d}'
refuses "an empty excerpt is named" "little/$source:.*excerpt step-09-pivot is empty"
spoil steps.json 's/^]/, {"number": 10, "name": "hostname_profile"}]/'
refuses "a step without a section is named" ".*step 10, hostname_profile, has no section"
spoil $chapter 's/{#step-9}/{#step-10}/; s/Step 9/Step 10/'
refuses "a section without a step is named" "little/$chapter:.*Step 10: pivot_root.* is no step"
spoil $chapter 's/^## Step 9: pivot_root/## Step 9: chroot/'
refuses "a section with another name is named" "little/$chapter:.*Step 9: chroot.* is no step"
spoil $chapter 10,13d
refuses "English without Chinese is named" "little/$chapter:7: this .en has no .zh after it"
spoil $chapter 7,9d
refuses "Chinese without English is named" \
	"little/$chapter:7: this .zh does not follow"
spoil $chapter '/^::: {.zh-title}/,/^:::$/d'
refuses "a heading without a Chinese one is named" \
	"little/$chapter:[0-9]+: this heading has no .zh-title"
spoil $chapter '/^::: {.answer}/,/^:::$/s/.answer/.note/'
refuses "an exercise without an answer is named" \
	"little/$chapter:[0-9]+: this .exercise has no .answer after it"
spoil $chapter 's/^::: {.observe}/::: {.obsreve}/'
refuses "a misspelt box is named" "little/$chapter:[0-9]+: there is no box .obsreve"
spoil ''
head -n -1 "$TEST_DIR/little/$chapter" >"$TEST_DIR/cut"
mv "$TEST_DIR/cut" "$TEST_DIR/little/$chapter"
refuses "a box that is not closed is named" \
	"little/$chapter:[0-9]+: box .pair is not closed"
spoil index.md 's/#step-9/#step-13/'
refuses "a dead link is named" \
	"little/index.md:7: the link 05-one-step.html#step-13 leads nowhere"
spoil index.md 's/c#pivot/c#pirouette/'
refuses "a dead link into a source is named" "little/index.md:8: .*pirouette leads nowhere"
spoil index.md '5a ![a picture](https://example.org/a.png)'
refuses "a picture from a network is named" \
	"little/index.md:[0-9]+: .* would be loaded from a network"
spoil $chapter 's|^// alt: |// |'
refuses "a picture without words is named" "little/$chapter:[0-9]+: this picture does not begin"
spoil $chapter 's/fillcolor=white/fillcolor=salmon/'
refuses "a colour that the dark would swallow is named" \
	"little/$chapter:[0-9]+: salmon is no colour of pictures"
spoil $chapter 's/digraph {/digraph {{{/'
refuses "a picture that dot cannot read is named" "little/$chapter:[0-9]+: dot: .*syntax error"

# --- what commands print -----------------------------------------------------

if [[ $EUID -eq 0 && ${TEST_ISOLATED-} && -e $TOP/rootfs/bin/busybox ]]; then
	spoil $chapter 's|^/bin$|/sbin|'
	refuses "another output than the book's is named" \
		"little/$chapter:[0-9]+: the book says \"/sbin\", the command \"/bin\""
	spoil $chapter '/^\/bin$/d'
	refuses "a line that the book lacks is named" \
		"little/$chapter:[0-9]+: the command also says \"/bin\""
	spoil $chapter 's|^/bin$|&\nand more|'
	refuses "a line that no command printed is named" \
		"little/$chapter:[0-9]+: the book says \"and more\", the command \"\""
	spoil $chapter 's|^# cd rootfs|# exit 3|'
	refuses "a command that ends the shell is named" \
		"little/$chapter:[0-9]+: ends the shell"
	spoil $chapter 's|^# cd rootfs|&; sleep 300 \&|'
	refuses "a process that is left is named, and ended" \
		"little/$chapter:[0-9]+: leaves a process behind"
	spoil $chapter 's|^# cd rootfs|&; mount -t tmpfs tmpfs /mnt; : >/run/book|'
	weave
	is "$status$(grep -c ' /mnt ' /proc/mounts)$(find /run -name book)" 00 \
		"mounts and files in /run are the command's alone"
	chmod 0755 "$TEST_DIR"
	spoil ''
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		env PATH="$PATH" python3 -B -c 'import sys
sys.path.insert(0, sys.argv[1])
import transcripts
print([transcripts.why_not(transcripts.parse([line], 1))
       for line in ("# true", "$ true")])' "$TOP/book"
	is "$out" "['needs root', '']" "a user runs only what is for anybody"
else
	skip "the output of commands" "needs root"
fi

# A program that is missing is asked for in one line.
mkdir "$TEST_DIR/tools"
ln -s "$(command -v env)" "$TEST_DIR/tools/env"
ln -s "$(python3 -c 'import sys; print(sys.executable)')" "$TEST_DIR/tools/python3"
run env PATH="$TEST_DIR/tools" "$TOP/book/weave.py" --out "$TEST_DIR/out"
is "$status $err" "1 book: there is no pandoc; as root: apt-get install pandoc" \
	"without pandoc one line says what to install"
done_testing
