"""hints.py  make hint LAB=N: the next hint, and how many it were

A lab's hints.md has a section "## ..." per hint, in the book's form. Which
ones were shown is noted in .hints, at the top of the tree, a line for each:
a count that the grader's results tell.
"""
import re
import time

import labs

NOTES = labs.TOP / ".hints"


def ladder(lab):
    """The hints, as a terminal shows them."""
    text = (lab.folder / "hints.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.M)[1:]
    shown = []
    for section in sections:
        title, _, body = section.partition("\n")
        lines = [re.sub(r"\s*\{#.*\}$", "", title)]
        lines += [line for line in body.splitlines()
                  if not re.match(r":::|```", line)]
        shown.append(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())
    return shown


def count(lab):
    """How many of the lab's hints were shown."""
    try:
        notes = NOTES.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return 0
    except OSError as e:
        labs.fail(f"{NOTES.name}: {e.strerror}")
    numbers = re.findall(rf"^lab {lab.number} hint (\d+) ", notes, flags=re.M)
    return min(max(map(int, numbers), default=0), len(ladder(lab)))


def next_one(lab):
    shown, there = count(lab), len(ladder(lab))
    if shown == there:
        return "all of them were shown; AGAIN=1 shows them again"
    return f"the next, {shown + 1} of {there}"


def show(text, number, total):
    print(f"--- hint {number} of {total}: {text}\n")


def main(lab, again):
    rungs, shown = ladder(lab), count(lab)
    if again and not shown:
        labs.fail(f"no hint of lab {lab.number} was shown yet: "
                  f"make hint LAB={lab.number}")
    if again:
        for number in range(shown):
            show(rungs[number], number + 1, len(rungs))
    elif shown == len(rungs):
        print(f"All {shown} hints of lab {lab.number} were shown; "
              f"make hint LAB={lab.number} AGAIN=1 shows them again.")
    else:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        try:
            with NOTES.open("a", encoding="utf-8") as notes:
                notes.write(f"lab {lab.number} hint {shown + 1} {stamp}\n")
        except OSError as e:
            labs.fail(f"{NOTES.name}: {e.strerror}; a hint that cannot be "
                      "noted is not shown")
        show(rungs[shown], shown + 1, len(rungs))
