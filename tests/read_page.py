#!/usr/bin/env python3
"""read_page.py PAGE  a trace's page as a browser reads it, as JSON

trace and book: what its two blocks of data hold. elements: how many there are
of each name. loads: whatever would be fetched. handlers: attributes that are
programs. policy: is what runs just what the page's policy names by its hash,
and is everything else forbidden?
"""
import base64
import collections
import hashlib
import html.parser
import json
import re
import sys

FETCHED = ('src', 'href', 'srcset', 'data', 'action', 'poster', 'background')


class Page(html.parser.HTMLParser):
    """The elements of a page, and the text of those that hold raw text."""

    def __init__(self):
        super().__init__()
        self.elements = collections.Counter()
        self.raw, self.open = [], None
        self.loads, self.handlers, self.policy = [], [], ''

    def handle_starttag(self, name, attributes):
        self.elements[name] += 1
        attributes = dict(attributes)
        for key, value in attributes.items():
            if key in FETCHED:
                self.loads.append(value)
            if key.startswith('on') or key == 'style':
                self.handlers.append(f'{name} {key}={value}')
        if attributes.get('http-equiv') == 'Content-Security-Policy':
            self.policy = attributes['content']
        if name in ('script', 'style'):
            self.open = (name, attributes.get('id'), attributes.get('type'))
            self.raw.append([self.open, ''])

    def handle_endtag(self, name):
        self.open = None

    def handle_data(self, text):
        if self.open:
            self.raw[-1][1] += text

    def text(self, name, id_=None):
        """Of the one element of this name."""
        [text] = [text for (n, i, _), text in self.raw if (n, i) == (name, id_)]
        return text


def hashed(text):
    """As a policy names it."""
    return "'sha256-%s'" % base64.b64encode(
        hashlib.sha256(text.encode()).digest()).decode()


with open(sys.argv[1], encoding='utf-8') as file:
    page = Page()
    page.feed(file.read())
    page.close()

style, program = page.text('style'), page.text('script')
wanted = {'default-src': "'none'", 'script-src': hashed(program),
          'style-src': hashed(style), 'base-uri': "'none'", 'form-action': "'none'"}
rules = dict(rule.strip().split(' ', 1) for rule in page.policy.split(';'))
page.loads += re.findall(r'url\([^)]*\)|@import[^;]*', style)
page.loads += re.findall(r'\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|'
                         r'importScripts|Worker|eval|innerHTML|document\.write)\b|\bimport\b.*',
                         program)
page.loads += [url for url in re.findall(r'https?://[^"\s]*', style + program)
               if url != 'http://www.w3.org/2000/svg'] # a name, not an address
print(json.dumps({
    'trace': json.loads(page.text('script', 'trace')),
    'book': json.loads(page.text('script', 'book')),
    'elements': page.elements, 'loads': page.loads, 'handlers': page.handlers,
    'policy': rules == wanted}))
