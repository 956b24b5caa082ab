"""Rules that need no notebook run. Ruff, import-linter and deptry judge code, the functions below what only this project knows."""
import ast, json, re, subprocess, sys, tempfile
from collections import Counter
from configparser import ConfigParser
from pathlib import Path
import yaml

ROOT = Path(__file__).resolve().parent.parent
CFG = ConfigParser(delimiters=['='])
CFG.read(ROOT/'settings.ini', encoding='utf-8')
CFG = CFG['DEFAULT']
LIB, NBS = CFG['lib_path'], ROOT/CFG['nbs_path']
HEAVY = {'diffusers', 'transformers', 'av', 'pyarrow', 'flash_attn', 'apex', 'colossalai', 'peft', 'tensorboard', 'torchao', 'wandb', 'gradio'}  # imported only inside what needs them
APART = {'inference.diffusers_pipeline'}  # made of such packages, and imported by no other module

def notebooks(): return sorted(o for o in NBS.rglob('*.ipynb') if not any(p[0] in '._' for p in o.relative_to(NBS).parts))
def name(fn): return fn.relative_to(NBS).as_posix()
def cells(fn, kind=None):
    return [c for c in json.loads(fn.read_text(encoding='utf-8'))['cells'] if kind in (None, c['cell_type'])]
def source(cell): return ''.join(cell['source'])
def modules():
    "dotted name below the package -> file"
    files = (o for o in (ROOT/LIB).rglob('*.py') if not o.stem.startswith('_') and 'configs' not in o.parts)
    return {'.'.join(o.relative_to(ROOT/LIB).with_suffix('').parts): o for o in sorted(files)}
def run(tool, *options):
    "The lines that a tool prints when it finds something"
    r = subprocess.run([Path(sys.executable).with_name(tool), *options], cwd=ROOT, capture_output=True, text=True)
    return [o for o in (r.stdout+r.stderr).splitlines() if o.strip()] if r.returncode else []

# ------------------------------------------------------------------ checks: each yields what is wrong
def names_are_defined_and_used(): yield from run('ruff', 'check', '--config=.ci/ruff.toml', '--no-cache', '--quiet', '--output-format=concise', '.')
def imports_run_downwards(): yield from (o for o in run('lint-imports', '.ci/importlinter.ini', '--no-cache') if o.startswith(('- ', LIB, 'Could')))

def requirements_are_what_the_package_imports():
    with tempfile.TemporaryDirectory() as d:
        (Path(d)/'requirements.txt').write_text(CFG['requirements'])
        yield from run('deptry', LIB, '--config=.ci/deptry.toml', '--no-ansi', f'--requirements-files={d}/requirements.txt')

def quarto_yml_is_a_link():
    "nbdev writes its own default when nbs/_quarto.yml is missing, and a copied link becomes a file that no site builds from"
    o = NBS/'_quarto.yml'
    if not o.is_symlink() or o.resolve() != ROOT/'_quarto.yml': yield 'nbs/_quarto.yml must be a symbolic link to ../_quarto.yml'

def sidebar():
    "Pages in reading order"
    def leaves(o): return sum((leaves(i.get('contents', [i.get('href')]) if isinstance(i, dict) else i) for i in o), []) if isinstance(o, list) else [o]
    return leaves(yaml.safe_load((NBS/'sidebar.yml').read_text(encoding='utf-8'))['website']['sidebar']['contents'])

def sidebar_names_every_notebook():
    "Once each; those of a chapter together and by their numbers"
    side, have = sidebar(), [name(o) for o in notebooks()]
    if sorted(side) != have: yield f'sidebar.yml and nbs/ differ in {sorted(set(side) ^ set(have)) or [o for o, n in Counter(side).items() if n > 1]}'
    for folder in {o.rpartition('/')[0] for o in side} - {''}:
        at = [i for i, o in enumerate(side) if o.startswith(folder+'/')]
        own = [side[i] for i in at if side[i].rpartition('/')[2][:1].isdigit()]
        if at != list(range(at[0], at[0]+len(at))) or own != sorted(own): yield f'sidebar.yml: {folder} is out of order'

def every_module_has_a_notebook():
    made = re.findall(r'^#\|\s*default_exp\s+(\S+)', '\n'.join(source(c) for fn in notebooks() for c in cells(fn, 'code')), re.M)
    if sorted(made) != sorted(modules()): yield f'modules and notebooks differ in {sorted(set(made) ^ set(modules()))}'

def mentions_are_links():
    "A page that is named in prose by its file can be opened from there"
    for fn in notebooks():
        for c in cells(fn, 'markdown'):
            prose = re.sub(r'```.*?```|!?\[[^\]]*\]\([^)]*\)', '', source(c), flags=re.S)
            yield from (f'{name(fn)}: {m} is not a link' for m in re.findall(r'(?<![\w/])\d\d[a-z]{0,2}_[a-z]\w+', prose))

def titles_stand_alone():
    "nbdev makes the page's head of the first `# ` cell and its `> ` line; whatever else that cell holds is on no page"
    for fn in notebooks():
        text = next((source(c) for c in cells(fn, 'markdown')), '')
        if not re.fullmatch(r'# [^\n]+\n(\n*> [^\n]+\n?)', text.strip('\n')+'\n'):
            yield f'{name(fn)}: the first text cell must be a `# ` line and a `> ` line, the introduction a cell of its own'

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
        heavy = set() if name in {3!r} else {2!r} & sys.modules.keys()
        assert not heavy, f'the import brings in {{sorted(heavy)}}: import them inside what needs them'
        print(name, flush=True)
    except BaseException as e: print(f'{{name}}: {{type(e).__name__}}: {{e}}'.splitlines()[0], flush=True)
    os._exit(0)
"""
def modules_import_alone():
    "Each in a process of its own, without touching CUDA (that breaks forked workers) and without heavy packages"
    names = [*modules()]
    r = subprocess.run([sys.executable, '-c', ALONE.format(LIB, str(ROOT/LIB), HEAVY, APART), *names], capture_output=True, text=True)
    said = r.stdout.splitlines()
    yield from (o for o in said if o not in names)
    if len(said) != len(names): yield f'{len(names)-len(said)} modules ended without a word: {r.stderr.strip()[-300:]}'
    r = subprocess.run([sys.executable, '-c', f'import {LIB}, sys; print("torch" in sys.modules)'], cwd=ROOT, capture_output=True, text=True)
    if r.stdout.strip() != 'False': yield f'importing {LIB} alone imports torch: {r.stderr.strip()[-300:]}'

def definitions_are_used():
    "Each function, class and constant of a module occurs somewhere beside its definition; a decorator may have put it into a table"
    count = Counter(re.findall(r'\w+', '\n'.join(source(c) for fn in notebooks() for c in cells(fn, 'code'))))
    for m, fn in modules().items():
        for o in ast.parse(fn.read_text(encoding='utf-8')).body:
            if isinstance(o, ast.FunctionDef) and o.decorator_list: continue
            names = [o.name] if isinstance(o, (ast.FunctionDef, ast.ClassDef)) else [t.id for t in getattr(o, 'targets', []) if isinstance(t, ast.Name)]
            yield from (f'{m}: {n} is used nowhere' for n in names if count[n] < 2 and n not in ('main', '__all__'))

def files_are_small():
    "What is tracked by mistake is often large: a wheel, a cache, weights"
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, capture_output=True, text=True).stdout.split('\0')
    large = {o: (ROOT/o).stat().st_size/2**20 for o in listed if (ROOT/o).is_file()}
    yield from (f'{o} has {size:.0f} MiB' for o, size in large.items() if size > 12)

def stored_outputs_are_clean():
    "No errors, no warnings, no machine's paths or addresses"
    bad = re.compile(r'/(?:tmp|home|root|work|Users|usr)/|site-packages|\b0x[0-9a-f]{6,}')
    for fn in notebooks():
        for c in cells(fn, 'code'):
            for o in c['outputs']:
                text = re.sub(r'base64,[\w+/=]+', '', json.dumps({k: v for k, v in o.get('data', o).items() if not k.startswith('image/png')}))
                if o['output_type'] == 'error' or o.get('name') == 'stderr': yield f'{name(fn)}, cell {c["id"]}: stored {o.get("ename", "stderr")}'
                elif m := bad.search(text): yield f'{name(fn)}, cell {c["id"]}: stored output holds {m[0]!r}'

CHECKS = [names_are_defined_and_used, imports_run_downwards, requirements_are_what_the_package_imports, quarto_yml_is_a_link, sidebar_names_every_notebook,
    every_module_has_a_notebook, mentions_are_links, titles_stand_alone, modules_import_alone, definitions_are_used, files_are_small, stored_outputs_are_clean]
if __name__ == '__main__':
    failed = 0
    for f in CHECKS:
        wrong = list(dict.fromkeys(f())); failed += bool(wrong)
        print(f'{"FAIL" if wrong else "ok  "} {f.__name__.replace("_", " ")}', *wrong[:40], *[f'and {len(wrong)-40} more'][:len(wrong) > 40], sep='\n  ')
    print(f'house: {len(CHECKS)-failed} passed, {failed} failed')
    sys.exit(failed > 0)
