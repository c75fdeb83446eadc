"""A page as a browser would find it."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "path", "polyline"}


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, texts, and what was not closed."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self.opened, self.amiss = [], [], [], []
        self.feed(html)
        self.close()
        self.ids = [a["id"] for _, a in self.elements if "id" in a]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.opened or self.opened.pop() != tag:
            self.amiss.append(tag)

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def check(page):
    assert not page.amiss
    assert not page.opened
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"\b(None|nan|NaN|inf)\b", page.text)
