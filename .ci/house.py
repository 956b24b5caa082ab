"""Rules of the house that need no notebook run: layout, map, imports, requirements, words that must not be stored."""
import ast, io, json, re, subprocess, sys, tempfile, tokenize
from collections import Counter
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path
import yaml

ROOT = Path(__file__).resolve().parent.parent
CFG = ConfigParser(delimiters=['='])
CFG.read(ROOT/'settings.ini', encoding='utf-8')
CFG = CFG['DEFAULT']
LIB, NBS = CFG['lib_path'], ROOT/CFG['nbs_path']
OPTIONAL = {'flash_attn', 'apex', 'colossalai', 'peft', 'tensorboard', 'wandb'}  # probed at run time, never required
HEAVY = {'diffusers', 'transformers', 'av', 'pyarrow'} | OPTIONAL        # imported only inside what needs them
# requirement -> why it is one although no module imports it
INDIRECT = {'sentencepiece': 'transformers reads the tokenizer of the released T5 with it', 'protobuf': 'the same'}

def notebooks():
    return sorted(o for o in NBS.rglob('*.ipynb') if not any(p[0] in '._' for p in o.relative_to(NBS).parts))
def cells(fn): return json.loads(fn.read_text(encoding='utf-8'))['cells']
def source(cell): return ''.join(cell['source'])
def modules(): return sorted(o for o in (ROOT/LIB).glob('*.py') if o.stem[0] != '_')
def home():
    "module -> its notebook"
    res = {}
    for fn in notebooks():
        for c in cells(fn):
            for m in re.findall(r'^#\|\s*default_exp\s+(\S+)', source(c), re.M): res[m] = fn
    return res

def imports(code):
    "Absolute imports of some code, those inside functions too: (module, names)"
    for o in ast.walk(ast.parse(code)):
        if isinstance(o, ast.Import): yield from ((a.name, ()) for a in o.names)
        if isinstance(o, ast.ImportFrom) and not o.level: yield o.module, [a.name for a in o.names]

def python(source):
    "The Python of a cell: without magics and shell lines"
    return '\n'.join('' if l.lstrip()[:1] in ('%', '!') else l for l in source.splitlines())

# ------------------------------------------------------------------ checks: each yields what is wrong
def quarto_yml_is_a_link():
    "nbdev writes its own default when nbs/_quarto.yml is missing, and a copied link becomes a file that no site builds from"
    o = NBS/'_quarto.yml'
    if not o.is_symlink() or o.resolve() != ROOT/'_quarto.yml':
        yield 'nbs/_quarto.yml must be a symbolic link to ../_quarto.yml'

def every_notebook_is_on_the_map():
    "Sidebar and README name each notebook, and no more"
    def leaves(o):
        return sum((leaves(i.get('contents', [i.get('href')]) if isinstance(i, dict) else i) for i in o),
            []) if isinstance(o, list) else [o]
    side = leaves(yaml.safe_load((NBS/'sidebar.yml').read_text(encoding='utf-8'))['website']['sidebar']['contents'])
    have = [o.relative_to(NBS).as_posix() for o in notebooks()]
    if side != sorted(side, key=lambda o: (o != 'index.ipynb', o)): yield f'sidebar.yml is out of order: {side}'
    if set(side) != set(have): yield f'sidebar.yml and nbs/ differ in {sorted(set(side) ^ set(have))}'
    links = set(re.findall(r'\]\((\w+\.ipynb)\)',
        '\n'.join(source(c) for c in cells(NBS/CFG['readme_nb']) if c['cell_type'] == 'markdown')))
    missing = sorted(set(have)-links-{CFG['readme_nb']})
    if missing: yield f'the map in {CFG["readme_nb"]} lacks {missing}'

def every_module_has_a_notebook():
    own, there = set(home()), {o.stem for o in modules()}
    if own != there: yield f'modules and notebooks differ in {sorted(own ^ there)}'

def notebooks_import_downwards():
    "By name, and only from notebooks with a lower number"
    number = {m: fn.stem.split('_')[0] for m, fn in home().items()}
    for fn in notebooks():
        me = fn.stem.split('_')[0]
        for c in cells(fn):
            if c['cell_type'] != 'code' or source(c).startswith('%%'): continue
            for name, names in imports(python(source(c))):
                if name.split('.')[0] != LIB: continue
                if '*' in names: yield f'{fn.name}: star import of {name}'
                for m in [name.split('.')[1]] if '.' in name else names:
                    if m in number and me[0].isdigit() and number[m] >= me:
                        yield f'{fn.name} imports {m}, which is made in {home()[m].name}'

def requirements_are_what_the_package_imports():
    norm = lambda o: re.sub(r'[-_.]+', '-', o).lower()
    asked = {norm(re.match(r'[\w.-]+', l.strip())[0]) for l in CFG['requirements'].splitlines() if l.strip()}
    dists, used = packages_distributions(), set()
    for fn in modules():
        for name, _ in imports(fn.read_text(encoding='utf-8')):
            top = name.split('.')[0]
            if top in sys.stdlib_module_names or top == LIB or top in OPTIONAL: continue
            d = {norm(o) for o in dists.get(top, [])} or {norm(top)}
            used |= d & asked
            if not d & asked: yield f'{fn.name} imports {top}, which settings.ini does not require'
    spare = asked-used-INDIRECT.keys()
    if spare: yield f'settings.ini requires {sorted(spare)}, which nothing imports'

ALONE = """
import importlib, os, sys, torch
def touched(*a, **k): raise RuntimeError('the import touches CUDA')
for o in ('_lazy_init', 'init', 'is_available', 'device_count', 'current_device', 'get_device_name'): setattr(torch.cuda, o, touched)
for name in sys.argv[1:]:
    pid = os.fork()  # torch is imported once for all; of the package, each child knows nothing
    if pid: os.waitpid(pid, 0); continue
    try:
        m = importlib.import_module(f'{0}.{{name}}')
        assert m.__file__.startswith({1!r}), m.__file__
        heavy = {2!r} & sys.modules.keys()
        assert not heavy, f'the import brings in {{sorted(heavy)}}: import them inside what needs them'
        print(name, flush=True)
    except BaseException as e: print(f'{{name}}.py: {{type(e).__name__}}: {{e}}'.splitlines()[0], flush=True)
    os._exit(0)
"""
def modules_import_alone():
    "Each in a process of its own, without touching CUDA (that breaks forked workers) and without heavy packages"
    names = [o.stem for o in modules()]
    r = subprocess.run([sys.executable, '-c', ALONE.format(LIB, str(ROOT/LIB), HEAVY), *names], capture_output=True,
        text=True)
    said = r.stdout.splitlines()
    yield from (o for o in said if o not in names)
    if len(said) != len(names): yield f'{len(names)-len(said)} modules ended without a word: {r.stderr.strip()[-300:]}'

def titles_stand_alone():
    "nbdev makes the page's head of the first `# ` cell and its `> ` line; whatever else that cell holds is on no page"
    for fn in notebooks():
        text = next((source(c) for c in cells(fn) if c['cell_type'] == 'markdown'), '')
        if not re.fullmatch(r'# [^\n]+\n(\n*> [^\n]+\n?)', text.strip('\n')+'\n'):
            yield f'{fn.name}: the first text cell must be a `# ` line and a `> ` line, the introduction a cell of its own'

def no_undefined_or_unused_names():
    "In modules and scripts, and in each notebook as a whole"
    with tempfile.TemporaryDirectory() as d:
        for fn in notebooks():
            (Path(d)/f'{fn.stem}.py').write_text('\n'.join(python(source(c))
                for c in cells(fn) if c['cell_type'] == 'code')+'\n', encoding='utf-8')
        r = subprocess.run([sys.executable, '-m', 'pyflakes', d, *map(str, modules()),
            *map(str, (ROOT/'.ci').glob('*.py')), str(ROOT/'setup.py')], capture_output=True, text=True)
    yield from (r.stdout+r.stderr).splitlines()

def lines_are_short():
    "At most 120 columns; longer only by one string or by a comment, which cannot be broken without harm"
    for fn in notebooks():
        for i, c in enumerate(cells(fn)):
            rows = python(source(c)).splitlines()
            if c['cell_type'] != 'code' or max(map(len, rows), default=0) <= 120: continue
            whole, begun = {}, 0  # row -> longest string or comment in it
            for t in tokenize.generate_tokens(io.StringIO('\n'.join(rows)+'\n').readline):
                name = tokenize.tok_name[t.type]
                if name == 'FSTRING_START': begun = t.start
                if name not in ('STRING', 'FSTRING_END', 'COMMENT'): continue
                (row, column), (last, end) = begun if name == 'FSTRING_END' else t.start, t.end
                for o in range(row, last+1): whole[o] = max(whole.get(o, 0), end-column if row == last else 1000)
            for o, line in enumerate(rows, 1):
                if len(line) > 120 and len(line)-whole.get(o, 0) > 100:
                    yield f'{fn.name}, cell {i}: {len(line)} columns: {line.strip()[:60]} …'

def definitions_are_used_and_documented():
    "Each function, class and constant of a module occurs somewhere beside its definition; each public one says what it is"
    words = re.findall(r'\w+',
        '\n'.join(source(c) for fn in notebooks() for c in cells(fn) if c['cell_type'] == 'code'))
    count = Counter(words)
    for fn in modules():
        for o in ast.parse(fn.read_text(encoding='utf-8')).body:
            defined = isinstance(o, (ast.FunctionDef, ast.ClassDef))
            names = [o.name] if defined else [t.id for t in o.targets if isinstance(t, ast.Name)] if isinstance(o,
                ast.Assign) else []
            yield from (f'{fn.name}: {n} is used nowhere' for n in names if count[n] < 2
                and n not in ('main', '__all__'))
            if defined and o.name[0] != '_' and not ast.get_docstring(o): yield f'{fn.name}: {o.name} has no docstring'

def files_are_small():
    "What is tracked by mistake is often large: a wheel, a cache, weights"
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, capture_output=True, text=True).stdout.split('\0')
    yield from (f'{o} has {(ROOT/o).stat().st_size/2**20:.0f} MiB' for o in listed if (ROOT/o).is_file()
        and (ROOT/o).stat().st_size > 12*2**20)

def stored_outputs_are_clean():
    "No errors, no warnings, no machine's paths or addresses"
    bad = re.compile(r'/(?:tmp|home|root|work|Users|usr)/|site-packages|\b0x[0-9a-f]{6,}')
    for fn in notebooks():
        for c in cells(fn):
            for o in c.get('outputs', []):
                text = re.sub(r'base64,[\w+/=]+', '',
                    json.dumps({k: v for k, v in o.get('data', o).items() if not k.startswith('image/png')}))
                if o['output_type'] == 'error' or o.get('name') == 'stderr':
                    yield f'{fn.name}, cell {c["id"]}: stored {o.get("ename", "stderr")}'
                elif m := bad.search(text): yield f'{fn.name}, cell {c["id"]}: stored output holds {m[0]!r}'

def notebooks_store_pictures():
    "At least one each: an image, or a picture or video in an HTML output; in text, a picture that is linked"
    for fn in notebooks():
        outs = [o.get('data', {}) for c in cells(fn) for o in c.get('outputs', [])]
        text = '\n'.join(source(c) for c in cells(fn) if c['cell_type'] == 'markdown')
        if re.search(r'!\[[^\]]*\]\(', text) or any(k.startswith(('image/', 'video/')) for d in outs for k in d):
            continue
        if not any(re.search(r'<(?:img|svg|video)\b', ''.join(d.get('text/html', ''))) for d in outs):
            yield f'{fn.name} stores no picture: draw what a reader asks there'

CHECKS = [quarto_yml_is_a_link, every_notebook_is_on_the_map, titles_stand_alone, every_module_has_a_notebook,
    notebooks_import_downwards,
          requirements_are_what_the_package_imports, modules_import_alone, no_undefined_or_unused_names,
          lines_are_short, definitions_are_used_and_documented, files_are_small, stored_outputs_are_clean,
          notebooks_store_pictures]
if __name__ == '__main__':
    failed = 0
    for f in CHECKS:
        wrong = list(f()); failed += bool(wrong)
        print(f'{"FAIL" if wrong else "ok  "} {f.__name__.replace("_", " ")}', *wrong, sep='\n  ')
    print(f'house: {len(CHECKS)-failed} passed, {failed} failed')
    sys.exit(failed > 0)
