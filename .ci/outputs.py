"""Run notebooks in fresh kernels and store their outputs, or --check that the stored ones are what a fresh run makes.

`python .ci/outputs.py nbs/2_data/02_buckets.ipynb` stores. With --check nothing is written; with --package the exported cells are
replaced by the exported module, so that the run also tests what users install; --cover then measures its coverage."""
import argparse, math, os, re, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import nbformat
from execnb.nbio import dict2nb, write_nb
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbdev.clean import clean_nb
from nbdev.config import get_config
from nbdev.doclinks import nbglob
from kernels import ready_kernels

EXPORTS = {'export', 'exports', 'exporti'}

def directives(source):
    "The `#| key value` lines that open a cell, as a dict"
    res = {}
    for line in filter(str.strip, source.splitlines()):
        m = re.match(r'\s*#\s*\|\s*([\w-]+)\s*:?\s*(.*?)\s*$', line)
        if not m: break
        res[m[1]] = m[2]
    return res

def skipped(cell, flags):
    "Cells that nbdev_test would skip too"
    d = directives(cell.source)
    return d.get('eval', '').lower() == 'false' or bool(flags & d.keys()) or 'nbdev_export(' in cell.source

class Client(NotebookClient):
    skip_flags = set()
    async def async_execute_cell(self, cell, cell_index, **kwargs):
        if cell.cell_type == 'code' and skipped(cell, self.skip_flags): return cell
        return await super().async_execute_cell(cell, cell_index, **kwargs)

# ------------------------------------------------------------------ the exported package in place of the exported cells
USE = "import {0} as _m; globals().update({{k:v for k,v in vars(_m).items() if not (k.startswith('__') and k.endswith('__'))}}); del _m"
START = "import coverage as _c; _cov = _c.Coverage(data_file={0!r}, data_suffix=True, source=[{1!r}]); _cov.start()"
STOP = "_cov.stop(); _cov.save()"

def use_package(nb, lib):
    "Replace each exported cell by the names of the module it is exported to"
    module = None
    for c in nb.cells:
        if c.cell_type != 'code': continue
        d = directives(c.source)
        module = d.get('default_exp', module)
        for k in EXPORTS & d.keys(): c.source = USE.format(f'{lib}.{d[k].split()[0] if d[k] else module}')

# ------------------------------------------------------------------ comparing
# Text is compared word by word and numbers with room for another processor: its vector units add in another order, so the last
# digits of a float differ. Whole numbers (shapes, counts) must agree; decimals may differ by 1 %, by one unit of the last digit
# shown, or by 1e-5. Pictures are only compared by presence, as their bytes depend on the fonts and libraries of the machine.
NUMBER = re.compile(r'(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eE][-+]\d+)?') # an exponent has its sign: 6e08284 is a commit
def unit(s):
    "One unit of the last digit of a number as it is written"
    mantissa, _, exponent = s.lower().partition('e')
    return 10.0**(int(exponent or 0)-len(mantissa.partition('.')[2])) if '.' in mantissa[:-1] or exponent else 0.0

def same_number(a, b):
    if not re.search(r'[.eE]', a+b): return int(a) == int(b)
    x, y = float(a), float(b)
    return math.isclose(x, y, rel_tol=1e-2, abs_tol=1e-5 + 1.001*max(unit(a), unit(b)))

def same_text(a, b):
    "Do two outputs say the same, but for the last digits of decimals?"
    def frame(s): return re.sub(r'\s+', ' ', NUMBER.sub(' # ', s)).strip()
    return frame(a) == frame(b) and all(map(same_number, NUMBER.findall(a), NUMBER.findall(b)))

def joined(x): return x if isinstance(x, str) else ''.join(x or [])
def plain(text): return re.sub(r'\b(__main__|opensora_nb(?:\.[a-z]\w*){1,2})\.', '', re.sub(r'base64,[\w+/=]+', 'base64,', text))
def parts(cell):
    "The outputs of a cell as pairs (what it is, text to compare)"
    res = []
    for o in cell.get('outputs', []):
        if o['output_type'] == 'stream':
            if res and res[-1][0] == o['name']: res[-1] = (o['name'], res[-1][1]+joined(o['text']))
            else: res.append((o['name'], joined(o['text'])))
        elif o['output_type'] == 'error': res.append(('error', o['ename']))
        else:
            kinds = sorted(o['data']); picture = any(k.startswith(('image/', 'video/')) for k in kinds)
            res.append((' '.join(kinds),
                '' if picture else '\n'.join(joined(o['data'][k]) for k in kinds if k.startswith('text/'))))
    return [(k, plain(t)) for k, t in res]

def same(a, b): return [k for k, _ in a] == [k for k, _ in b] and all(same_text(x, y) for (_, x), (_, y) in zip(a, b))

# ------------------------------------------------------------------ running
def tidy(nb): clean_nb(nb, clean_ids=True, allowed_cell_metadata_keys=get_config().allowed_cell_metadata_keys.split())

def run(fn, a):
    "Run notebook `fn`; the seconds it took and what is wrong with it"
    start, lib = time.time(), get_config().lib_path.name
    nb, stored = nbformat.read(fn, as_version=4), nbformat.read(fn, as_version=4)
    if a.package: use_package(nb, lib)
    if a.cover:
        extra = [nbformat.v4.new_code_cell(s) for s in (START.format(str(Path(a.cover).resolve()), lib), STOP)]
        nb.cells = [extra[0], *nb.cells, extra[1]]
    as_read = nb
    for attempt in (1, 2):
        nb = nbformat.from_dict(as_read)  # a copy
        client = Client(nb, timeout=a.timeout, kernel_name='python3', extra_arguments=['--log-level=ERROR'],
                        resources={'metadata': {'path': str(fn.parent)}}, record_timing=False)
        client.skip_flags = set(get_config().tst_flags.split()) - set(a.flags.split())
        try: client.execute(); break
        except DeadKernelError as e:
            if attempt == 2: return time.time()-start, [str(e)]
            print(f'{fn.name}: its kernel died; the page runs once more', flush=True)
        except (CellExecutionError, CellTimeoutError) as e:
            return time.time()-start, [re.sub(r'\x1b\[[\d;]*m', '', str(e))[-1500:]]
    if a.cover: nb.cells = nb.cells[1:-1]
    tidy(nb)
    if not a.check:
        write_nb(dict2nb(nb), fn)
        return time.time()-start, []
    bad = []
    for old, new in zip(stored.cells, nb.cells):
        if old.cell_type != 'code' or 'nondet' in directives(old.source) or skipped(old, client.skip_flags): continue
        x, y = parts(old), parts(new)
        if not same(x, y): bad.append(f'cell {old.id}:\n   stored {str(x)[:1500]}\n   fresh  {str(y)[:1500]}')
    return time.time()-start, bad

def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('paths', nargs='*', help='notebooks; all when none is named')
    p.add_argument('--check', action='store_true', help='compare instead of storing')
    p.add_argument('--package', action='store_true', help='run the exported package in place of the exported cells')
    p.add_argument('--cover', help='measure coverage of the package into files of this name')
    p.add_argument('--times', help='file with the lines of `nbdev_test --timing`: long notebooks run first')
    p.add_argument('--flags', default='', help='also run cells with these flags (see tst_flags in settings.ini)')
    p.add_argument('--workers', type=int, default=2)
    p.add_argument('--timeout', type=int, default=600, help='seconds for one cell')
    a = p.parse_args()
    if a.package and not a.check: p.error('--package needs --check: stored outputs come from the cells of the notebook')
    files = [Path(o).resolve() for o in a.paths] or [o.resolve() for o in sorted(nbglob(as_path=True))]
    if a.times: # so that none of the long ones is left for the end
        took = {n: int(s) for n, s in re.findall(r'^(\S+\.ipynb): (\d+) secs', Path(a.times).read_text(), re.M)}
        files.sort(key=lambda fn: -took.get(fn.name, 0))
    os.environ['IN_TEST'] = '1'
    os.environ['TQDM_DISABLE'] = '1'  # bars hold times, which no two runs share
    # the order of sums, and so the last digits, depends on the number of threads
    os.environ.setdefault('OMP_NUM_THREADS', '1')
    failed = 0
    with ready_kernels(), ThreadPoolExecutor(a.workers) as pool:
        for fn, (seconds, bad) in zip(files, pool.map(lambda f: run(f, a), files)):
            failed += bool(bad)
            print(f'{"FAIL" if bad else "ok  "} {seconds:6.1f}s {fn.relative_to(get_config().nbs_path)}', *bad, sep='\n  ', flush=True)
    print(f'outputs: {len(files)-failed} passed, {failed} failed')
    sys.exit(failed > 0)

if __name__ == '__main__': main()
