"""selftest.py  make grade-selftest LAB=N: is the grader right? It says so in TAP

The solution gets all points, the skeleton less than half; each answer in
mutants/ fails the checks that its head names after "fails:" and no others,
each in alternatives/ gets all points; and the same tree the same words, each
time. An answer takes the place of the solution in the lab's region.

A copy of the built tree is what is changed, so one object is made anew for
each answer. What an answer does to mounts happens in the grader's namespaces.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import gradelib
import labs
import mkskel

TIMES = 20
REPEATED = "chroot-only"  # the mutant that is graded as often as the solution


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def say(self, good, sentence, detail=""):
        self.count += 1
        self.failed += not good
        print(f"{'' if good else 'not '}ok {self.count} - {sentence}",
              flush=True)
        if not good:
            print("".join(f"#   {line}\n" for line in detail.splitlines()),
                  end="", flush=True)


class Tree:
    """A tree that can be graded."""

    def __init__(self, top, lab):
        self.top, self.lab = top, lab

    def grade(self, *flags):
        """-> what the grader said, and its results."""
        with tempfile.TemporaryDirectory() as place:
            done = subprocess.run(
                [sys.executable, "-B", self.top / "book/labs" /
                 self.lab.folder.name / "grade.py", "--results", place,
                 *flags], capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            try:
                file = pathlib.Path(place) / "grade.json"
                grade = json.loads(file.read_text())
            except OSError:
                grade = {"score": -1, "max": 0, "built": False, "checks": []}
        grade.update(status=done.returncode, said=said, out=done.stdout)
        return grade

    def many(self, tap, what, first):
        """The same tree, the same words; two at a time, to be less alike."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda _: self.grade("--no-build")["out"],
                                 range(TIMES)))
        other = next((s for s in said if s != first["out"]), None)
        tap.say(other is None and first["built"], f"{what}, graded {TIMES} "
                "times more: the same words each time",
                f"{first['out']}\nand\n{other}")


def all_points(tap, grade, what):
    tap.say(grade["status"] == 0 and grade["score"] == grade["max"] > 0,
            f"{what} gets all points", grade["said"])


def copy_built(place):
    """bin/ and build/ with their times, so that make finds them done."""
    for name in ("bin", "build"):
        shutil.copytree(labs.TOP / name, place / name, symlinks=True)


def copy_tree(place):
    for name in mkskel.files(labs.TOP):
        to = place / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(labs.TOP / name, to, follow_symlinks=False)
    copy_built(place)
    return place


def region_file(lab):
    """The one file with a solution that an answer is put in place of: the
    one whose name holds the lab's, for others are only withheld."""
    found = []
    for name in mkskel.files(labs.TOP):
        if name.endswith(".c") and lab.name.replace("-", "_") in name:
            text = (labs.TOP / name).read_text(encoding="utf-8")
            whole = [r for r in mkskel.regions(text, name, lab.number)
                     if r.solution]
            found += [name] * len(whole)
    if len(found) != 1:
        labs.fail(f"lab {lab.number}: one region is wanted in the file of "
                  f"its name; there is: {found}")
    return found[0]


def answers(lab, kind):
    return sorted((lab.folder / kind).glob("*.c"))


def mutant(tap, grade, file):
    head = file.read_text(encoding="utf-8").partition("*/")[0]
    wanted = re.search(r"^ \* fails: (.*)$", head, flags=re.M)
    wanted = sorted(wanted[1].split()) if wanted else []
    failed = sorted(c["name"] for c in grade["checks"]
                    if c["status"] == "fail")
    detail = f"it fails: {' '.join(failed)}\n{grade['said']}"
    tap.say(grade["built"] and wanted and failed == wanted and
            grade["status"] == 1,
            f"{file.stem} is rejected, and by: {' '.join(wanted)}", detail)


def try_answers(tap, lab, tree):
    name = region_file(lab)
    whole = (labs.TOP / name).read_text(encoding="utf-8")

    def put(file):
        text = file.read_text(encoding="utf-8")
        (tree.top / name).write_text(
            mkskel.expand(whole, name, lab.number, text), encoding="utf-8")
        return tree.grade()

    for file in answers(lab, "alternatives"):
        all_points(tap, put(file), f"another right answer, {file.stem},")
    for file in answers(lab, "mutants"):
        grade = put(file)
        mutant(tap, grade, file)
        if file.stem == REPEATED:
            tree.many(tap, file.stem, grade)


def main(lab):
    if not answers(lab, "mutants"):
        labs.fail(f"{lab.folder.relative_to(labs.TOP)}/mutants: there is "
                  "none (a skeleton has no answers)")
    if not gradelib.Grader(lab.folder / "grade.py", "").build():
        labs.fail("the build fails")
    tap = Tap()
    labs.tidy_when_ended()
    with tempfile.TemporaryDirectory(prefix="selftest.") as work:
        os.chmod(work, 0o755)
        tree = Tree(copy_tree(pathlib.Path(work, "tree")), lab)
        first = tree.grade()
        all_points(tap, first, "the solution")
        tree.many(tap, "the solution", first)

        stubs, _ = mkskel.skeleton(labs.TOP, lab.number)
        place = pathlib.Path(work, "skeleton")
        mkskel.write(labs.TOP, stubs, place)
        copy_built(place)
        grade = Tree(place, lab).grade()
        tap.say(grade["built"] and grade["status"] == 1 and
                0 <= grade["score"] * 2 < grade["max"],
                "the skeleton is built, and gets less than half",
                grade["said"])
        try_answers(tap, lab, tree)
    print(f"1..{tap.count}")
    sys.exit(1 if tap.failed else 0)
