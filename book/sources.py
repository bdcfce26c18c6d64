"""sources.py  the C sources: lines highlighted, numbered as on disk, excerpts

An excerpt stands between "//> tag" and "//< tag". Marker lines, those and the
labs' ("//@", "//|"), are counted, but not shown: so book, editor and debugger
agree about every number.
"""
import html
import os
import re
import subprocess

ROOMS = ('libcontainer', 'dockerinit', 'reexec', 'execdriver', 'nsinit', 'runc')
MARK = re.compile(r'^\s*//([<>])\s*(\S*)\s*$')
HIDDEN = re.compile(r'^\s*//[<>@|]')
FUNCTION = re.compile(r'^[a-z][^;=]*?(\w+)\([^;]*$')


class Fault(Exception):
    """Why there is no book: file:line: what."""


def fail(path, line, text):
    """Give up at a line of a file."""
    where = os.path.relpath(path) + (f':{line}' if line else '')
    raise Fault(f'{where}: {text}')


def tool(*command, text=''):
    """What a program makes of a text."""
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    if done.returncode or done.stderr.strip():
        raise Fault(f'{command[0]}: ' + ' '.join(done.stderr.split())[:300])
    return done.stdout


def pandoc(text, *options, form='markdown-smart+east_asian_line_breaks'):
    """Markdown as HTML."""
    return tool('pandoc', '-f', form, '-t', 'html5', '--wrap=none', *options, text=text)


def raw(markup):
    """HTML that pandoc lets through."""
    markup = markup.replace('\t', '&#9;')
    return '\n~~~~~~~~~~~~{=html}\n' + markup + '\n~~~~~~~~~~~~\n'


def typeset(markup):
    """Typographic quotation marks, where text is not code."""
    out, code = [], 0
    for piece in re.split(r'(<[^>]*>)', markup):
        if tag := re.match(r'<(/?)(?:code|pre|svg)\b', piece):
            code += -1 if tag[1] else 1
        elif not code and not piece.startswith('<'):
            piece = re.sub(r"(?<=\w)'|'(?=\d\ds)", '’', piece)
            # A lone "." is somebody's argument.
            piece = re.sub(r'("[^\w"]{1,3}")|(?:(?<=[\s(])|^)(")(?=\S|$)|"',
                           lambda m: m[1] or ('“' if m[2] else '”'), piece)
            piece = re.sub(r'(?<=[，。；：、！？]) |(?<=——) ', '', piece)
        out.append(piece)
    return ''.join(out)


def both(english, chinese):
    """A word in both languages."""
    return (f'<span class="en" lang="en">{english}</span> '
            f'<span class="zh" lang="zh-Hans">{chinese}</span>')


class Source:
    """A file of C: its lines, and its excerpts as {tag: (first, last)}."""

    def __init__(self, root, path):
        self.path, self.name = path, str(path.relative_to(root))
        self.lines = path.read_text().splitlines()
        self.page = f'source/{self.name}.html'
        self.markup, self.excerpts, self.uses = [], {}, {}
        opened = {}
        for number, line in enumerate(self.lines, 1):
            mark = MARK.match(line)
            if not mark:
                continue
            kind, tag = mark.groups()
            if kind == '>' and (tag in opened or tag in self.excerpts):
                fail(path, number, f'excerpt {tag} is opened a second time')
            if kind == '>':
                opened[tag] = number
            elif tag not in opened:
                fail(path, number, f'excerpt {tag} is closed, but was not opened')
            else:
                shown = [n for n in range(opened.pop(tag), number) if self.shown(n)]
                if not shown:
                    fail(path, number, f'excerpt {tag} is empty')
                self.excerpts[tag] = (shown[0], shown[-1])
        for tag, number in opened.items():
            fail(path, number, f'excerpt {tag} is not closed')

    def shown(self, number):
        """Marker lines are counted, but not shown."""
        return not HIDDEN.match(self.lines[number - 1])

    def defines(self, number):
        """Has what begins at this line a body?"""
        rest = (line for line in self.lines[number:] if line == '{' or line.endswith(';'))
        return next(rest, '') == '{'

    def listing(self, root, first, last, anchors=False):
        """Lines as HTML; each has its number on disk."""
        out = []
        for number in range(first, last + 1):
            for tag, (begin, _) in self.excerpts.items():
                if anchors and begin == number and tag in self.uses:
                    page, title = self.uses[tag]
                    out.append(f'<a class="use" href="{root}{page}">§ {title}</a>')
            if not self.shown(number):
                continue
            text, inside = self.markup[number - 1], ''
            if anchors:
                name = FUNCTION.match(self.lines[number - 1])
                if name and self.name.endswith('.c') and self.defines(number):
                    text = f'<span id="{name[1]}"></span>' + text
                inside = ' in' if any(begin <= number <= end for begin, end
                                      in self.excerpts.values()) else ''
            out.append(
                f'<span class="line{inside}"' + (f' id="L{number}"' if anchors else '')
                + f'><a class="n" href="{root}{self.page}#L{number}" tabindex="-1" '
                f'aria-hidden="true" data-n="{number}"></a>{text}\n</span>')
        return f'<pre class="listing" tabindex="0"><code>{"".join(out)}</code></pre>'


def read_sources(root):
    """Every file of C below root, its lines highlighted, as {name: Source}."""
    paths = [path for room in ROOMS for path in sorted((root / room).rglob('*'))
             if path.suffix in ('.c', '.h', '.def')]
    sources = {source.name: source for source in (Source(root, p) for p in paths)}
    text = ''.join('~~~~~~~~~~~~c\n' + '\n'.join(source.lines) + '\n~~~~~~~~~~~~\n\n'
                   for source in sources.values())
    line = re.compile(r'^(?:<div.*?<code[^>]*>)?<span id="cb\d+-\d+"><a [^>]*></a>'
                      r'(.*)</span>(?:</code></pre></div>)?$', re.M)
    # In pandoc's own Markdown --preserve-tabs takes a minute.
    highlighted = iter(line.findall(pandoc(text, '--preserve-tabs', form='commonmark_x')))
    operator = re.compile(r'<span class="op">(.*?)</span>')
    for source in sources.values():
        source.markup = [operator.sub(r'\1', next(highlighted)) for _ in source.lines]
    return sources
