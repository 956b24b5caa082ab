"""Kernels that start at once: a process imports the slow libraries one time and is forked for each notebook.

`with ready_kernels(): ...` makes them the kernel `python3` of everything that is started inside."""
import contextlib, json, os, select, signal, socket, subprocess, sys, tempfile, time
from pathlib import Path

# not pandas, which looks at its import for the notebook that it is in
SLOW = ('torch', 'torch.distributed.fsdp', 'matplotlib.pyplot', 'transformers.models.t5', 'diffusers.models',
    'ipykernel.kernelapp')

def serve(where):
    "Fork a kernel for each connection, end it with its connection, and send its exit status when it ends by itself"
    import importlib
    # read when the modules are imported
    os.environ.update(MPLBACKEND='module://matplotlib_inline.backend_inline', JPY_PARENT_PID=str(os.getpid()))
    for name in SLOW: importlib.import_module(name)
    from ipykernel.kernelapp import IPKernelApp
    server = socket.socket(socket.AF_UNIX); server.bind(where); server.listen(); children = {}
    while True:
        for s in select.select([server, *children], [], [], .1)[0]:
            if s is not server:  # whoever wanted it is gone
                os.kill(children[s], signal.SIGKILL); continue
            conn, _ = server.accept(); said = json.loads(conn.makefile().readline()); pid = os.fork()
            if pid: children[conn] = pid; continue
            for o in (server, conn, *children): o.close()
            os.setsid(); os.chdir(said['cwd']); os.environ.clear(); os.environ.update(said['env'])
            app = IPKernelApp.instance(); app.initialize(said['argv']); app.start(); os._exit(0)
        for conn, pid in list(children.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                with contextlib.suppress(OSError): conn.sendall(f'{os.waitstatus_to_exitcode(status)}\n'.encode())
                conn.close(); del children[conn]

def ask(where, argv):
    "What takes the place of a kernel's command: wait for the kernel that is forked for it"
    s = socket.socket(socket.AF_UNIX); s.connect(where)
    s.sendall((json.dumps(dict(argv=argv, cwd=os.getcwd(), env=dict(os.environ)))+'\n').encode())
    for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, lambda *_: sys.exit(1))
    sys.exit(int(s.makefile().readline() or 1))

@contextlib.contextmanager
def ready_kernels():
    "Inside, kernels are forked"
    with tempfile.TemporaryDirectory() as d:
        where, spec = f'{d}/socket', Path(d)/'kernels'/'python3'; spec.mkdir(parents=True)
        (spec/'kernel.json').write_text(json.dumps(dict(argv=[sys.executable, '-S', '-E', __file__, 'ask', where, '-f',
            '{connection_file}'], display_name='Python 3', language='python')))
        server = subprocess.Popen([sys.executable, __file__, 'serve', where]); before = os.environ.get('JUPYTER_PATH')
        os.environ['JUPYTER_PATH'] = d
        try:
            while not Path(where).exists() and server.poll() is None: time.sleep(.05)
            yield
        finally:
            server.kill(); server.wait(); os.environ.pop('JUPYTER_PATH')
            if before is not None: os.environ['JUPYTER_PATH'] = before

if __name__ == '__main__':
    if sys.argv[1] == 'serve': serve(sys.argv[2])
    else: ask(sys.argv[2], sys.argv[3:])
