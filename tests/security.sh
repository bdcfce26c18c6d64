#!/bin/bash
# security.sh  each promise of book/SECURITY.md has a test, and it says so
#
# A row of the page's table is
#   | promise | `tNN-name`: sentence |
# where the sentence, or a part of it, stands in tests/tNN-name.sh. Or the test
# is one of libcheck's, `check_name`: its function.
set -euo pipefail
cd "$(dirname "$0")/.."
page=book/SECURITY.md
n=0 failed=0

while IFS= read -r row; do
	n=$((n + 1))
	name=${row##*| \`}
	name=${name%%\`: *}
	sentence=${row##*"$name\`: "}
	sentence=${sentence% |}
	file=tests/$name.sh
	[[ $name != check_* ]] || file=tests/$name.c
	promise=${row#| }
	# A sentence may go over two lines of the script.
	# shellcheck disable=SC1003 # that is a backslash
	if [[ $sentence && -e $file ]] &&
		tr -s ' \t\n\\' ' ' <"$file" | grep -qF -- "$sentence"; then
		echo "ok $n - SECURITY.md: ${promise%% |*}"
	else
		failed=1
		echo "not ok $n - SECURITY.md: ${promise%% |*}"
		echo "#   ${file:-no test}: it does not say \"$sentence\""
	fi
done < <(grep -E "^\| .* \| \`(t[0-9]+-|check_)[a-z0-9_-]*\`: " "$page")

# A table whose rows are not found would promise everything.
n=$((n + 1))
if [[ $n -gt 30 && $n -eq $(($(grep -cE "^\| .*\`(t[0-9]+-|check_)" "$page") + 1)) ]]; then
	echo "ok $n - every row of its table was looked at"
else
	failed=1
	echo "not ok $n - every row of its table was looked at"
fi
echo "1..$n"
exit $failed
