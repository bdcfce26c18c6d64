#!/usr/bin/env -S python3 -B
"""transcripts.py  what the book says commands print is what they print

A `.run` box of a chapter holds one console block:

    # nsinit exec hostname          a command for root; "$ " is for anybody
    > more of it                    the command goes on
    nsinit                          what it prints; … stands for any text,
    …                               a line that is only … for any lines

The commands of a block share one shell in the top folder of the repository,
with bin/ in PATH. Root's shell has a mount namespace and a /run of its own, so
that nothing is left. By hand:

    book/transcripts.py book/05-twelve-steps.md     shows what is printed now
"""
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
SECONDS = 20 * int(os.environ.get('SLOW', 1))
ISOLATED = ['unshare', '--mount', '--propagation', 'private', 'bash', '-c',
            'mount -t tmpfs -o mode=755 tmpfs /run && exec bash "$0"']


class Mismatch(Exception):
    """Text about one line of a chapter."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


class Command:
    """One command, and the lines expected of it with their numbers."""

    def __init__(self, line, prompt, text):
        self.line, self.prompt, self.text = line, prompt, text
        self.expected = []


def parse(lines, first):
    """The commands of a console block whose first line is number `first`."""
    commands = []
    for number, line in enumerate(lines, first):
        if line.startswith(('# ', '$ ')):
            commands.append(Command(number, line[0], line[2:]))
        elif not commands:
            raise Mismatch(number, 'a console block begins with "# " or "$ "')
        elif line.startswith('> ') and not commands[-1].expected:
            commands[-1].text += '\n' + line[2:]
        else:
            commands[-1].expected.append((number, line.rstrip()))
    return commands


def why_not(commands):
    """Why a block cannot be run here, or nothing."""
    if not (TOP / 'rootfs/bin/busybox').exists():
        return 'there is no rootfs/'
    if not any(command.prompt == '#' for command in commands):
        return ''
    if os.geteuid() != 0:
        return 'needs root'
    if subprocess.run(ISOLATED[:4] + ['true'], capture_output=True).returncode:
        return 'root here may not make namespaces'
    return ''


def run(commands):
    """What each command prints, as a list of texts."""
    mark = 'end-' + secrets.token_hex(8)
    script = ''.join(f'{c.text}\nprintf "\\n%s\\n" {mark}\n' for c in commands)
    environment = {
        'PATH': f'{TOP}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        'HOME': os.environ.get('HOME', '/'), 'TERM': 'dumb', 'LC_ALL': 'C.UTF-8'}
    isolated = any(command.prompt == '#' for command in commands)
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile('w') as file:
        file.write(script)
        file.flush()
        shell = subprocess.Popen(
            (ISOLATED if isolated else ['bash']) + [file.name], cwd=TOP,
            env=environment, stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, start_new_session=True)
        try:
            shell.wait(SECONDS)
            late = ''
        except subprocess.TimeoutExpired:
            late = f'runs longer than {SECONDS} s'
        left = end_all(shell.pid, 0 if late else 1)
        shell.wait()
        out.seek(0)
        said = out.read().decode(errors='replace').replace('\r', '')
    said = said.split(f'\n{mark}\n')
    if late or len(said) <= len(commands):
        number = min(len(said), len(commands)) - 1
        raise Mismatch(commands[number].line, late or 'ends the shell: ' + said[-1].strip())
    if left:
        raise Mismatch(commands[-1].line, 'leaves a process behind')
    return said[:-1]


def end_all(group, patience):
    """End what is left of a process group; true if something was."""
    deadline = time.monotonic() + patience
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        if time.monotonic() > deadline:
            os.killpg(group, signal.SIGKILL)
            return True
        time.sleep(0.01)


def pattern(lines):
    """A regular expression for expected lines."""
    return ''.join(
        r'(?:.*\n)*?' if line.strip() == '…' else
        '.*?'.join(re.escape(part) for part in line.split('…')) + r'[ \t]*\n'
        for _, line in lines)


def compare(command, said):
    """Raise Mismatch at the first expected line that is not what was said."""
    said = said.rstrip('\n') + '\n' if said.strip('\n') else ''
    if re.fullmatch(pattern(command.expected), said):
        return
    good = len(command.expected)
    while not (match := re.match(pattern(command.expected[:good]), said)):
        good -= 1
    got = said[match.end():].split('\n')[0]
    if good < len(command.expected):
        line, text = command.expected[good]
        raise Mismatch(line, f'the book says "{text}", the command "{got}"')
    raise Mismatch(command.line, f'the command also says "{got}"')


def blocks(path):
    """The console blocks of a chapter's .run boxes: (first line, lines)."""
    box = block = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.match(r':{3,}\s*\{\.run\b', line):
            box = number
        elif box and block is None and line.startswith('```console'):
            block = (number + 1, [])
        elif block is not None and line.startswith('```'):
            yield block
            box = block = None
        elif block is not None:
            block[1].append(line)


def show(path):
    """Print each block as the machine says it now."""
    for first, lines in blocks(path):
        commands = parse(lines, first)
        print(f'--- {path}:{first}', why_not(commands))
        if why_not(commands):
            continue
        for command, said in zip(commands, run(commands)):
            print(f'{command.prompt} ' + command.text.replace('\n', '\n> '))
            print(said, end='\n' if said.strip() else '')
            try:
                compare(command, said)
            except Mismatch as fault:
                print(f'!!! {path}:{fault.line}: {fault}')


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit('usage: book/transcripts.py CHAPTER.md...')
    for name in sys.argv[1:]:
        try:
            show(Path(name))
        except (OSError, Mismatch) as fault:
            sys.exit(f'transcripts: {name}: {fault}')
