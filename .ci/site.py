"""Open every page of the built site in headless Chromium, as a reader does: wide, on a phone, in the dark, from the keyboard.

`python .ci/site.py [--required] [--judge N] [FOLDER]` serves FOLDER (by default the folder `nbdev_docs` writes) under the site's base path,
asks each page for the facts below and counts one check for each kind of fact. No picture of a page is compared. Needs Python's
`playwright` (`pip install playwright`; no browser of its own) and a Chromium or Chrome of the system; where one of them is missing
it says so, ends with `site: skipped` and returns 0, or 1 with --required. Accessibility is judged by axe, which npm brings: without
npm a line says that it was not. The selectors of search and sidebar are those of docs.py's site."""
import argparse, json, re, shutil, sys, tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from docs import npm_package, page_of
from house import CFG, NBS, ROOT, notebooks, sidebar

BASE = f'/{CFG["doc_baseurl"].strip("/")}/'
MOST = 12  # how many faults of a kind are printed
FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--no-first-run']
CHECKS = {'load': 'every page loads without an error in the console or a failed request',
    'head': 'every page has a title, one h1, an icon and a picture for links to it',
    'stored': 'every picture and clip stored in a notebook is on its page', 'shown': 'every picture is displayed',
    'source': 'every page shows the definitions of its module',
    'raw': 'no directive is left in the text', 'math': 'every formula is set',
    'axe': 'axe finds no barrier, in light and in dark', 'scheme': 'the page is dark where the reader prefers it, and a button switches',
    'code': '120 columns of code fit at 1400 pixels, longer lines scroll, from the keyboard too',
    'phone': 'no page is wider than a phone, its menu opens',
    'plays': 'clips play, one of them on the first page',
    'keys': 'Tab reaches the skip link, search and the sidebar',
    'chapter': "of the sidebar the page's own chapter is open and its entry in view",
    'order': 'previous and next follow the sidebar',
    'search': 'search finds the page that explains a term first',
    'live': 'the page that samples makes the clips of osnb-sample, from the keyboard, and asks no other site'}

SEARCHES = {  # term -> the page that explains it, or several that do
    'classifier-free guidance': '5_diffusion/guidance', 'AdaLN-Zero': '4_models/stdit2', 'timestep embedding': '4_models/embeddings',
    'sinusoidal position embedding': '4_models/embeddings', 'RoPE': '4_models/stdit2 4_models/embeddings', 'SDEdit': '5_diffusion/frame_masks',
    'EMA': '7_training/optim', 'gradient checkpointing': '4_models/layers', 'batch sampler': '2_data/batch_sampler',
    'resume': '7_training/checkpoint appendix/resume_and_equivalence', 'LoRA': '7_training/lora', 'sequence parallelism': '7_training/sequence_parallel',
    'multi gpu': 'guides/multi_gpu', 'STDiT architecture': '4_models/stdit2', 'why is my clip skipped': '2_data/bucket_report 2_data/buckets'}

class Site(SimpleHTTPRequestHandler):
    "The folder under the base path, and nothing beside it"
    protocol_version = 'HTTP/1.1'
    def end_headers(self): self.send_header('Cache-Control', 'max-age=600'); super().end_headers()
    def translate_path(self, path):
        return super().translate_path('/'+path[len(BASE):] if path.startswith(BASE) else '/no such page')
    def log_message(self, *args): pass

def stored():
    "page -> how many (pictures, clips) the outputs of its notebook hold, but for cells that the site hides, and what it exports"
    res = {}
    for fn in notebooks():
        cells = [c for c in json.loads(fn.read_text(encoding='utf-8'))['cells'] if c['cell_type'] == 'code']
        outs = [o.get('data', {}) for c in cells for o in c['outputs']
            if not re.search(r'^#\|\s*(hide|hide_output|(output|include):\s*false)\s*$', ''.join(c['source']), re.M)]
        pictures = [d for d in outs if any(k.startswith('image/') for k in d) and 'text/html' not in d]
        clips = sum(''.join(d.get('text/html', '')).count('<video') for d in outs)
        exported = '\n'.join(''.join(c['source']) for c in cells if re.match(r'#\|\s*exports?\b', ''.join(c['source'])))
        res[page_of(fn.relative_to(NBS))] = len(pictures), clips, re.findall(r'^(?:def|class) \w+', exported, re.M)
    return res

FACTS = r"""() => {
  const all = (s, root=document) => [...root.querySelectorAll(s)], main = document.querySelector('main') || document.body, name = o => (o.getAttribute('src') || '').slice(0, 60)
  const text = all('p, li, td, th, figcaption, pre, h1, h2, h3, h4', main).filter(o => !o.closest('.katex')), prose = main.cloneNode(true)
  all('pre, code, script, annotation', prose).forEach(o => o.remove())
  const fetched = window.renderMathInElement || !document.querySelector('script[src^="http"][src*=katex]')  // KaTeX stays on its CDN where npm is missing
  const bar = document.querySelector('#quarto-sidebar'), active = bar?.querySelector('a.active')?.getBoundingClientRect(), frame = bar?.getBoundingClientRect()
  const open = all('.sidebar-section.show', bar || main).filter(o => !o.querySelector('a.active'))
  return {
    head: [...(document.title ? [] : ['no title']), ...(all('h1').length == 1 ? [] : [`${all('h1').length} h1`]),
      ...['link[rel=icon]', 'meta[property="og:image"]'].filter(o => !document.querySelector(o)).map(o => `no ${o}`)],
    shown: all('img').filter(o => !(o.complete && o.naturalWidth > 0 && o.getClientRects().length)).map(name),
    raw: [...new Set(text.flatMap(o => o.innerText.match(/^\s*#\|.*|^:::.*/gm) || []))],
    math: !fetched ? [] : [...all('.math').filter(o => !o.querySelector('.katex, mjx-container')), ...all('.katex-error')].map(o => o.textContent.slice(0, 60))
      .concat(prose.textContent.match(/\$\$.*/g) || []),
    chapter: [...(active && active.top >= frame.top && active.bottom <= frame.bottom ? [] : ['its entry is not in view']),
      ...(open.length ? [`${open.length} other chapters are open`] : [])],
    facts: {pictures: all('.cell-output img', main).length, clips: all('.cell-output video', main).length, unset: !fetched,
      code: all('pre', main).map(o => o.textContent).join('\n'), links: Object.fromEntries(['previous', 'next'].map(o => [o, document.querySelector(`.nav-page-${o} a`)?.href || ''])),
      hrefs: all('a[href^=http]').map(o => o.href), icons: all('link[rel=icon]').map(o => o.href).concat(all('meta[property="og:image"]').map(o => o.content))} } }"""

DARK = "document.documentElement.dataset.scheme == 'alternate' && document.documentElement.classList.contains('quarto-dark')"

CODE = r"""() => {  // at 1400 pixels
  const wrong = [], wide = o => o.scrollWidth > o.clientWidth + 1
  for (const o of document.querySelectorAll('main pre')) {
    if (!o.clientWidth) continue
    const columns = Math.max(...o.innerText.split('\n').map(l => l.length)), said = o.innerText.trim().slice(0, 40)
    if (!wide(o)) continue
    if (columns <= 120 && !o.closest('table, .cell-output')) wrong.push(`${columns} columns do not fit: ${said}`)
    if (getComputedStyle(o).overflowX != 'auto' && getComputedStyle(o).overflowX != 'scroll') wrong.push(`is cut: ${said}`)
    if (o.tabIndex < 0) wrong.push(`cannot be reached from the keyboard: ${said}`)
  }
  return wrong }"""

AXE = r"""async full => {  // colours of code are judged on few pages: they are the same on all, and slow to judge
  const found = [], run = async (where, options) => (await axe.run(where, {...options, resultTypes: ['violations']})).violations.filter(o => o.impact != 'minor')
    .forEach(o => found.push(`${o.id} (${o.nodes.length}): ${o.nodes[0].html.slice(0, 100)}`))
  if (full.rules) await run(document, {rules: {'color-contrast': {enabled: false}}})
  document.getAnimations().forEach(o => { try { o.finish() } catch (e) {} })  // colours on their way are no colours yet
  await run(full.code ? document : {exclude: ['pre', 'table', '.katex']}, {runOnly: ['color-contrast']})
  return found }"""

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

LIVE = """() => { const root = document.querySelector('.live'), last = root.steps.at(-1)
  return [root.querySelector('[role=status]').textContent, root.steps.length, last ? [...last.frames] : []] }"""

def live(ctx, url, script, judged):
    "What is wrong with the page that samples; as many prompts as `judged` are also read by the attribute classifier"
    import random, torch
    from dataclasses import replace
    from opensora_nb.checkpoints.locate import quiet_libraries
    from opensora_nb.config.overrides import load_config
    from opensora_nb.config.schema import from_dict
    from opensora_nb.inference.pipeline import Pipeline
    from opensora_nb.inference.sample_config import SampleConfig
    from opensora_nb.toy.evaluation import sample_prompts
    from opensora_nb.toy.world import Scenario, caption, classify_clip
    quiet_libraries()
    wrong, tab = [], ctx.new_page()
    tab.on('console', lambda m: wrong.append(f'console: {m.text[:100]}')); tab.on('pageerror', lambda e: wrong.append(e.message))
    tab.on('request', lambda r: r.url.startswith(url) or wrong.append(f'asks {r.url[:100]}'))
    def clip(prompt, seed):
        "Its frames, made without a mouse; None if none came"
        tab.fill('[name=prompt]', prompt); tab.fill('[name=seed]', str(seed)); tab.press('[name=seed]', 'Enter')
        tab.wait_for_function("!document.querySelector('form .btn').disabled", timeout=60000)
        said, steps, frames = tab.evaluate(LIVE)
        if steps != 15: wrong.append(f'{steps} steps: {said}'); return
        return torch.tensor(frames).view(3, 8, 32, 32)
    cfg = from_dict(SampleConfig, load_config('tiny_flow').values, 'tiny_flow')
    pipeline, as_bytes = Pipeline.from_pretrained(cfg, quiet=True), lambda x: ((x.clamp(-1, 1)+1)*127.5).round()
    tab.goto(f'{url}10_toy/live.html')
    prompts = [a for k in ('seen', 'unseen') for a in sample_prompts(k, max(1, judged//2), random.Random(0))]
    followed = 0
    for i,a in enumerate(prompts):
        prompt = caption(Scenario(*a)); made = clip(prompt, i % 100)
        if made is None: return wrong
        followed += classify_clip(made) == a
        if i > 1: continue
        away = (as_bytes(made)-as_bytes(pipeline([prompt], replace(cfg, seed=i))[0])).abs().max()
        if away > 2: wrong.append(f'{prompt!r} differs from osnb-sample by {away:.0f} of 255')
    if judged: print(f'{followed} of {len(prompts)} prompts followed in the browser')
    tab.check('[name=go_on]'); first = clip('a green ball resting by day', 0)
    if first is not None and (first[:,0]-made[:,-1]).abs().max() > 1e-4: wrong.append('a clip does not begin where the last one ended')
    tab.set_viewport_size(dict(width=390, height=800)); wrong += tab.evaluate(PHONE)
    if script: tab.add_script_tag(path=script); wrong += tab.evaluate(AXE, dict(rules=True, code=False))
    return wrong

def look(browser, url, pages, script, judged):
    "check -> what is wrong, page by page"
    wrong, want, unjudged = {k: [] for k in CHECKS}, stored(), []
    order = [page_of(Path(o)) for o in sidebar()]
    wide, dark = dict(width=1400, height=900), lambda: tab.evaluate(DARK)
    ctx = browser.new_context(viewport=wide, color_scheme='light')
    tab, here = ctx.new_page(), ['']; tab.set_default_timeout(15000)
    add = lambda check, *what: wrong[check].extend(f'{here[0]}: {o}' for o in what)
    own = lambda o: not o.startswith('http') or o.startswith(url)
    tab.on('pageerror', lambda e: add('load', e.message.splitlines()[0]))
    tab.on('console', lambda m: m.type == 'error' and own(m.location.get('url', '')) and add('load', m.text))
    tab.on('requestfailed', lambda r: own(r.url) and 'ERR_ABORTED' not in r.failure and add('load', f'{r.url[:100]}: {r.failure}'))
    tab.on('response', lambda r: r.status >= 400 and own(r.url) and add('load', f'{r.url}: status {r.status}'))
    for page in pages:
        here[0] = page; tab.goto(url+page, wait_until='load')
        found = tab.evaluate(FACTS); facts = found.pop('facts')
        if facts['unset']: unjudged.append(page)
        for k, v in found.items(): add(k, *v)
        pictures, clips, defined = want.get(page, (0, 0, []))
        add('stored', *(f'{n} {k} in the notebook, {facts[k]} on the page' for k, n in (('pictures', pictures), ('clips', clips)) if facts[k] < n))
        add('source', *(o for o in defined if not re.search(rf'^{o}\b', facts['code'], re.M)))
        if page in order:
            i = order.index(page); around = [*order, ''][i-1] if i else '', [*order, ''][i+1]
            add('order', *(f'{k} is {facts["links"][k]!r}, not {o}' for k, o in zip(('previous', 'next'), around) if facts['links'][k] != (url+o if o else '')))
        if not any(o.startswith(CFG['git_url']) for o in facts['hrefs']): add('head', 'no link to the repository')
        for o in facts['icons']:
            o = o.replace(CFG['doc_host']+BASE, url)
            if page == 'index.html' and not ctx.request.get(o).ok: add('head', f'{o} is missing')
        add('code', *tab.evaluate(CODE))
        if script:
            tab.add_script_tag(path=script); whole = page in (pages[0], 'index.html')
            add('axe', *tab.evaluate(AXE, dict(rules=True, code=whole)))
            tab.emulate_media(color_scheme='dark'); tab.wait_for_function(DARK)
            add('axe', *(f'dark: {o}' for o in tab.evaluate(AXE, dict(rules=False, code=whole))))
            tab.emulate_media(color_scheme='light')
        tab.set_viewport_size(dict(width=390, height=800)); add('phone', *tab.evaluate(PHONE)); tab.set_viewport_size(wide)
        if page == 'index.html' or facts['clips']:
            said, moving = tab.evaluate(PLAYS); add('plays', *said)
            if page == 'index.html' and not moving: add('plays', 'nothing moves')
    if unjudged: print(f'KaTeX could not be fetched, so the formulas of {len(unjudged)} pages were not judged')
    here[0] = 'index.html'; tab.goto(url); reached = []
    for _ in range(15):
        tab.keyboard.press('Tab')
        reached += tab.evaluate("""() => { const o = document.activeElement, s = getComputedStyle(o), is = {'.skip-link': 'the skip link', '[type=search]': 'search', '#quarto-sidebar a': 'the sidebar'}
            return s.outlineStyle == 'none' && s.boxShadow == 'none' ? [] : Object.keys(is).filter(k => o.matches(k)).map(k => is[k]) }""")  # what has the focus must look so
    add('keys', *(f'15 times Tab do not reach {o}' for o in ('the skip link', 'search', 'the sidebar') if o not in reached))
    for prefers in ('light', 'dark'):
        tab.emulate_media(color_scheme=prefers); tab.goto(url); was = dark()
        if was != (prefers == 'dark'): add('scheme', f'the reader prefers {prefers}, the page is not')
    tab.click('.quarto-color-scheme-toggle'); tab.wait_for_timeout(200); now = dark(); tab.reload()
    if now == was or dark() != now: add('scheme', 'the button does not switch, or its choice is forgotten')
    tab.set_viewport_size(dict(width=390, height=800)); tab.click('.quarto-btn-toggle'); tab.wait_for_timeout(400)
    if tab.evaluate("document.querySelector('#quarto-sidebar a[href]').getBoundingClientRect().left") < 0:
        add('phone', 'the menu button does not bring the sidebar')
    tab.set_viewport_size(wide); tab.goto(url)
    for term, page in SEARCHES.items():
        tab.fill('[type=search]', ''); tab.fill('[type=search]', term); tab.wait_for_timeout(400)
        links = tab.eval_on_selector_all('.search-result', 'all => all.map(o => o.href)')
        hits = list(dict.fromkeys(o[len(url):].split('#')[0] for o in links))
        if not {o.removesuffix('.html') for o in hits[:1]} & set(page.split()): add('search', f'{term!r} gives {hits[:3]}, not {page}')
    if links:
        with tab.expect_navigation(): tab.press('[type=search]', 'Enter')
        if tab.url != links[0]: add('search', f'Enter opens {tab.url}, not {links[0]}')
    here[0] = '10_toy/live.html'
    if 'live' in CHECKS: add('live', *live(ctx, url, script, judged))
    return wrong

def main(folder, required, judged):
    def skip(why): print(f'{why}\nsite: skipped'); return int(required)
    try: from playwright.sync_api import Error, sync_playwright
    except ImportError: return skip('the site was not opened in a browser: pip install playwright')
    chrome = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'))), None)
    if not chrome: return skip("the site was not opened in a browser: install the system's chromium (Debian: apt-get install chromium)")
    pages = sorted(o.relative_to(folder).as_posix() for o in folder.rglob('*.html'))
    if not pages: print(f'{folder} holds no page: run nbdev_docs\nsite: 0 passed, 1 failed'); return 1
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Site, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as p, tempfile.TemporaryDirectory() as t:
        package = npm_package('axe-core@4.10.3', t); script = package and package/'axe.min.js'
        if not script: print('accessibility was not judged: npm or its axe-core cannot be had'); del CHECKS['axe']
        if not (folder/'assets'/'live'/'denoiser.onnx').exists(): print('the page that samples was not tried: it was built without networks'); del CHECKS['live']
        try: browser = p.chromium.launch(executable_path=chrome, args=FLAGS)
        except Error as e: return skip(f'the site was not opened in a browser: {chrome} does not start: {e.message.splitlines()[0]}')
        try: wrong = look(browser, f'http://127.0.0.1:{server.server_port}{BASE}', pages, script, judged); browser.close()
        except Error as e: print(f'{e.message.splitlines()[0]}\nsite: 0 passed, 1 failed'); return 1
    for k, what in CHECKS.items():
        print(f'{"FAIL" if wrong[k] else "ok  "} {what}', *wrong[k][:MOST],
            *[f'and {len(wrong[k])-MOST} more'][:len(wrong[k]) > MOST], sep='\n  ')
    failed = sum(map(bool, wrong.values()))
    print(f'{len(pages)} pages\nsite: {len(CHECKS)-failed} passed, {failed} failed')
    return int(failed > 0)

if __name__ == '__main__':
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('folder', nargs='?', type=Path, default=ROOT/CFG['doc_path'], help='the built site')
    p.add_argument('--required', action='store_true', help='a missing browser is a failure')
    p.add_argument('--judge', type=int, default=0, metavar='N', help='let the classifier read N clips of the page that samples')
    a = p.parse_args(); sys.exit(main(a.folder.resolve(), a.required, a.judge))
