"""The wheel that the source distribution builds holds every file of the package that git has, and no other."""
import subprocess, sys, tempfile, zipfile
from configparser import ConfigParser
from pathlib import Path

cfg = ConfigParser(delimiters=['='])
cfg.read('settings.ini', encoding='utf-8')
lib = cfg['DEFAULT']['lib_path']
git = ['git', 'ls-files', '--cached', '--others', '--exclude-standard', lib]
want = {o for o in subprocess.run(git, capture_output=True, text=True, check=True).stdout.split('\n') if o
    and Path(o).exists()}
with tempfile.TemporaryDirectory() as t:
    r = subprocess.run([sys.executable, '-m', 'build', '--outdir', t, '.'], capture_output=True, text=True)
    if r.returncode: sys.exit(r.stdout[-2000:]+r.stderr[-2000:])
    wheel, = Path(t).glob('*.whl')
    names = set(zipfile.ZipFile(wheel).namelist())
have = {o for o in names if o.startswith(f'{lib}/')}
wrong = [f'not in the wheel: {o}' for o in sorted(want-have)]+[f'only in the wheel: {o}' for o in sorted(have-want)]
wrong += [f'not in the wheel: {f}' for f in ('LICENSE', 'NOTICE') if not any(o.endswith(f'/{f}') for o in names)]
wrong += [f'no {kind} in {lib}/{folder}' for folder, kind in (('configs', '.py'), ('weights', '.safetensors'))
          if not any(o.startswith(f'{lib}/{folder}/') and o.endswith(kind) for o in have)]
print(*wrong, f'{wheel.name}: {len(have)} files of {lib}, {len(wrong)} wrong', sep='\n')
sys.exit(bool(wrong))
