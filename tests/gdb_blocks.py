#!/usr/bin/env python3
"""gdb_blocks.py CHAPTER.md  the chapter's gdb sessions, typed and compared

A block is `::: {.gdb}` with a console: "# make gdb STEP=N", then what is typed
at "(gdb) " and what comes back; "…" stands for any text, HOSTPID for the
container's pid. What is typed without a line below may say anything but an
error. Speaks TAP. To be run in the project's folder.
"""
import os
import re
import subprocess
import sys
import tempfile

# Runs inside gdb: each command, and after it a line that nobody prints.
DRIVER = """\
python
import gdb
for command in %r:
    gdb.flush()
    try:
        gdb.execute(command.replace("HOSTPID", str(gdb.selected_inferior().pid)))
    except gdb.error as error:
        gdb.write("error: %%s\\n" %% error)
    gdb.write("\\n@@@\\n")
    gdb.flush()
end
"""


def pattern(line):
    return "^" + ".*".join(map(re.escape, line.split("…"))) + r"\s*$"


def wrong(block):
    """What is wrong with it, or nothing."""
    target, step = re.fullmatch(r"# make (gdb\S*) STEP=(.*)", block[0]).groups()
    commands, wanted = [], [[]]
    for line in block[1:]:
        if line.startswith("(gdb) "):
            commands.append(line[6:])
            wanted.append([])
        elif line != "…":
            wanted[-1].append(line)
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write(DRIVER % (commands,))
        script.flush()
        run = subprocess.run(
            ["book/gdb/start.sh", "run", target], text=True, timeout=120,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, GDB_STEP=step, GDB_SCRIPT=script.name))
    said = run.stdout.split("\n@@@\n")
    if len(said) <= len(commands):
        return "it ended early:\n" + run.stdout
    for lines, text, command in zip(wanted, [said[0], *said],
                                    ["make gdb", *commands]):
        for line in lines:
            if not re.search(pattern(line), text, re.MULTILINE):
                return f"{command}: no {line!r} in\n{text}"
        if re.search("^error: ", text, re.MULTILINE):
            return f"{command}: {text}"
    return ""


def main():
    text = open(sys.argv[1]).read()
    blocks = re.findall(r"::: \{\.gdb\}\n```console\n(.*?)\n```", text, re.DOTALL)
    for number, block in enumerate(blocks, 1):
        lines = block.splitlines()
        complaint = wrong(lines)
        print("not " * bool(complaint) + f"ok {number} - {sys.argv[1]}: {lines[0]}",
              *complaint.splitlines(), sep="\n#   ", flush=True)
    print(f"1..{len(blocks)}")


main()
