"""mkskel.py  make skeleton LAB=N DIR=FOLDER: the tree that a student gets

The solution stands in the sources between markers, each on a line of its own:

    //@lab 5        the solution of lab 5 follows
    //@stub         what the student gets in its place follows, as
    //| text        such lines
    //@end

The region of this lab becomes its stub; of other labs the solution stays.
Either way the markers go. The tree that comes out stands alone: it builds
with plain make, and has in it neither history nor anybody's answers.
"""
import os
import pathlib
import re
import shutil
import subprocess

import labs

MARKER = re.compile(r"\s*//@(\w*)\s*(.*?)\s*$")
EXCERPT = re.compile(r"\s*//([<>]) ")
SOURCES = (".c", ".h", ".def")

# What a skeleton has not: answers, and what would give them away.
LEFT_OUT = re.compile(r"(\.git|\.hints|bin|build|rootfs|"
                      r"tests/bench|tests/fixtures/book|"
                      r"book/labs/[^/]*/(mutants|alternatives)|"
                      r".*__pycache__)(/|$)")


class Region:
    """One //@lab ... //@end of a file: where it begins, and its two texts."""

    def __init__(self, lab, line):
        self.lab, self.line = lab, line
        self.solution, self.stub, self.in_stub = [], [], False


def parse(text, name):
    """The text as a list of lines and Regions. What is wrong ends it."""
    parts, region = [], None

    def wrong(what):
        labs.fail(f"{name}:{number}: {what}")

    for number, line in enumerate(text.splitlines(keepends=True), 1):
        marker = MARKER.match(line)
        word, rest = marker.groups() if marker else (None, "")
        if word == "lab":
            if region:
                wrong(f"//@lab inside of the region of line {region.line}")
            if not rest.isdecimal():
                wrong(f"//@lab {rest}: a number is wanted")
            region = Region(int(rest), number)
        elif word == "stub" and region and not region.in_stub:
            region.in_stub = True
        elif word == "end" and region and region.in_stub:
            parts.append(region)
            region = None
        elif word == "end" and region:
            wrong(f"the region of line {region.line} has no //@stub")
        elif word is not None:
            wrong(f"//@{word} is out of place")
        elif not region:
            parts.append(line)
        elif not region.in_stub:
            region.solution.append(line)
        elif not re.match(r"\s*//\|( |$)", line):
            wrong("a stub's line begins with //|")
        else:
            region.stub.append(re.sub(r"//\| ?", "", line, count=1))
    if region:
        number = region.line
        wrong("//@lab without //@end")
    return parts


def regions(text, name, lab):
    return [p for p in parse(text, name)
            if isinstance(p, Region) and p.lab == lab]


def around(region, text):
    """text between the excerpt marks that stand in the solution: the book
    shows what is there now, and misses no excerpt."""
    marks = [l for l in region.solution if EXCERPT.match(l)]
    opened = [l for l in marks if "//>" in l]
    closed = [l for l in marks if "//<" in l]
    return "".join(opened) + text + "".join(reversed(closed))


def expand(text, name, lab=None, answer=None):
    """The text without markers: of lab the stubs, or answer in place of the
    solution; of every other lab the solution."""
    out = []
    for part in parse(text, name):
        if not isinstance(part, Region):
            out.append(part)
        elif part.lab != lab:
            out += part.solution
        elif answer is None:
            out.append(around(part, "".join(part.stub)))
        elif part.solution:
            out.append(around(part, answer))
    return "".join(out)


def files(top):
    """What belongs to the tree: what git says, or else what is there."""
    found = []
    if (top / ".git").exists():
        git = subprocess.run(["git", "-C", top, "ls-files", "-z"],
                             capture_output=True, text=True, check=False)
        if git.returncode == 0:
            found = [n for n in git.stdout.split("\0")
                     if n and (top / n).exists()]
    if not found:
        for folder, folders, names in os.walk(top):
            here = pathlib.Path(folder).relative_to(top)
            folders[:] = [f for f in folders
                          if not LEFT_OUT.match(str(here / f) + "/")]
            found += [str(here / n) for n in names]
    return sorted(n for n in found if not LEFT_OUT.match(n))


def skeleton(top, lab):
    """name -> text or None (copied as it is), and the number of regions."""
    tree, count = {}, 0
    for name in files(top):
        tree[name] = None
        if name.endswith(SOURCES) and not (top / name).is_symlink():
            text = (top / name).read_text(encoding="utf-8")
            count += len(regions(text, name, lab))
            if "//@" in text:
                tree[name] = expand(text, name, lab)
    return tree, count


def check_place(top, path):
    """DIR may be new, or an empty folder; and not in here."""
    if not path:
        labs.fail("no DIR: say make skeleton LAB=N DIR=FOLDER, "
                  "and FOLDER is made")
    place = pathlib.Path(path)
    real = place.resolve()
    if real == top or top in real.parents:
        labs.fail(f"{path}: is inside of this tree; "
                  "the skeleton must lie elsewhere")
    try:
        if place.is_symlink() or place.exists():
            if not place.is_dir():
                labs.fail(f"{path}: is no folder")
            if any(place.iterdir()):
                labs.fail(f"{path}: is not empty")
        elif not real.parent.is_dir():
            labs.fail(f"{path}: there is no folder {real.parent}")
    except OSError as e:
        labs.fail(f"{path}: {e.strerror}")
    return real


def write(top, tree, place):
    for name, text in tree.items():
        to = place / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            shutil.copy2(top / name, to, follow_symlinks=False)
        else:
            to.write_text(text, encoding="utf-8")
            shutil.copymode(top / name, to)


def main(lab, path):
    place = check_place(labs.TOP, path)
    tree, count = skeleton(labs.TOP, lab.number)
    if not count:
        labs.fail(f"lab {lab.number}: no region of it is in this tree "
                  "(is it a skeleton itself?)")
    made = not place.exists()
    try:
        if made:
            place.mkdir()
        write(labs.TOP, tree, place)
    except BaseException as e:
        for child in ([place] if made else place.iterdir()):
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child, ignore_errors=True)
            else:
                child.unlink(missing_ok=True)
        if isinstance(e, OSError):
            labs.fail(f"{path}: {e.filename}: {e.strerror}")
        raise
    print(f"lab {lab.number} ({lab.name}) is in {path}: {len(tree)} files\n"
          f"  read   {lab.page} (make book: build/book/labs/"
          f"{lab.folder.name}.html)\n"
          f"  then   cd {path} && make && make grade LAB={lab.number}")

