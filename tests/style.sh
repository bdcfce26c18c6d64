#!/bin/bash
# style.sh  what a reader may rely on in every file
set -euo pipefail
cd "$(dirname "$0")/.."
rooms=(libcontainer dockerinit reexec execdriver nsinit tests)
[[ ! -d runc ]] || rooms+=(runc)
mapfile -t files < <(find "${rooms[@]}" -path tests/bench -prune -o -name '*.[ch]' -print | sort)
mapfile -t headers < <(printf '%s\n' "${files[@]}" | grep '\.h$')
mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep '\.c$' |
	grep -v '^tests/')

n=0 status=0
verdict() { # SENTENCE COMPLAINTS
	n=$((n + 1))
	if [[ ! $2 ]]; then echo "ok $n - $1"; return; fi
	status=1
	echo "not ok $n - $1"
	printf '%s\n' "$2" | sed 's/^/#   /'
}

verdict "each file begins with its name in a comment" "$(awk '
	FNR == 1 { name = FILENAME; sub(/.*\//, "", name); seen = 0 }
	FNR <= 2 && index($0, " " name "  ") && /^(\/| )\*/ { seen = 1 }
	FNR == 2 && !seen { print FILENAME }' "${files[@]}")"

# One statement may go over several lines: they are joined up to the ; first.
# openat2's flags stand in its how, dup2 and dup3 aim at a number of ours.
verdict "each descriptor is made close-on-exec" "$(awk '
	function judge(text) {
		if (text !~ /CLOEXEC/ && text !~ /fopen\([^;]*"[a-z+]*e"/)
			print FILENAME ":" line ": " text
	}
	FNR == 1 { text = ""; comment = 0 }
	{ code = $0; sub(/^[ \t]+/, "", code) }
	code ~ /^\/\*/ { comment = 1 }
	comment { if (code ~ /\*\//) comment = 0; next }
	text == "" && code ~ /(^|[^a-z0-9_.>])(open|openat|openat2|creat|socket|socketpair|pipe|pipe2|accept4|memfd_create|epoll_create|epoll_create1|eventfd|signalfd|timerfd_create|inotify_init|inotify_init1|fopen|popen|dup|open_tree|posix_openpt|mkstemp|mkostemp|F_DUPFD)\(/ { line = FNR; text = code; if (code ~ /;/) { judge(text); text = "" } next }
	text != "" { text = text " " code; if (code ~ /;/) { judge(text); text = "" } }
	' "${sources[@]}")"

# What an image has at a path may be a fifo that never answers, or a terminal
# that would become ours. (rootfs_open adds both flags by itself.)
verdict "dockerinit waits for no file and takes no terminal by opening it" "$(awk '
	function judge(text) {
		if (text !~ /O_PATH|O_DIRECTORY|O_EXCL|proc|CLONE/ &&
		    (text !~ /O_NONBLOCK/ || text !~ /O_NOCTTY/))
			print FILENAME ":" line ": " text
	}
	FNR == 1 { text = "" }
	{ code = $0; sub(/^[ \t]+/, "", code) }
	code ~ /^(\/\*|\*)/ { next }
	text == "" && code ~ /(^|[^a-z0-9_.>])(open|openat|fopen|creat)\(/ { line = FNR; text = code; if (code ~ /;/) { judge(text); text = "" } next }
	text != "" { text = text " " code; if (code ~ /;/) { judge(text); text = "" } }
	' dockerinit/*.c)"

# A group of prototypes without a blank line between them shares one comment.
verdict "each function in a header stands under a comment" "$(awk '
	FNR == 1 { commented = 0; depth = 0 }
	/^$/ { commented = 0; next }
	/^\/\*|^ \*/ { commented = 1; next }
	/\{/ { if (!/\}/) depth = 1 }
	/^\}/ { depth = 0; next }
	!depth && !commented && !/\/\*/ && /^[a-z].*[a-z0-9_]\(/ && !/^(typedef|static inline)/ {
		print FILENAME ":" FNR ": " $0
	}' "${headers[@]}")"

# A banner and a message stay on one line, as what one greps for must.
verdict "no line of code is wider than eighty columns" "$(
	for f in "${files[@]}"; do
		expand "$f" | awk -v f="$f" 'length($0) > 80 &&
			NR > 2 && !/"/ {
			print f ":" NR ": " length($0) " columns" }'
	done)"

if command -v clang-format >/dev/null; then
	verdict "clang-format would change nothing" "$(
		clang-format --dry-run "${files[@]}" 2>&1 |
			sed -n 's/^\([^: ]*\.[ch]\):[0-9].*/\1/p' | sort | uniq -c || :)"
else
	n=$((n + 1))
	echo "ok $n - clang-format would change nothing # SKIP it is not here"
fi

if command -v shellcheck >/dev/null; then
	mapfile -t scripts < <(find tests .ci book -path tests/bench -prune -o \
		-type f \( -name '*.sh' -o -name run -o -name vmtest \) -print)
	verdict "shellcheck finds nothing" \
		"$(shellcheck -x "${scripts[@]}" 2>&1 || :)"
else
	n=$((n + 1))
	echo "ok $n - shellcheck finds nothing # SKIP it is not here"
fi
echo "1..$n"
exit $status
