#!/usr/bin/env -S python3 -B
"""weave.py  the book, woven from its chapters and from the sources themselves

    book/weave.py [--book DIR] [--sources DIR] [--steps FILE] [--out DIR]

Chapters are Markdown, book/*.md, and so are the pages of the labs,
book/labs/*/lab.md (chapter.py); what they quote is in the C
sources (sources.py); the commands they show are run (transcripts.py). pandoc
makes the HTML, dot the pictures. Whatever does not fit ends the weaving with
one line, file:line: what; build/book/ is replaced only by a whole book.
"""
import argparse
import html
import json
import os
import re
import shutil
import sys
from pathlib import Path

import transcripts
from chapter import Chapter, Lab
from sources import Fault, both, fail, read_sources, tool

HERE = Path(__file__).resolve().parent


class Book:
    """All chapters, all sources, and what they say about each other."""

    def __init__(self, folder, root, steps):
        self.folder, self.root = folder, root
        self.steps = {step['number']: step for step in steps}
        self.sources = read_sources(root)
        self.found, self.titles, self.transcripts, self.pictures = {}, {}, [], 0
        self.parts = [Chapter(self, path) for path in sorted(folder.glob('*.md'))]
        self.index = next((c for c in self.parts if c.path.stem == 'index'), None) \
            or fail(folder / 'index.md', 0, 'there is no start page')
        self.parts.remove(self.index)
        self.lab_pages = [Lab(self, path) for path in sorted(folder.glob('labs/*/lab.md'))]
        # A tree that a student got has nobody's answers in it.
        self.skeleton = any(not (lab.path.parent / 'mutants').is_dir() for lab in self.lab_pages)
        self.template = (HERE / 'template.html').read_text()
        self.pages = {}

    def chapters(self):
        """The chapters that there are."""
        return self.contents(self.parts, 'chapter')

    def labs(self):
        """The labs that there are."""
        return self.contents(self.lab_pages, 'lab')

    @staticmethod
    def contents(pages, number):
        """A list of pages, each with the number that it has in its front matter."""
        return '<ol class="contents">' + ''.join(
            f'<li><a href="{c.page}"><span class="number">{c.meta.get(number, "")}</span>'
            f'<span>{both(c.meta["title"], c.meta["title-zh"])}</span></a></li>'
            for c in pages) + '</ol>'

    def staircase(self):
        """The twelve steps, going down."""
        return '<ol class="staircase">' + ''.join(
            f'<li style="--n:{n}"><a href="{self.found[n]}"><b>{n}</b> '
            f'{self.titles[n]}</a></li>' for n in sorted(self.found)) + '</ol>'

    def weave(self):
        """Everything into self.pages; then what must hold of the whole."""
        bodies = [(c, c.body()) for c in (*self.parts, *self.lab_pages, self.index)]
        self.check_steps()
        self.check_excerpts()
        for chapter, body in bodies:
            head = chapter.kicker() and f'<p class="kicker">{chapter.kicker()}</p>'
            body = (f'<header class="opening">{head}<h1>' +
                    both(chapter.meta['title'], chapter.meta['title-zh']) +
                    f'</h1></header>{self.link_sources(body, chapter.root)}')
            kind = 'chapter' if head else 'start'
            self.add(chapter.page, chapter.meta['title'], body, kind, chapter.step)
        for source in self.sources.values():
            step = re.search(r'/step(\d+)_', source.name)
            root = '../' * source.page.count('/')
            self.add(source.page, source.name, f'<h1 class="file">{source.name}</h1>' +
                     source.listing(root, 1, len(source.lines), anchors=True),
                     'file', step and int(step[1]))
        self.add('source/index.html', 'Sources', self.shelf(), 'shelf')
        self.check_links()

    def add(self, page, title, body, kind, here=None):
        """One page more."""
        root = '../' * page.count('/')
        bar = ''.join(
            f'<li><a href="{root}{self.found[n]}" data-step="{n}" title="{step["name"]}"' +
            (' aria-current="step"' if n == here else '') +
            f'><b>{n}</b> <span>{step["name"]}</span></a></li>'
            for n, step in sorted(self.steps.items()))
        whole = self.index.meta
        fields = {'root': root, 'kind': kind, 'steps': bar, 'body': body,
                  'title': html.escape(title if kind == 'start' else
                                       f'{title} - {whole["title"]}'),
                  'book': both(whole['title'], whole['title-zh'])}
        text = re.sub(r'\{\{(\w+)\}\}', lambda m: fields[m[1]], self.template)
        # Without its own name a link keeps ?lang=, and loads nothing again.
        self.pages[page] = text.replace(f'href="{root}{page}#', 'href="#')

    def shelf(self):
        """The list of all sources, room by room."""
        out = [f'<h1>{both("The sources", "源代码")}</h1>']
        for room in sorted({name.rpartition('/')[0] for name in self.sources}):
            files = [s for s in self.sources.values() if s.name.rpartition('/')[0] == room]
            out.append(f'<h2>{room}/</h2><ul class="files">' + ''.join(
                f'<li><a href="../{s.page}">{s.path.name}</a></li>' for s in files) + '</ul>')
        return '\n'.join(out)

    def link_sources(self, body, root):
        """Names of sources lead to their pages: links, and code in prose."""
        def link(match):
            name, _, place = re.sub(r':(\d+)[-\d]*$', r'#L\1', match[1]).partition('#')
            return f'href="{root}{self.sources[name].page}{place and "#" + place}"' \
                if name in self.sources else match[0]

        def code(match):
            return f'<a class="path" href="{root}{self.sources[match[2]].page}">{match[0]}</a>' \
                if match[2] in self.sources else match[0]

        body = re.sub(r'(?<!">)(<code>)([\w./-]+)</code>', code, body)
        return re.sub(r'href="([^"]*)"', link, body)

    def check_steps(self):
        """Each step of the program has its section."""
        for number, step in self.steps.items():
            if number not in self.found:
                path = self.root / 'dockerinit/steps.def'
                lines = path.read_text().splitlines() if path.exists() else []
                line = next((n for n, text in enumerate(lines, 1)
                             if text.startswith(f'STEP({number},')), 0)
                fail(path, line, f'step {number}, {step["name"]}, has no section in the '
                     f'book: "## Step {number}: {step["name"]} {{#step-{number}}}"')

    def check_excerpts(self):
        """Each excerpt is quoted."""
        for source in self.sources.values():
            for tag, (first, _) in source.excerpts.items():
                if tag not in source.uses:
                    fail(source.path, first - 1, f'excerpt {tag} is quoted nowhere')

    def check_links(self):
        """Each link leads somewhere; nothing is loaded from a network."""
        ids, links = {}, []
        for page, text in self.pages.items():
            ids[page] = set()
            for element, attributes in re.findall(r'<([a-z]+)\s([^>]*)>', text):
                for name, value in re.findall(r'\b(id|href|src)="([^"]*)"', attributes):
                    if name == 'id' and value in ids[page]:
                        self.blame(page, value, f'the name #{value} is given twice')
                    if name == 'id':
                        ids[page].add(value)
                    elif not re.match(r'(https?:)?//|mailto:', value):
                        links.append((page, html.unescape(value)))
                    elif name == 'src' or element == 'link':
                        self.blame(page, value, f'{value} would be loaded from a network')
        for page, link in set(links):
            target, _, anchor = link.partition('#')
            target = os.path.normpath(os.path.join(os.path.dirname(page), target)) \
                if target else page
            if target in ('style.css', 'book.js'):
                continue
            if target not in self.pages or anchor and anchor not in ids[target]:
                self.blame(page, link, f'the link {link} leads nowhere')

    def blame(self, page, word, text):
        """Fail at the line of a chapter that has a word, or at the page."""
        for chapter in (*self.parts, *self.lab_pages, self.index):
            if chapter.page == page:
                # A link into a source was written without source/ and .html.
                for part in (word, word.partition('#')[2] or word):
                    for number, line in enumerate(chapter.text, 1):
                        if part in line:
                            chapter.fail(number, text)
                chapter.fail(0, text)
        raise Fault(f'{page}: {text}')

    def run_transcripts(self):
        """Run what the book says it ran; tells what could not be run."""
        commands_run = 0
        if self.skeleton:
            print("book: this is a lab's tree: commands are not run, what they print "
                  'is what the finished container prints', file=sys.stderr)
            return 0
        for chapter, commands in self.transcripts:
            reason = transcripts.why_not(commands)
            if reason:
                print(f'book: {os.path.relpath(chapter.path)}:{commands[0].line}: '
                      f'not run, {reason}: {commands[0].text}', file=sys.stderr)
                continue
            try:
                for command, said in zip(commands, transcripts.run(commands)):
                    transcripts.compare(command, said)
            except transcripts.Mismatch as fault:
                chapter.fail(fault.line, str(fault))
            commands_run += len(commands)
        return commands_run

    def write(self, out):
        """The pages, and what they load, in place of what was there."""
        new = out.with_name(out.name + '.new')
        shutil.rmtree(new, ignore_errors=True)
        for page, text in self.pages.items():
            (new / page).parent.mkdir(parents=True, exist_ok=True)
            (new / page).write_text(text)
        for name in ('style.css', 'book.js'):
            shutil.copy(HERE / name, new / name)
        shutil.rmtree(out, ignore_errors=True)
        new.rename(out)


def main():
    """Weave, check, write."""
    top = HERE.parent
    options = argparse.ArgumentParser(description='weave the book')
    options.add_argument('--book', type=Path, default=HERE)
    options.add_argument('--sources', type=Path, default=top)
    options.add_argument('--steps', type=Path, help='in place of what dockerinit says')
    options.add_argument('--out', type=Path, default=top / 'build/book')
    options = options.parse_args()
    try:
        for name, package in (('pandoc', 'pandoc'), ('dot', 'graphviz')):
            if not shutil.which(name):
                raise Fault(f'there is no {name}; as root: apt-get install {package}')
        steps = options.steps.read_text() if options.steps else \
            tool(str(top / 'bin/dockerinit'), '--list-steps=json')
        book = Book(options.book.resolve(), options.sources.resolve(), json.loads(steps))
        book.weave()
        ran = book.run_transcripts()
        book.write(options.out)
    except (Fault, OSError) as fault:
        sys.exit(f'book: {fault}')
    quoted = sum(len(source.uses) for source in book.sources.values())
    print(f'book: {len(book.parts)} chapters, {len(book.lab_pages)} labs, {quoted} excerpts of '
          f'{len(book.sources)} sources, {book.pictures} pictures, {ran} commands run: '
          f'{os.path.relpath(options.out)}/index.html', file=sys.stderr)


if __name__ == '__main__':
    main()
