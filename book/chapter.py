"""chapter.py  a chapter: from its Markdown to HTML, complaining with file:line

Line by line: what is plain goes to pandoc as it is, the boxes become what the
style sheet knows. README, "Writing the book", tells the form.
"""
import html
import re

import transcripts
from sources import Fault, both, fail, pandoc, raw, tool, typeset

DIV = re.compile(r'^:{3,}\s*\{([^}]*)\}\s*$|^:{3,}\s*([\w-]+)\s*:*$')
HEADING = re.compile(r'^(#{2,4})\s+(.*?)\s*(?:\{#([\w-]+)\})?\s*$')

# What stands in a box's head, in both languages.
LABEL = {'run': ('Run it', '运行'), 'observe': ('Observe', '观察'),
         'gdb': ('In gdb', '用 gdb 看'), 'exercise': ('Exercise', '练习'),
         'answer': ('Answer', '答案')}
PLAIN = ('seed', 'note')
# Lists that the book makes itself; the boxes are empty.
MADE = ('chapters', 'labs', 'staircase')
# What must follow what, and may stand nowhere else.
FOLLOWS = {'en': 'zh', 'exercise': 'answer'}
# How hard a lab is.
LEVEL = {'easy': '容易', 'moderate': '中等', 'hard': '困难'}
# These say something to a reader, so they say it in both languages.
BILINGUAL = ('observe', 'exercise', 'answer')
# The colours a picture may have: they change with the reader's light.
COLOURS = {'black': 'ink', 'white': 'paper', 'gray': 'muted', 'grey': 'muted',
           'lightgray': 'shade', 'lightgrey': 'shade', 'blue': 'accent',
           'lightblue': 'accent-soft', 'red': 'alarm', 'mistyrose': 'alarm-soft',
           'darkgreen': 'good', 'honeydew': 'good-soft', 'transparent': None,
           'none': None}


class Div:
    """An open ::: box: what it owes, and whether it speaks both languages."""

    def __init__(self, kind, attributes, line):
        self.kind, self.attributes, self.line = kind, attributes, line
        self.owes = None
        self.bilingual = self.console = False


class Chapter:
    """A Markdown file on its way to a page."""

    needs, step = ('title', 'title-zh'), None

    def __init__(self, book, path, page=None):
        self.book, self.path, self.page = book, path, page or path.stem + '.html'
        self.root = '../' * self.page.count('/')
        self.text = path.read_text().splitlines()
        self.steps, self.out, self.code = {}, [], []
        self.section = self.heading = None
        end = self.text.index('---', 1) if self.text[:1] == ['---'] and \
            '---' in self.text[1:] else fail(path, 1, 'there is no front matter')
        self.meta = dict(m.groups() for m in re.finditer(
            r'^([\w-]+):\s*"?(.*?)"?\s*$', '\n'.join(self.text[1:end]), re.M))
        for key in self.needs:
            if not self.meta.get(key):
                fail(path, 1, f'the front matter has no {key}')
        self.begin = end + 1

    def kicker(self):
        """What stands above the title, in both languages."""
        number = self.meta.get('chapter')
        return both(f'Chapter {number}', f'第 {number} 章') if number else ''

    def fail(self, line, text):
        """Give up at a line of this chapter."""
        fail(self.path, line, text)

    def body(self):
        """The chapter as HTML."""
        self.stack = [Div('chapter', {}, 1)]
        fence = None
        for number, line in enumerate(self.text[self.begin:], self.begin + 1):
            if fence:
                if line.strip() == fence[1]:
                    self.block(fence[0], fence[2], fence[3])
                    fence = None
                else:
                    fence[3].append(line)
            elif match := re.match(r'^(`{3,}|~{3,})\s*\{?\.?([\w=]*)', line):
                self.settle(number, 'text')
                fence = (number, match[1], match[2], [])
            elif match := DIV.match(line):
                self.open(number, match[1] if match[2] is None else '.' + match[2])
            elif re.match(r'^:{3,}\s*$', line):
                self.close(number)
            elif line.startswith(':::'):
                self.fail(number, f'this box cannot be read: {line}')
            elif (match := HEADING.match(line)) and not self.speaking():
                self.settle(number, 'text')
                self.heading = (number, *match.groups())
            elif self.stack[-1].kind == 'zh-title':
                self.zh_title += line.strip()
            else:
                if line.strip():
                    self.settle(number, 'text')
                self.out.append(line)
        if fence:
            self.fail(fence[0], 'this block is not closed')
        if len(self.stack) > 1:
            self.fail(self.stack[-1].line, f'box .{self.stack[-1].kind} is not closed')
        self.settle(len(self.text), 'end')
        return typeset(pandoc('\n'.join(self.out), '--section-divs'))

    def speaking(self):
        """Are we in text of one language?"""
        return any(div.kind in ('en', 'zh', 'zh-title') for div in self.stack)

    def settle(self, number, kind):
        """Something new begins: was what came before complete?"""
        parent = self.stack[-1]
        if self.heading and 'zh-title' not in (kind, parent.kind):
            self.fail(self.heading[0], 'this heading has no .zh-title')
        if parent.owes and FOLLOWS[parent.owes[0]] != kind:
            self.fail(parent.owes[1], f'this .{parent.owes[0]} has no '
                      f'.{FOLLOWS[parent.owes[0]]} after it')
        if kind in FOLLOWS.values() and not parent.owes:
            self.fail(number, f'this .{kind} does not follow what it belongs to')
        parent.owes = (kind, number) if kind in FOLLOWS else None

    def open(self, number, text):
        """A box begins."""
        classes = re.findall(r'\.([\w-]+)', re.sub(r'"[^"]*"', '', text))
        kind = classes[0] if classes else ''
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', text))
        self.settle(number, kind)
        self.stack[-1].bilingual |= kind == 'en'
        self.stack.append(Div(kind, attributes, number))
        label = f'<p class="label">{both(*LABEL[kind])}' if kind in LABEL else ''
        if kind == 'zh-title':
            if not self.heading:
                self.fail(number, 'this .zh-title does not follow a heading')
            self.zh_title = ''
        elif kind == 'pair':
            # A lab's tree has one stub in place of several excerpts.
            self.code = list(dict.fromkeys(self.excerpt(number, key) for key
                                           in attributes.get('code', '').split()))
            if not self.code:
                self.fail(number, 'this .pair has no code')
            self.out += ['', '::: {.pair}', '']
        elif kind in ('en', 'zh'):
            tongue = {'en': 'en', 'zh': 'zh-Hans'}[kind]
            self.out += ['', f'::: {{.{kind} lang="{tongue}"}}', '']
        elif kind == 'answer':
            head = both(*LABEL[kind])
            self.out += [raw(f'<details class="answer"><summary>{head}</summary>')]
        elif kind in LABEL:
            title = attributes.get('title', '').replace('*', '★')
            self.out += ['', f'::: {{.box .{kind}}}', raw(f'{label} {title}</p>')]
        elif kind in PLAIN:
            self.out += ['', f'::: {{.{kind}}}', '']
        elif kind in MADE:
            self.out.append(raw(getattr(self.book, kind)()))
        else:
            self.fail(number, f'there is no box .{kind}')

    def close(self, number):
        """A box ends."""
        self.settle(number, 'close')
        if len(self.stack) == 1:
            self.fail(number, 'no box is open here')
        div = self.stack.pop()
        if div.kind in BILINGUAL and not div.bilingual:
            self.fail(div.line, f'this .{div.kind} has no .en and .zh')
        if div.kind == 'pair' and self.code:
            self.fail(div.line, 'this .pair has no .en and .zh')
        if div.kind == 'run' and not div.console:
            self.fail(div.line, 'this .run has no console block')
        if div.kind == 'zh-title':
            self.title()
        elif div.kind == 'answer':
            self.out.append(raw('</details>'))
        elif div.kind not in MADE:
            self.out += ['', ':::', '']
        # One column: what it is about, then the code, then what to do with it.
        if div.kind == 'zh' and self.stack[-1].kind == 'pair' and self.code:
            self.out.append(raw(f'<div class="code">{"".join(self.code)}</div>'))
            self.code = []

    def title(self):
        """A heading, in both languages; that of a step must fit the program."""
        number, marks, text, name = self.heading
        self.heading = None
        step = re.match(r'Step (\d+): (\w+)$', text)
        if step or re.match(r'step-', name or ''):
            known = self.book.steps.get(int(step[1])) if step else None
            if not known or known['name'] != step[2] or name != f'step-{step[1]}':
                self.fail(number, f'"{text}" #{name} is no step of dockerinit: '
                          'dockerinit --list-steps')
            if int(step[1]) in self.book.found:
                self.fail(number, f'step {step[1]} has a section already')
            self.book.found[int(step[1])] = f'{self.page}#{name}'
            self.book.titles[int(step[1])] = both(
                step[2], html.escape(re.sub(r'^第\S+?步[\s：:]*', '', self.zh_title)))
        self.section = (f'{self.page}#{name}' if name else self.page, html.escape(text))
        self.out += ['', f'{marks} [{text}]{{.en lang="en"}} '
                     f'[{self.zh_title}]{{.zh lang="zh-Hans"}}' +
                     (f' {{#{name}}}' if name else ''), '']

    def excerpt(self, number, key):
        """A piece of a source, with its lines as on disk."""
        name, _, tag = key.partition('#')
        source = self.book.sources.get(name)
        if not source or tag not in source.excerpts:
            self.fail(number, f'there is no excerpt {key}')
        if tag in source.uses:
            self.fail(number, f'excerpt {key} is quoted a second time')
        first, last = source.excerpts[tag]
        source.uses[tag] = self.section or (self.page, html.escape(self.meta['title']))
        return (f'<figure class="excerpt"><figcaption><a href="{self.root}{source.page}#L{first}">'
                f'{name}:{first}-{last}</a></figcaption>'
                f'{source.listing(self.root, first, last)}</figure>')

    def block(self, number, language, lines):
        """A fenced block: a picture, a console, or what pandoc makes of it."""
        if language == 'dot':
            self.out.append(raw(self.picture(number, lines)))
        elif language == 'console':
            self.out.append(raw(self.console(number, lines)))
        else:
            self.out += ['', f'~~~~~~~~~~~~{language and " {." + language + "}"}', *lines,
                         '~~~~~~~~~~~~', '']

    def console(self, number, lines):
        """A console; that of a .run box is run, too."""
        try:
            commands = transcripts.parse(lines, number + 1)
        except transcripts.Mismatch as fault:
            self.fail(fault.line, str(fault))
        for div in self.stack:
            if div.kind == 'run':
                div.console = True
                self.book.transcripts.append((self, commands))
        out = []
        for line in lines:
            prompt = re.match(r'[#$>] |\(gdb\) ', line)
            prompt, rest = (prompt[0], line[prompt.end():]) if prompt else ('', line)
            rest = html.escape(rest, quote=False)
            out.append(f'<span class="prompt">{html.escape(prompt)}</span><kbd>{rest}</kbd>'
                       if prompt else rest)
        return '<pre class="console" tabindex="0">' + '\n'.join(out) + '</pre>'

    def picture(self, number, lines):
        """dot's drawing, in the reader's colours."""
        alt = re.match(r'^\s*//\s*alt:\s*(\S.*)$', lines[0] if lines else '')
        if not alt:
            self.fail(number, 'this picture does not begin with "// alt: ..."')
        try:
            svg = tool('dot', '-Tsvg', '-Gbgcolor=transparent', '-Gcolor=gray',
                       '-Ecolor=gray', '-Gfontsize=10', '-Nfontsize=10', '-Efontsize=9', '-Nfontname=Helvetica',
                       '-Efontname=Helvetica', '-Gfontname=Helvetica',
                       text='\n'.join(lines))
        except Fault as fault:
            self.fail(number, str(fault))
        svg = svg[svg.index('<svg'):]
        svg = re.sub(r'<!--.*?-->|<title>.*?</title>| id="[^"]*"| xmlns:?\w*="[^"]*"', '',
                     svg, flags=re.S)

        def colour(match):
            if match[2] not in COLOURS:
                self.fail(number, f'{match[2]} is no colour of pictures: ' +
                          ', '.join(COLOURS))
            name = COLOURS[match[2]]
            if (match[1], name) == ('stroke', 'muted'):
                name = 'edge'
            return f'{match[1]}="' + (f'var(--{name})"' if name else 'none"')

        svg = re.sub(r'(fill|stroke)="([^"]*)"', colour, svg)
        svg = re.sub(r'<text ([^>]*?) font-family="[^"]*"', r'<text \1', svg)
        svg = re.sub(r'<text (?![^>]*fill=)', '<text fill="var(--ink)" ', svg)
        width, height = (float(n) * 4 / 3 for n
                         in re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg).groups())
        svg = re.sub(r'<svg width="[^"]*" height="[^"]*"',
                     f'<svg role="img" aria-label="{html.escape(alt[1])}" '
                     f'style="width:{width:.0f}px;min-width:{min(width, 520) * .72:.0f}px"',
                     svg, count=1)
        self.book.pictures += 1
        return f'<figure class="picture" tabindex="0">{svg}</figure>'


class Lab(Chapter):
    """A lab's page: what is to be written, how hard it is, how long it takes."""

    needs = ('title', 'title-zh', 'lab', 'level', 'hours')

    def __init__(self, book, path):
        super().__init__(book, path, f'labs/{path.parent.name}.html')
        if self.meta['level'] not in LEVEL:
            fail(path, 1, f'level: {self.meta["level"]} is none of ' + ', '.join(LEVEL))
        for key in ('lab', 'hours', 'step'):
            if not re.fullmatch('[1-9][0-9]*', self.meta.get(key, '1'), re.A):
                fail(path, 1, f'{key}: {self.meta[key]} is no number')
        # The step that the bar shows one is at.
        self.step = int(self.meta.get('step', 0)) or None
        if self.step not in (None, *book.steps):
            fail(path, 1, f'step: {self.step} is no step of dockerinit')

    def kicker(self):
        """Its level, and its hours."""
        level, hours = self.meta['level'], self.meta['hours']
        return both(f'Lab · {level} · about {hours} ' +
                    ('hour' if hours == '1' else 'hours'),
                    f'实验 · {LEVEL[level]} · 约 {hours} 小时')
