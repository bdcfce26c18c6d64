"""labs.py  which labs there are, and how to say in one line what is wrong

A lab is a folder NN-name beside this file: lab.md, hints.md, grade.py.
"""
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]

program = "labs"  # whose name a complaint begins with


def fail(what, status=2):
    """One line, and the end."""
    print(f"{program}: {what}", file=sys.stderr)
    sys.exit(status)


def tidy_when_ended():
    """A signal that ends us raises SystemExit: what is ours is removed."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


class Lab:
    def __init__(self, folder):
        number, _, self.name = folder.name.partition("-")
        self.number, self.folder = int(number), folder
        self.page = (folder / "lab.md").relative_to(TOP)


def there_are():
    return [Lab(p.parent) for p in sorted(HERE.glob("[0-9]*-*/grade.py"))]


def find(text):
    known = ", ".join(f"{l.number} ({l.name})" for l in there_are())
    if not text:
        fail(f"no LAB: say make {program} LAB=N; there is: {known}")
    for lab in there_are():
        if text.isdecimal() and text.isascii() and int(text) == lab.number:
            return lab
    return fail(f"there is no lab {text!r}; there is: {known}")

