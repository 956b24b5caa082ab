"""Every internal link and anchor of a built site must exist."""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

class Page(HTMLParser):
    "The anchors a page has and the links it makes"
    def __init__(self, file):
        super().__init__(); self.ids, self.refs = {'', 'top'}, []
        self.feed(file.read_text(encoding='utf-8'))
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids |= {a[k] for k in ('id', 'name', 'data-anchor-id') if a.get(k)}
        self.refs += [a[k] for k in ('href', 'src') if a.get(k)]

root = Path(sys.argv[1]).resolve()
pages = {f: Page(f) for f in root.rglob('*.html')}
links = [(f, r, urlsplit(r)) for f, p in pages.items() for r in p.refs]
links = [(f, r, u) for f, r, u in links if not (u.scheme or u.netloc)]
broken = []
for f, r, u in links:
    target = (f.parent/unquote(u.path)).resolve() if u.path else f
    if target.is_dir(): target = target/'index.html'
    if not target.exists(): broken.append(f'{f.relative_to(root)}: {r} (no file)')
    elif target in pages and unquote(u.fragment) not in pages[target].ids:
        broken.append(f'{f.relative_to(root)}: {r} (no anchor)')
print(*broken, f'{len(pages)} pages, {len(links)} internal links, {len(broken)} broken', sep='\n')
sys.exit(bool(broken) or not pages)
