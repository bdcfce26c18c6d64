"""python3 book/labs COMMAND LAB [WORD]: what make skeleton, grade, hint and
grade-selftest start

    skeleton LAB DIR        the tree that a student gets
    grade LAB [RESULTS]     points, and why; RESULTS is a folder for files
    hint LAB [AGAIN]        the next hint, or those that were shown
    grade-selftest LAB      is the grader right?
"""
import os
import sys

import hints
import labs
import mkskel
import selftest


def grade(lab, results):
    words = [sys.executable, "-B", str(lab.folder / "grade.py")]
    os.execv(words[0], words + (["--results", results] if results else []))


COMMANDS = {
    "skeleton": mkskel.main,
    "grade": grade,
    "hint": hints.main,
    "grade-selftest": lambda lab, _: selftest.main(lab),
}

command, text, word = (sys.argv[1:] + ["", "", ""])[:3]
if command not in COMMANDS:
    labs.fail(f"there is no command {command!r}")
labs.program = command
COMMANDS[command](labs.find(text), word)
