"""Packaging: every value comes from settings.ini, the file that nbdev reads too."""
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup
from setuptools.command.sdist import sdist

here = Path(__file__).parent
cp = ConfigParser(delimiters=['='])
cp.read(here/'settings.ini', encoding='utf-8')
cfg = cp['DEFAULT']

def lines(key): return [o.strip() for o in cfg[key].splitlines() if o.strip()]

class Sdist(sdist):
    "Source distribution with settings.ini, which this file reads"
    def make_release_tree(self, base_dir, files): super().make_release_tree(base_dir, [*files, 'settings.ini'])

readme = here/'README.md'
extras = {k.removesuffix('_requirements'): lines(k) for k in cfg if k.endswith('_requirements')}
setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=readme.read_text(encoding='utf-8') if readme.exists() else '',
    long_description_content_type='text/markdown',
    author=cfg['author'],
    author_email=cfg['author_email'],
    url=cfg['git_url'],
    license={'apache2': 'Apache-2.0', 'mit': 'MIT'}[cfg['license']],
    license_files=['LICENSE', 'NOTICE'],
    keywords=cfg['keywords'].split(),
    classifiers=['Programming Language :: Python :: 3', 'Intended Audience :: '+cfg['audience']],
    python_requires=f">={cfg['min_python']}",
    packages=find_packages(include=[cfg['lib_path'], f"{cfg['lib_path']}.*"], exclude=[f"{cfg['lib_path']}.configs*"]),  # configs are data
    package_data={cfg['lib_path']: ['configs/**/*.py', 'weights/**/*', 'py.typed']},
    exclude_package_data={cfg['lib_path']: ['configs/__init__.py', 'configs/**/__init__.py']},  # made by nbdev_export, read by nothing
    include_package_data=False,
    install_requires=lines('requirements'),
    extras_require=extras,
    entry_points={
        'console_scripts': lines('console_scripts'),
        'nbdev': [f"{cfg['lib_path']}={cfg['lib_path']}._modidx:d"],
    },
    cmdclass={'sdist': Sdist},
    zip_safe=False,
)
