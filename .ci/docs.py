"""Build README.md, and the docs site where Quarto is not installed.

nbdev issues two Quarto commands: `quarto render index.ipynb -o README.md -t gfm --no-execute` and
`quarto render --no-cache`, both in `_proc`, the folder of processed notebooks. This file does the same
two jobs in Python: `readme()` and `site()`. `.ci/bin/quarto` hands those commands to it. README.md is always
made here (`PATH=.ci/bin:$PATH nbdev_readme`), because Quarto would leave links that only hold inside nbs/."""
import ast, gzip, json, os, re, shutil, subprocess, sys, tempfile
from base64 import b64decode
from configparser import ConfigParser
from pathlib import Path, PurePosixPath
import yaml
from nbdev.showdoc import showdoc_nm

def src(o): return ''.join(o) if isinstance(o, list) else (o or '')

def frontmatter(nb):
    for c in nb['cells'][:2]:
        s = src(c['source']).strip()
        if c['cell_type'] == 'raw' and s.startswith('---'): return c, yaml.safe_load(s.strip('-\n')) or {}
    return None, {}

def options(code):
    "Quarto's `#| key: value` options, and the code without them"
    lines = code.splitlines(); opts = {}
    while lines and (m := re.match(r'#\|\s*([\w-]+):\s*(.*)$', lines[0])): opts[m[1]] = m[2].strip(); lines.pop(0)
    return opts, '\n'.join(lines).strip('\n')

def page_of(path):
    "The page that nbdev makes of a notebook: the number goes, the folder stays"
    return path.with_name(re.sub(r'^\d+[a-zA-Z0-9]*_', '', path.stem)+'.html').as_posix()

# ------------------------------------------------------------------ README
def relink(text, proc):
    "Links of a notebook, as they must read one folder higher, and links to pages of the site as links to their notebooks"
    base = yaml.safe_load((proc/'nbdev.yml').read_text(encoding='utf-8'))['website']['site-url'].rstrip('/')+'/'
    cfg = ConfigParser(delimiters=['='])
    cfg.read(proc.parent/'settings.ini', encoding='utf-8')
    nbs = cfg['DEFAULT']['nbs_path']
    pages = {page_of(o.relative_to(proc)): o.relative_to(proc).as_posix() for o in proc.rglob('*.ipynb')}
    text = re.sub(re.escape(base)+r'([\w/-]+\.html)(?:#[\w.-]*)?',
        lambda m: f'{nbs}/{pages[m[1]]}' if m[1] in pages else m[0], text)
    return re.sub(rf'(\]\(|src=")(?![a-z]+:|[#/]|{nbs}/)', rf'\1{nbs}/', text)

def readme(nbfile, dest):
    "Write notebook `nbfile` to `dest` as GitHub Markdown, its pictures to `<stem>_files/figure-commonmark`"
    nb = json.loads(nbfile.read_text(encoding='utf-8')); _, fm = frontmatter(nb)
    figs = dest.parent/f'{nbfile.stem}_files'/'figure-commonmark'
    out = [f"# {fm['title']}"] if 'title' in fm else []
    if 'description' in fm: out.append(f"> {fm['description']}")
    n = 1
    for c in nb['cells']:
        s = src(c['source'])
        if c['cell_type'] == 'markdown': out.append(relink(s.strip(), nbfile.parent))
        if c['cell_type'] != 'code': continue
        n += 1
        opts, code = options(s)
        if opts.get('include') == 'false': continue
        if opts.get('echo') != 'false': out.append(f'```python\n{code}\n```')
        for i, o in enumerate(c.get('outputs', []), 1):
            d = o.get('data', {})
            if opts.get('output') == 'false': continue
            if 'image/png' in d:
                figs.mkdir(parents=True, exist_ok=True); f = figs/f'cell-{n}-output-{i}.png'
                f.write_bytes(b64decode(src(d['image/png'])))
                out.append(f'![]({f.relative_to(dest.parent).as_posix()})')
            elif 'text/markdown' in d: out.append(re.sub(r'\)\{[^}]*\}', ')', src(d['text/markdown'])).strip())
            else:
                t = src(o.get('text') or d.get('text/plain')).rstrip('\n')
                if t: out.append('\n'.join('    '+l for l in t.splitlines()))
    txt = re.sub(r'\n(?=<!-- WARNING)', '\n\n', '\n\n'.join(out), count=0)
    dest.write_text(re.sub(r'\n{4,}', '\n\n\n', txt)+'\n', encoding='utf-8')

# ------------------------------------------------------------------ site
def walk(o, f):
    if isinstance(o, dict): return {k: walk(v, f) for k, v in o.items()}
    if isinstance(o, list): return [walk(v, f) for v in o]
    return f(o) if isinstance(o, str) else o

def titles(code):
    "The titles that some code gives its plots or its rows of frames, where they are plain strings"
    try: calls = [o for o in ast.walk(ast.parse(code)) if isinstance(o, ast.Call)]
    except SyntaxError: return
    for c in calls:
        given = [k.value for k in c.keywords if k.arg in ('title', 'titles')]
        if getattr(c.func, 'attr', '') in ('suptitle', 'set_title', 'title'): given += c.args[:1]
        for rows in (getattr(g, 'elts', [g]) for g in given):
            if all(isinstance(o, ast.Constant) for o in rows): yield from (' '.join(str(o.value).split()) for o in rows)

def describe(nb):
    "Give each cell with a picture the words of it (`fig-alt`): its titles, or else the section and the last sentence before it"
    section = said = ''
    for c in nb['cells']:
        s = src(c['source'])
        if c['cell_type'] == 'markdown':
            section = ([section]+re.findall(r'^#+ (.+?)(?: *\{.*)?$', s, re.M))[-1]
            text = re.sub(r'<[^>]+>|[`*$|]|^#+ ', '',
                re.sub(r'\[([^\]]+)\]\([^)]*\)', r'\1', s.strip().split('\n\n')[-1]), flags=re.M)
            said = re.split(r'(?<=[.:?!]) (?=[A-Z])', ' '.join(text.split()))[-1].rstrip(':') or said
        shown = [o['data'] for o in c.get('outputs', []) if any(k.startswith('image/') for k in o.get('data', {}))]
        opts, code = options(s)
        if not shown or 'fig-alt' in opts: continue
        kind = 'Plot' if '<Figure' in src(
            shown[0].get('text/plain')) else 'Rows of frames' if 'sheet' in code else 'Picture'
        words = '; '.join(dict.fromkeys(titles(code))) or (said if said == section
            else f'{section}. {said}'.lstrip('. '))
        c['source'] = f'#| fig-alt: {json.dumps(f"{kind}: {words}", ensure_ascii=False)}\n#| fig-align: left\n{s}'

SHOW = re.compile(r'^show_doc\(([\w.]+)\)', re.M)
EXPORTED = '#| code-fold: show\n#| code-summary: "Exported source"\n'  # nbdev's mark on a cell of `#| exports`
def defined(code):
    "Names of functions and classes -> names of a class's methods"
    return {showdoc_nm(o): [m.name for m in o.body if isinstance(m, ast.FunctionDef)] if isinstance(o, ast.ClassDef) else []
        for o in ast.parse(code).body if isinstance(o, (ast.FunctionDef, ast.ClassDef))}
def is_imports(code):
    try: body = ast.parse(code).body
    except SyntaxError: return False
    calls = [o for o in body if not isinstance(o, (ast.Import, ast.ImportFrom))]
    return len(calls) < len(body) and all(isinstance(o, ast.Expr) and isinstance(o.value, ast.Call) for o in calls)

def show_sources(nb):
    """Source stands where it is exported, under the names that it defines; cells that only import are folded.

    nbdev puts a signature before or after each exported cell. The source says the same and more, so of these only
    the heading stays, which links from other pages lead to, and the link to the repository."""
    cells, heads, markdown = nb['cells'], {}, lambda s: dict(cell_type='markdown', metadata={}, source=s)
    for c in cells:
        if c['cell_type'] == 'code' and (m := SHOW.search(src(c['source']))):
            text = '\n'.join(src(o.get('data', {}).get('text/markdown')) for o in c.get('outputs', []))
            link = re.search(r'\[source\]\(([^)]+)\)', text)
            heads[m[1]] = link and link[1], c
    done, res = set(), []
    for c in cells:
        code = src(c['source'])
        exported = c['cell_type'] == 'code' and code.startswith(EXPORTED)
        if exported:
            c['source'] = code = code[len(EXPORTED):]
            for n, methods in defined(code).items():
                if n not in heads: continue
                url, cell = heads[n]; done.add(id(cell))
                link = f'\n\n[source]({url}){{.source-link aria-label="{n} in the repository"}}' if url else ''
                if methods: link = (link or '\n\n')+''.join(f'<span id="{n}.{m}"></span>'.lower() for m in methods)  # links lead to methods too
                name = n.replace('_', r'\_')
                res.append(markdown(f'### {name} {{#{n.lower()} .source-name}}{link}'))
        if c['cell_type'] == 'code' and is_imports(options(code)[1]):
            c['source'] = f'#| code-fold: true\n#| code-summary: Imports{"" if exported else " of the examples"}\n{code}'; exported = False
        res += [markdown('::: {.exported}'), c, markdown(':::')] if exported else [c]
    nb['cells'] = [c for c in res if id(c) not in done]

def stage(proc, dest):
    "Copy `_proc` to `dest`, name each notebook after its `output-file`, and make links to the site relative"
    shutil.copytree(proc, dest, ignore=shutil.ignore_patterns('_docs', 'README.md'))
    base = yaml.safe_load((dest/'nbdev.yml').read_text())['website']['site-url'].rstrip('/')+'/'
    nbs, names = {}, {}
    for f in sorted(dest.rglob('*.ipynb')):
        rel = f.relative_to(dest).as_posix()
        nb = json.loads(f.read_text(encoding='utf-8')); cell, fm = frontmatter(nb)
        new = PurePosixPath(rel).with_name(PurePosixPath(fm.pop('output-file',
            f.with_suffix('.html').name)).stem+'.ipynb').as_posix()
        if new in names.values(): sys.exit(f'two notebooks make the page {new}')
        if cell: cell['source'] = f'---\n{yaml.safe_dump(fm, sort_keys=False)}---\n'
        names[rel] = new; nbs[rel] = nb; f.unlink()
    link = re.compile(r'(\]\(|href=")([^)\s"]+?\.ipynb)(?=[)#"])')
    for rel, nb in nbs.items():
        here = PurePosixPath(rel).parent; up = '../'*len(here.parts)
        def fix(s):
            s = s.replace(base, up)
            def sub(m):
                tgt = os.path.normpath(here/m[2]).replace(os.sep, '/')
                return m[1]+os.path.relpath(names[tgt], here).replace(os.sep, '/') if tgt in names else m[0]
            return link.sub(sub, s)
        show_sources(nb); describe(nb)
        for c in nb['cells']:
            if c['cell_type'] != 'code': c['source'] = fix(src(c['source']))
            for o in c.get('outputs', []):
                for k in ('text/markdown', 'text/html'):
                    if k in o.get('data', {}): o['data'][k] = fix(src(o['data'][k]))
        (dest/names[rel]).write_text(json.dumps(nb, ensure_ascii=False, indent=1), encoding='utf-8')
    for f in dest.glob('*.yml'):
        d = walk(yaml.safe_load(f.read_text()) or {}, lambda s: names.get(s, s))
        f.write_text(yaml.safe_dump(d, sort_keys=False))
    return names

def npm_package(name, folder):
    "The files of a package of npm, unpacked in `folder`, or None where npm or the package cannot be had"
    if not shutil.which('npm'): return
    r = subprocess.run(['npm', 'pack', '--silent', name], cwd=folder, capture_output=True, text=True)
    if r.returncode: return
    shutil.unpack_archive(next(Path(folder).glob('*.tgz')), folder)
    return Path(folder)/'package'

KATEX = 'https://cdn.jsdelivr.net/npm/katex@0.16.11/dist'
def vendor_katex(out):
    "Copy KaTeX from npm's package into the site, so that its pages need no network"
    pages = [o for o in out.rglob('*.html') if KATEX in o.read_text(encoding='utf-8')]
    if not pages: return
    with tempfile.TemporaryDirectory() as t:
        package = npm_package('katex@0.16.11', t)
        if not package: print('KaTeX stays on its CDN: npm or its package cannot be had'); return
        d = out/'site_libs'/'katex'; (d/'contrib').mkdir(parents=True, exist_ok=True)
        for f in ('katex.min.css', 'katex.min.js', 'contrib/auto-render.min.js'): shutil.copy(package/'dist'/f, d/f)
        shutil.copytree(package/'dist/fonts', d/'fonts', dirs_exist_ok=True)
    for p in pages:
        up = '../'*len(p.relative_to(out).parent.parts)
        p.write_text(p.read_text(encoding='utf-8').replace(KATEX, up+'site_libs/katex'), encoding='utf-8')

def vendor_live(out):
    "Beside the scripts of the page that samples: its networks, as osnb-export writes them, and npm's onnxruntime-web"
    from opensora_nb.toy.export import main as export
    d = out/'assets'/'live'
    with tempfile.TemporaryDirectory() as t:
        package = npm_package('onnxruntime-web@1.30.0', t)
        if not package or export(['--out', str(d)]): print('the page that samples has no networks'); return
        shutil.copy(package/'dist'/'ort.wasm.bundle.min.mjs', d)
        packed = gzip.compress((package/'dist'/'ort-wasm-simd-threaded.wasm').read_bytes(), mtime=0)
        (d/'ort-wasm-simd-threaded.wasm.gz').write_bytes(packed)

def better_search(out, proc):
    "Rank what search finds by title, description and heading first: see search.js"
    shutil.copy(Path(__file__).with_name('search.js'), out/'site_libs'/'fuse'/'fuse.min.js')
    described = {page_of(o.relative_to(proc)): frontmatter(json.loads(o.read_text(encoding='utf-8')))[1].get('description', '')
        for o in proc.rglob('*.ipynb')}
    index = json.loads((out/'search.json').read_text(encoding='utf-8'))
    for o in index: o['text'] = f"{described.get(o['href'], '')} {o['text']}".strip()
    (out/'search.json').write_text(json.dumps(index, ensure_ascii=False), encoding='utf-8')

def site(proc):
    "Build `_proc` into `_proc/<output-dir>`"
    out = yaml.safe_load((proc/'nbdev.yml').read_text())['project']['output-dir']
    with tempfile.TemporaryDirectory() as t:
        d = Path(t)/'site'; names = stage(proc, d)
        subprocess.run([str(Path(sys.executable).with_name('smalldocs')), 'render', str(d)], check=True)
        missing = [o for o in names.values() if not (d/out/o).with_suffix('.html').exists()]
        if missing: sys.exit(f'pages not built: {missing}')
        vendor_katex(d/out); vendor_live(d/out); better_search(d/out, proc)
        # the theme asks Google for a font; without it pages need no network
        for f in (d/out/'site_libs'/'themes').glob('*.css'):
            f.write_text(re.sub(r'@import url\([^)]*googleapis[^)]*\);', '', f.read_text(encoding='utf-8')),
                encoding='utf-8')
        shutil.rmtree(proc/out, ignore_errors=True); shutil.copytree(d/out, proc/out)

if __name__ == '__main__':
    a = sys.argv[1:]; proc = Path.cwd()
    if a[:1] != ['render']: sys.exit(f'only `quarto render` is done here, not: {a}')
    if '-o' in a:
        out = proc/yaml.safe_load((proc/'nbdev.yml').read_text())['project']['output-dir']; out.mkdir(exist_ok=True)
        readme(Path(a[1]), out/a[a.index('-o')+1])
    else: site(proc)
