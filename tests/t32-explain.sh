#!/bin/bash
# t32: nsinit explain says of each act and step what is true
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

steps=$(dockerinit --list-steps=json)
acts=$(sed -n 's/^ACT(\([A-Z][0-9]\),.*/\1/p' "$TOP/libcontainer/trace/acts.def")
field() { # NUMBER FIELD: of a step
	sed -n "s/.*\"number\": $1,.*\"$2\": \"\([^\"]*\)\".*/\1/p" <<<"$steps"
}

# --- the list ----------------------------------------------------------------

run nsinit explain
is "$status $err" "0 " "without a word it lists them all"
is "$(awk 'length($1) <= 2 && NF > 3 { print $1 }' <<<"$out" | xargs)" \
	"$(xargs <<<"$acts") $(seq -s ' ' 1 12)" \
	"... twenty acts and twelve steps, in order"
said='' want=''
for ((i = 1; i <= 12; i++)); do
	said+=$(awk -v i=$i '$1 == i { $1 = $1; print }' <<<"$out")$'\n'
	want+="$i $(field $i name) $(field $i chapter)"$'\n'
done
is "$said" "$want" \
	"... with the names and words of dockerinit --list-steps=json"

# --- each of them ------------------------------------------------------------

# The line is compared with a search of its own, and must be in that file.
faults=''
for tag in $acts {1..12}; do
	text=$(nsinit explain "$tag")
	place=$(sed -n '2s/.*, //p' <<<"$text")
	line=$(sed -n "${place##*:}p" "$TOP/${place%:*}")
	if [[ $tag == [A-Z]* ]]; then
		[[ $line == *"[$tag]"* ]] || faults+="$tag: $place: $line"$'\n'
	else
		[[ $line == "int $(field "$tag" function)("* &&
			${place%:*} == "$(field "$tag" file)" ]] ||
			faults+="$tag: $place: $line"$'\n'
		grep -q "book/05-twelve-steps.html#step-$tag " <<<"$text" ||
			faults+="$tag: no section of the book"$'\n'
		skipped=$(grep -c 'joins a container skips' <<<"$text" || :)
		[[ $skipped == "$(field "$tag" who | grep -c standard)" ]] ||
			faults+="$tag: who walks it?"$'\n'
	fi
	for heading in 'The chapter' 'The kernel' Read; do
		grep -qx -A1 "$heading" <<<"$text" ||
			faults+="$tag: no $heading"$'\n'
	done
	grep -A1 '^Read' <<<"$text" | tail -n1 |
		grep -qxE '  [a-z0-9_]+\([1-8]\)(, [a-z0-9_]+\([1-8]\))*' ||
		faults+="$tag: no manual page"$'\n'
	[[ $(wc -L <<<"$text") -le 80 ]] || faults+="$tag: too wide"$'\n'
done
is "$faults" "" "each names its line, its words, the kernel's part, manual pages"
is "$(nsinit explain 9 | sed -n 2p)" \
	"  step09_pivot_root, dockerinit/step09_pivot_root.c:$(
		grep -n '^int step09_pivot_root(' \
		"$TOP/dockerinit/step09_pivot_root.c" | cut -d: -f1)" \
	"a step's line is that of its function, not of its caller's"

if command -v man >/dev/null && man -w 2 pivot_root >/dev/null 2>&1; then
	faults=''
	while IFS='(' read -r name section; do
		man -w "${section%)}" "$name" >/dev/null 2>&1 ||
			faults+="$name($section "
	done < <(for tag in $acts {1..12}; do nsinit explain "$tag"; done |
		grep -oE '[a-z0-9_]+\([1-8]\)$|[a-z0-9_]+\([1-8]\),' |
		tr -d , | sort -u)
	is "$faults" "" "the manual pages exist"
else
	skip "the manual pages exist" "the kernel's manual pages are not here"
fi

# --- how one asks ------------------------------------------------------------

want=$(nsinit explain 9)
for word in 09 pivot_root step09_pivot_root PIVOT_ROOT; do
	run nsinit explain $word
	is "$status $out" "0 $want" "explain $word is the ninth step"
done
for word in 4b 8b 9b 9B 10b 10c; do
	run nsinit explain $word
	is "$status $out" "0 $(nsinit explain "${word%?}")" \
		"explain $word is the step that it belongs to"
done
want=$(nsinit explain S3)
for word in s3 "make the network"; do
	run nsinit explain "$word"
	is "$status $out" "0 $want" "explain $word is the act S3"
done
if [[ $EUID -eq 0 ]]; then
	chmod 711 "$TEST_DIR"
	cp "$BIN/nsinit" "$TEST_DIR/nsinit"
	run setpriv --reuid=65534 --regid=65534 --clear-groups \
		env -i "$TEST_DIR/nsinit" explain S3
	is "$status $out" "0 $want" "nobody needs root, nor dockerinit, to ask"
fi

refused() { # WORD WANT
	run nsinit explain "$1"
	is "$status $(wc -l <<<"$err") $out" "125 1 " "explain $1 is one line of error"
	like "$err" "^nsinit: explain: there is no .*$2" "... which helps: $2"
}
refused 0 'the steps are 1 to 12'
refused 13 'the steps are 1 to 12'
refused 9z 'the steps are 1 to 12'
refused x 'E1-E6, F1-F4, P1-P5, S1-S5 and the steps 1-12'
refused S9 'S1 to S5'
refused F5 'F1 to F4'
refused 10a 'the steps are 1 to 12'
refused pivot 'did you mean pivot_root\?'
refused pivot_rot 'did you mean pivot_root\?'
refused step9_pivot_root 'did you mean step09_pivot_root\?'
run nsinit explain 9 10
is "$status $err" \
	'125 nsinit: explain: one step or act is wanted, but there is "10", too' \
	"two words are refused"
run nsinit explain --step
is "$status" 125 "and so is a flag that starts nothing"
done_testing
