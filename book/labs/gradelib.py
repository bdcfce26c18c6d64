"""gradelib.py  what the graders of all labs share

A grade.py makes a Grader, gives it gates and checks, and calls its main:

    g = Grader(__file__, "the book's pages to read")

    @g.gate("others", "the other steps still work")
    def others(room): ...

    @g.check("image", 10, "the container's / is the image")
    def image(room): ...

    g.main(Room)

A check that finds something raises Wrong(run, seen, expected). A gate gives no
points, but takes all of them. A check that needs another one fails with it.

What is graded is built first, and nothing is graded if that fails. Then
everything happens in namespaces of its own: mounts, so that what an answer
does to them is seen by nobody else; processes, so that none is left. An
ordinary user gets them in a user namespace. Nothing sleeps: what takes time is
waited for until a deadline, which GRADE_SLOW=N multiplies.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import hints  # noqa: E402
import labs  # noqa: E402
from processes import Run, slow  # noqa: E402

TOP = labs.TOP


class Wrong(Exception):
    """What was run, what was seen, and what was expected instead."""

    def __init__(self, run, seen, expected):
        super().__init__(run, seen, expected)
        self.run, self.seen, self.expected = run, seen, expected


class Check:
    def __init__(self, word, points, title, needs, function):
        self.word, self.points, self.title = word, points, title
        self.needs, self.function = needs, function
        self.status, self.wrong = "", None

    def look(self, room):
        try:
            self.function(room)
            self.status = "ok"
        except Wrong as wrong:
            self.status, self.wrong = "fail", wrong

    def score(self):
        return self.points if self.status == "ok" else 0

    def row(self):
        row = {"name": self.word, "title": self.title, "status": self.status,
               "score": self.score(), "max": self.points}
        if self.wrong:
            row.update(run=self.wrong.run, seen=self.wrong.seen,
                       expected=self.wrong.expected)
        return row


# --- grading -----------------------------------------------------------------

class Grader:
    def __init__(self, file, book):
        self.folder = pathlib.Path(file).resolve().parent
        self.lab = labs.Lab(self.folder)
        self.book = book
        self.checks = []
        self.max = 0

    def check(self, word, points, title, needs=None):
        def add(function):
            self.checks.append(Check(word, points, title, needs, function))
            self.max += points
            return function
        return add

    def gate(self, word, title):
        return self.check(word, 0, title)

    def main(self, room):
        """Outside: build, go into namespaces, write the results. Inside (the
        second start): grade."""
        labs.program = "grade"
        o = self._options()
        slow()
        if o.inside:
            try:
                sys.exit(self._inside(room, pathlib.Path(o.inside)))
            except KeyboardInterrupt:
                sys.exit(130)
            except OSError as e:
                labs.fail(str(e), 3)
        if o.results:
            folder(o.results)
        if not o.no_build and not self.build():
            self._report([], 0, o.results, built=False)
            sys.exit(1)
        labs.tidy_when_ended()
        work = tempfile.mkdtemp(prefix="grade.")
        os.chmod(work, 0o755)
        try:
            sys.exit(self._outside(pathlib.Path(work), o.results))
        except KeyboardInterrupt:
            sys.exit(130)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _options(self):
        p = argparse.ArgumentParser(description=f"grade lab {self.lab.number}")
        p.add_argument("--results", metavar="DIR", help="write grade.json, "
                       "results.json (Gradescope) and junit.xml there")
        p.add_argument("--no-build", action="store_true",
                       help="grade what is in bin/ as it is")
        p.add_argument("--inside", help=argparse.SUPPRESS)
        return p.parse_args()

    def build(self):
        """make, and the lab's own program."""
        try:
            subprocess.run(["make"], cwd=TOP, env=make_environment(),
                           stdin=subprocess.DEVNULL, stdout=sys.stderr,
                           check=True)
            for source in self.folder.glob("*.c"):
                compile_static(source, self.tool(source.stem))
        except subprocess.CalledProcessError:
            return False
        return True

    def tool(self, name):
        return TOP / "build/labs" / self.folder.name / name

    def _outside(self, work, results):
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        alone = ["unshare", *user, "--mount", "--propagation", "private",
                 "--pid", "--fork", "--kill-child", "--mount-proc"]
        probe = Run([*alone, "true"])
        if probe.status:
            labs.fail("no namespaces to grade in: " + (
                "an ordinary user may make none here; grade as root (make "
                "doctor says more)" if user else "this root may make none; "
                "make doctor says more"))
        status = subprocess.run(
            [*alone, sys.executable, "-B", sys.argv[0], "--inside", work],
            check=False).returncode
        try:
            rows = json.loads((work / "rows").read_text())
        except OSError:
            if status == 2:  # it has said why
                sys.exit(2)
            labs.fail(f"grading has ended early (status {status})", 3)
        return self._report(rows, sum(r["score"] for r in rows), results)

    def _inside(self, room_class, work):
        print(f"lab {self.lab.number}: {self.lab.name}")
        room = room_class(self, work)
        done = {}
        for check in self.checks:
            done[check.word] = check
            if check.needs and done[check.needs].status != "ok":
                check.status = "skip"
            else:
                check.look(room)
            self._say(check, work)
        room.end()
        rows = [c.row() for c in self.checks]
        if any(c.status == "fail" and not c.points for c in self.checks):
            print("  a gate is shut: it takes all points")
            for row in rows:
                row["score"] = 0
        text = json.dumps(rows).replace(str(work), "WORK")
        (work / "rows").write_text(text)
        return 0

    def _say(self, check, work):
        points = f"{check.score():>3}/{check.points}" if check.points \
            else "  gate"
        word = {"ok": "ok", "fail": "FAIL",
                "skip": f"not looked at: it needs \"{check.needs}\""}
        print(f"{points:7} {check.word:13} {check.title}: "
              f"{word[check.status]}", flush=True)
        if not check.wrong:
            return
        rows = [("run", check.wrong.run), ("seen", check.wrong.seen),
                ("expected", check.wrong.expected), ("read", self.book),
                ("hint", f"make hint LAB={self.lab.number}: "
                         f"{hints.next_one(self.lab)}")]
        for name, text in rows:
            for line in text.replace(str(work), "WORK").splitlines():
                print(f"{'':20} {name:9} {line}")
                name = ""

    def _report(self, rows, score, results, built=True):
        if not built:
            print("the build fails: nothing is graded")
        print(f"Score: {score}/{self.max}", flush=True)
        if results:
            grade = {"lab": self.lab.number, "name": self.lab.name,
                     "score": score, "max": self.max, "built": built,
                     "hints": hints.count(self.lab), "checks": rows}
            write_results(folder(results), grade)
        return 0 if built and score == self.max else 1


def folder(path):
    try:
        os.makedirs(path, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return pathlib.Path(path)
    except OSError as e:
        return labs.fail(f"RESULTS={path}: {e.strerror}")


def make_environment():
    """Ours, without what belongs to the make that has started us."""
    env = {k: v for k, v in os.environ.items()
           if k not in ("MAKELEVEL", "MFLAGS", "MAKEFLAGS")}
    flags = re.sub(r"--jobserver-(auth|fds)=\S*", "",
                   os.environ.get("MAKEFLAGS", ""))
    # A result that was asked for, or a lab, is nothing to build.
    if flags:
        env["MAKEFLAGS"] = flags
    return env


def compile_static(source, program):
    """A static program runs in every root file system."""
    if program.exists() and \
            program.stat().st_mtime >= source.stat().st_mtime:
        return
    program.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-static",
                    "-o", f"{program}.new", source], check=True)
    os.replace(f"{program}.new", program)


def text_of(row):
    return "\n".join(f"{key}: {row[key]}"
                     for key in ("run", "seen", "expected") if key in row)


def write_results(place, grade):
    """For programs: ours, Gradescope's, JUnit's."""
    rows = grade["checks"]
    (place / "grade.json").write_text(json.dumps(grade, indent=2) + "\n")
    (place / "results.json").write_text(json.dumps({
        "score": grade["score"],
        "output": "" if grade["built"] else "the build fails",
        "tests": [{"name": f"{r['name']}: {r['title']}", "score": r["score"],
                   "max_score": r["max"], "output": text_of(r),
                   "status": "passed" if r["status"] == "ok" else "failed"}
                  for r in rows],
    }, indent=2) + "\n")
    suite = xml.Element("testsuite", name=f"lab {grade['lab']}",
                        tests=str(len(rows)))
    for r in rows:
        case = xml.SubElement(suite, "testcase", name=r["name"],
                              classname=grade["name"])
        if r["status"] == "fail":
            xml.SubElement(case, "failure", message=r["title"]).text = \
                text_of(r)
        elif r["status"] == "skip":
            xml.SubElement(case, "skipped")
    failed = sum(r["status"] == "fail" for r in rows)
    suite.set("failures", str(failed))
    if not grade["built"]:
        case = xml.SubElement(suite, "testcase", name="build",
                              classname=grade["name"])
        xml.SubElement(case, "failure", message="the build fails")
        suite.set("tests", "1")
        suite.set("failures", "1")
    xml.ElementTree(suite).write(place / "junit.xml", encoding="utf-8",
                                 xml_declaration=True)
