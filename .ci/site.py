"""Open every page of the built site in headless Chromium, as a reader does: wide, on a phone, in the dark, from the keyboard.

`python .ci/site.py [--required] [FOLDER]` serves FOLDER (by default the folder `nbdev_docs` writes) under the site's base path,
asks each page for the facts below and counts one check for each kind of fact. No picture of a page is compared. Needs Python's
`playwright` (`pip install playwright`; no browser of its own) and a Chromium or Chrome of the system; where one of them is missing
it says so, ends with `site: skipped` and returns 0, or 1 with --required. The selectors of search and sidebar are those of docs.py's site."""
import json, re, shutil, sys
from configparser import ConfigParser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
CFG = ConfigParser(delimiters=['='])
CFG.read(ROOT/'settings.ini', encoding='utf-8')
CFG = CFG['DEFAULT']
BASE = f'/{CFG["doc_baseurl"].strip("/")}/'
WORD, MOST = 'bucket', 12  # what is searched for; how many faults of a kind are printed
FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--no-first-run']
CHECKS = {'load': 'every page loads without an error in the console or a failed request',
    'head': 'every page has a title and one h1',
          'stored': 'every picture and clip stored in a notebook is on its page', 'shown': 'every picture is displayed',
          'alt': 'every picture says in words what it shows',
          'raw': 'no directive is left in the text', 'math': 'every formula is set',
          'light': 'text stands out from its ground', 'dark': 'it does where the reader prefers dark',
          'phone': 'no page is wider than a phone, its menu opens',
          'plays': 'clips play, one of them on the first page',
          'keys': 'Tab reaches search and the first page of the sidebar',
          'search': 'search finds a word, Enter opens the first page found'}

class Site(SimpleHTTPRequestHandler):
    "The folder under the base path, and nothing beside it"
    protocol_version = 'HTTP/1.1'
    def end_headers(self): self.send_header('Cache-Control', 'max-age=600'); super().end_headers()
    def translate_path(self, path):
        return super().translate_path('/'+path[len(BASE):] if path.startswith(BASE) else '/no such page')
    def log_message(self, *args): pass

def stored():
    "page -> how many (pictures, clips) the outputs of its notebook hold, but for cells that the site hides"
    res = {}
    for fn in (ROOT/CFG['nbs_path']).rglob('*.ipynb'):
        cells = [c for c in json.loads(fn.read_text(encoding='utf-8'))['cells'] if c.get('outputs')]
        outs = [o.get('data', {}) for c in cells
            if not re.search(r'^#\|\s*(hide|hide_output|(output|include):\s*false)\s*$', ''.join(c['source']), re.M)
            for o in c['outputs']]
        pictures = [d for d in outs if any(k.startswith('image/') for k in d) and 'text/html' not in d]
        res[re.sub(r'^\d+[a-z]*_', '',
            fn.stem)+'.html'] = len(pictures), sum(''.join(d.get('text/html', '')).count('<video') for d in outs)
    return res

FACTS = r"""() => {
  const all = (s, root=document) => [...root.querySelectorAll(s)], main = document.querySelector('main') || document.body, name = o => (o.getAttribute('src') || '').slice(0, 60)
  const text = all('p, li, td, th, figcaption, pre, h1, h2, h3, h4', main).filter(o => !o.closest('.katex')), prose = main.cloneNode(true)
  all('pre, code, script, annotation', prose).forEach(o => o.remove())
  const fetched = window.renderMathInElement || !document.querySelector('script[src^="http"][src*=katex]')  // KaTeX stays on its CDN where npm is missing
  return {
    head: [...(document.title ? [] : ['no title']), ...(all('h1').length == 1 ? [] : [`${all('h1').length} h1`])],
    shown: all('img').filter(o => !(o.complete && o.naturalWidth > 0 && o.getClientRects().length)).map(name),
    alt: all('img').filter(o => !(o.alt || '').trim()).map(name),
    raw: [...new Set(text.flatMap(o => o.innerText.match(/^\s*#\|.*|^:::.*/gm) || []))],
    math: !fetched ? [] : [...all('.math').filter(o => !o.querySelector('.katex, mjx-container')), ...all('.katex-error')].map(o => o.textContent.slice(0, 60))
      .concat(prose.textContent.match(/\$\$.*/g) || []),
    counts: [all('.cell-output img', main).length, all('.cell-output video', main).length, !fetched] } }"""

CONTRAST = r"""() => {  // texts, one for each kind of element within two others, that stand out less than 4.5 to 1 (large ones: 3 to 1) from what is behind them
  document.getAnimations().forEach(o => { try { o.finish() } catch (e) {} })  // colours on their way are no colours yet
  const rgba = s => { const m = s.match(/[\d.]+/g).map(Number), k = s.startsWith('color(') ? 255 : 1; return [m[0]*k, m[1]*k, m[2]*k, m[3] ?? 1] }
  const over = (a, b) => [0, 1, 2].map(i => a[i]*a[3] + b[i]*(1-a[3])).concat(1), known = new Map(), found = new Map(), seen = new Set()
  const kind = o => o ? `${o.localName} ${o.className}` : ''
  const ground = o => {
    if (!o) return [255, 255, 255, 1]
    if (!known.has(o)) { const c = rgba(getComputedStyle(o).backgroundColor); known.set(o, c[3] == 1 ? c : over(c, ground(o.parentElement))) }
    return known.get(o) }
  const light = c => [.2126, .7152, .0722].reduce((s, w, i) => { const v = c[i]/255; return s + w*(v <= .03928 ? v/12.92 : ((v+.055)/1.055)**2.4) }, 0)
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n; n = walk.nextNode();) {
    const o = n.parentElement, like = [kind(o), kind(o.parentElement), kind(o.parentElement?.parentElement)].join('/'); if (seen.has(like) || !n.data.trim()) continue
    const s = getComputedStyle(o); if (o.closest('script, style, svg, .katex-mathml') || !o.getClientRects().length || s.visibility != 'visible') continue
    seen.add(like)
    const back = ground(o), fore = over(rgba(s.color), back), [hi, lo] = [light(fore), light(back)].sort((a, b) => b-a), ratio = (hi+.05)/(lo+.05)
    const size = parseFloat(s.fontSize), need = size >= 24 || size >= 18.66 && s.fontWeight >= 700 ? 3 : 4.5
    const k = `${s.color} on ${back.slice(0, 3).map(Math.round)}, ${ratio.toFixed(1)} to 1`
    if (ratio < need) { found.has(k) || found.set(k, `<${o.localName} class="${o.className}"> ${n.data.trim().slice(0, 30)}`) }
  }
  return [...found].map(([k, v]) => `${k}: ${v}`) }"""

PHONE = r"""() => {  // what reaches beyond the right edge and stands in no box that scrolls: it widens the page or is cut off
  const w = document.documentElement.clientWidth
  const scrolls = o => { for (; o && o != document.body; o = o.parentElement) if (/auto|scroll/.test(getComputedStyle(o).overflowX)) return true }
  const wide = [...document.querySelectorAll('body *')]
    .filter(o => o.getBoundingClientRect().right > w+1 && !o.closest('.katex-mathml, svg') && !scrolls(o.parentElement)).filter((o, i, all) => !all.includes(o.parentElement))
  return [...new Set(wide.map(o => `<${o.localName} class="${o.className}"> ${o.textContent.trim().slice(0, 30)}`))] }"""

PLAYS = r"""async () => {  // [what is wrong, how many move]
  const wrong = [], wait = ms => new Promise(r => setTimeout(r, ms)); let moving = 0
  for (const o of document.querySelectorAll('video')) {
    o.muted = true; try { await o.play() } catch (e) { wrong.push(`video: ${e.message}`); continue }
    const t = o.currentTime; for (let i = 0; i < 40 && o.currentTime == t; i++) await wait(50)
    o.currentTime != t ? moving++ : wrong.push(`a video of ${o.duration} s stands still`)
  }
  for (const o of document.querySelectorAll('img')) {
    const type = (o.currentSrc.match(/\.(webp|gif|png)(?=$|\?)/) || [])[1]; if (!type) continue
    const d = new ImageDecoder({type: `image/${type}`, data: (await fetch(o.currentSrc)).body}); await d.completed; moving += d.tracks.selectedTrack.frameCount > 1
  }
  return [wrong, moving] }"""

def look(browser, url, pages):
    "check -> what is wrong, page by page"
    wrong, want, unjudged = {k: [] for k in CHECKS}, stored(), []
    ctx = browser.new_context(viewport=dict(width=1280, height=800))
    tab, here = ctx.new_page(), ['']; tab.set_default_timeout(15000)
    add = lambda check, *what: wrong[check].extend(f'{here[0]}: {o}' for o in what)
    own = lambda o: not o.startswith('http') or o.startswith(url)
    tab.on('pageerror', lambda e: add('load', e.message.splitlines()[0]))
    tab.on('console', lambda m: m.type == 'error' and own(m.location.get('url', '')) and add('load', m.text))
    tab.on('requestfailed', lambda r: own(r.url) and add('load', f'{r.url[:100]}: {r.failure}'))
    tab.on('response', lambda r: r.status >= 400 and own(r.url) and add('load', f'{r.url}: status {r.status}'))
    for page in pages:
        here[0] = page; tab.goto(url+page, wait_until='load')
        facts = tab.evaluate(FACTS); *have, unset = facts.pop('counts')
        if unset: unjudged.append(page)
        for k, v in facts.items(): add(k, *v)
        add('stored', *(f'{n} {what} in the notebook, {m} on the page' for n, m,
            what in zip(want.get(page, (0, 0)), have, ('pictures', 'clips')) if m < n))
        add('light', *tab.evaluate(CONTRAST))
        tab.emulate_media(color_scheme='dark'); add('dark', *tab.evaluate(CONTRAST))
        tab.emulate_media(color_scheme='light')
        tab.set_viewport_size(dict(width=390, height=800)); add('phone', *tab.evaluate(PHONE))
        tab.set_viewport_size(dict(width=1280, height=800))
        if page == 'index.html' or have[1]:
            said, moving = tab.evaluate(PLAYS); add('plays', *said)
            if page == 'index.html' and not moving: add('plays', 'nothing moves')
    if unjudged: print(f'KaTeX could not be fetched, so the formulas of {len(unjudged)} pages were not judged')
    here[0] = 'index.html'; tab.goto(url); reached = []
    for _ in range(15):
        tab.keyboard.press('Tab')
        reached += tab.evaluate("""() => { const o = document.activeElement, s = getComputedStyle(o), is = o.matches('[type=search]') ? 'search' : o.matches('#quarto-sidebar a') ? 'the sidebar' : ''
            return !is || s.outlineStyle == 'none' && s.boxShadow == 'none' ? [] : [is] }""")  # what has the focus must look so
    add('keys', *(f'15 times Tab do not reach {o}' for o in ('search', 'the sidebar') if o not in reached))
    tab.set_viewport_size(dict(width=390, height=800)); tab.click('.quarto-btn-toggle'); tab.wait_for_timeout(400)
    if tab.evaluate("document.querySelector('#quarto-sidebar a[href]').getBoundingClientRect().left") < 0:
        add('phone', 'the menu button does not bring the sidebar')
    tab.set_viewport_size(dict(width=1280, height=800)); tab.goto(url)
    tab.locator('[type=search]').press_sequentially(WORD)
    tab.wait_for_selector('.search-result, .search-none')
    if not tab.locator('.search-result').count(): add('search', f'{WORD!r} is not found')
    else:
        with tab.expect_navigation(): tab.keyboard.press('Enter')
        if WORD not in tab.inner_text('body').lower():
            add('search', f'the first page found, {tab.url}, does not hold {WORD!r}')
    return wrong

def main(folder, required):
    def skip(why): print(f'{why}\nsite: skipped'); return int(required)
    try: from playwright.sync_api import Error, sync_playwright
    except ImportError: return skip('the site was not opened in a browser: pip install playwright')
    chrome = next(filter(None,
        map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'))), None)
    if not chrome:
        return skip(
            "the site was not opened in a browser: install the system's chromium (Debian: apt-get install chromium)")
    pages = sorted(o.relative_to(folder).as_posix() for o in folder.rglob('*.html'))
    if not pages: print(f'{folder} holds no page: run nbdev_docs\nsite: 0 passed, 1 failed'); return 1
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Site, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as p:
        try: browser = p.chromium.launch(executable_path=chrome, args=FLAGS)
        except Error as e:
            return skip(f'the site was not opened in a browser: {chrome} does not start: {e.message.splitlines()[0]}')
        try: wrong = look(browser, f'http://127.0.0.1:{server.server_port}{BASE}', pages); browser.close()
        except Error as e: print(f'{e.message.splitlines()[0]}\nsite: 0 passed, 1 failed'); return 1
    for k, what in CHECKS.items():
        print(f'{"FAIL" if wrong[k] else "ok  "} {what}', *wrong[k][:MOST],
            *[f'and {len(wrong[k])-MOST} more'][:len(wrong[k]) > MOST], sep='\n  ')
    failed = sum(map(bool, wrong.values()))
    print(f'{len(pages)} pages\nsite: {len(CHECKS)-failed} passed, {failed} failed')
    return int(failed > 0)

if __name__ == '__main__':
    a = sys.argv[1:]; rest = [o for o in a if o != '--required']
    sys.exit(main(Path(rest[0] if rest else ROOT/CFG['doc_path']).resolve(), '--required' in a))
