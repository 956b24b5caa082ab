"""Click through the app in headless Chromium, as a visitor does: a clip, image to video, an extension, a stop, a wrong input.

`python .ci/app.py [--required] [--pictures FOLDER]` starts the file of the Space; FOLDER gets screenshots, to be looked at.
Needs gradio, Python's `playwright` and a Chromium or Chrome of the system; where one of them is missing it says so, ends with
`app: skipped` and returns 0, or 1 with --required."""
import argparse, os, shutil, socket, subprocess, sys, tempfile, time
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen
from house import NBS, ROOT

FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking']
CHECKS = {'clip': 'a click samples a clip, which appears meanwhile and plays in the end',
    'timeline': 'the timeline follows the fields', 'image': 'an uploaded image becomes the first frame of a clip',
    'wrong': 'a wrong mask strategy is one line, in the timeline and on generating; a value out of range is refused',
    'extend': 'a result is extended', 'stop': 'Stop ends sampling, and the next clip begins at once',
    'phone': 'nothing is wider than a phone', 'quiet': 'no error in the console'}

def click_through(page, image, pictures):
    "What is wrong, by check"
    wrong, said = {k: [] for k in CHECKS}, wrong_console(page)
    def fact(check, holds, what): wrong[check] += [] if holds else [what]
    def picture(name):
        if pictures: page.screenshot(path=pictures/f'{name}.png', full_page=True)
    def label(name): return page.get_by_label(name).first
    def slide(name, value): field = label(f'number input for {name}'); field.fill(str(value)); field.press('Enter')
    def button(name): return page.get_by_role('button', name=name, exact=True).first
    live, videos = page.locator('.osnb-live img'), page.locator('video')
    def seconds(): return page.evaluate("document.querySelector('video').duration")
    def loops(n): slide('Loops', n); page.wait_for_function(f'document.querySelectorAll(".osnb-loop").length == {n}')
    def done(n):
        page.wait_for_function(f'document.querySelectorAll("video").length == {n} && !document.querySelector(".osnb-live")',
            timeout=180_000)
        page.wait_for_function('document.querySelector("video").readyState > 1')

    button('Generate').click(); live.wait_for(timeout=180_000); picture('appears'); done(1)
    fact('clip', abs(seconds()-1) < .2, f'it plays {seconds()} s instead of 1')
    fact('clip', page.evaluate("!document.querySelector('video').paused"), 'it does not play')

    loops(2)
    fact('timeline', page.locator('.continued').count() == 4, 'the second loop does not continue the first')
    loops(1)
    label('Prompt').fill('a red box swinging at night'); page.locator('input[type=file]').first.set_input_files(image)
    page.get_by_text('first.png').first.wait_for(); label('Mask strategy').fill('0;0,0,0,-1,1,0.5')
    kept = '[...document.querySelectorAll(".osnb-loop i")].map(o => o.style.getPropertyValue("--kept")).join()'
    page.wait_for_function(kept+' == "1,0,0,0,0,0,0,0.5"')
    button('Generate').click(); done(2); picture('image')
    fact('image', page.get_by_text('a red box swinging at night').count() > 1, 'its prompt does not stand at the clip')

    label('Mask strategy').fill('0,0,0,9'); page.locator('.osnb-error').first.wait_for()
    button('Generate').click(); page.wait_for_function('document.querySelectorAll(".osnb-error").length == 2')
    texts = page.locator('.osnb-error').all_inner_texts(); picture('wrong')
    fact('wrong', all('starts outside' in o and '\n' not in o for o in texts), f'it says {texts}')
    fact('wrong', videos.count() == 2, 'a result went')
    label('Mask strategy').fill(''); label('Height').fill('640'); button('Generate').click()
    page.get_by_text('is greater than maximum value 64').first.wait_for()
    label('Height').fill('32'); page.locator('.osnb-loop').first.wait_for()

    label('Prompt of the next loop').fill('a red box resting at night'); button('Extend').click(); done(3)
    fact('extend', abs(seconds()-1.5) < .2, f'it plays {seconds()} s instead of 1.5'); picture('extended')

    def large(k): [label(name).fill(str(n*k)) for name,n in dict(Height=32, Width=32, Frames=8).items()]
    large(2); loops(8); button('Generate').click(); live.wait_for() # a minute of sampling
    button('Stop').click(); live.wait_for(state='detached')
    page.wait_for_timeout(1000)
    fact('stop', live.count() == 0 and videos.count() == 3, f'{live.count()} clips appear, {videos.count()} are there')
    large(1); loops(1); slide('Steps', 2); button('Generate').click(); done(4)

    page.set_viewport_size(dict(width=390, height=844)); page.wait_for_timeout(300); picture('phone')
    wide = page.evaluate('document.documentElement.scrollWidth')
    fact('phone', wide <= 390, f'{wide} pixels')
    wrong['quiet'] += said
    return wrong

def wrong_console(page):
    said = []
    page.on('console', lambda m: said.append(m.text[:200]) if m.type == 'error' and 'ERR_' not in m.text else None)
    page.on('pageerror', lambda e: said.append(str(e)[:200]))
    return said

def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('--required', action='store_true', help='fail where it cannot be run')
    p.add_argument('--pictures', type=Path, help='folder for screenshots')
    a = p.parse_args()
    def skip(why): print(f'the app was not opened in a browser: {why}\napp: skipped'); return int(a.required)
    names = 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'
    chrome = next(filter(None, map(shutil.which, names)), None)
    if missing := next((o for o in ('gradio', 'playwright') if not find_spec(o)), None): return skip(f'pip install {missing}')
    if not chrome: return skip("install the system's chromium (Debian: apt-get install chromium)")
    from playwright.sync_api import Error, sync_playwright
    from opensora_nb.data.video import save_clip
    from opensora_nb.toy.world import Scenario, render
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]
    if a.pictures: a.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as t, open(f'{t}/log', 'w+') as log:
        image = save_clip(render(Scenario('red','box','swinging','night', 16, 14, 7, .6))[:,:1], f'{t}/first.png')
        env = {**os.environ, 'GRADIO_SERVER_PORT': str(port), 'GRADIO_TEMP_DIR': f'{t}/gradio', 'PYTHONPATH': str(ROOT)}
        server = subprocess.Popen([sys.executable, NBS/'assets'/'space_app.py'], env=env, cwd=t, stdout=log, stderr=log)
        try:
            for _ in range(720):
                try: urlopen(f'http://127.0.0.1:{port}/', timeout=1).close(); break
                except OSError: time.sleep(.25)
            with sync_playwright() as p:
                browser = p.chromium.launch(executable_path=chrome, args=FLAGS)
                page = browser.new_page(viewport=dict(width=1280, height=900)); page.set_default_timeout(180_000)
                page.route(lambda url: '127.0.0.1' not in url, lambda route: route.abort())
                page.goto(f'http://127.0.0.1:{port}/')
                wrong = click_through(page, str(image), a.pictures); browser.close()
        except Error as e:
            log.seek(0); print(e.message, log.read()[-2000:], 'app: 0 passed, 1 failed', sep='\n'); return 1
        finally: server.terminate(); server.wait()
    for k, what in CHECKS.items(): print(f'{"FAIL" if wrong[k] else "ok  "} {what}', *wrong[k], sep='\n  ')
    failed = sum(map(bool, wrong.values()))
    print(f'app: {len(CHECKS)-failed} passed, {failed} failed')
    return int(failed > 0)

if __name__ == '__main__': sys.exit(main())
