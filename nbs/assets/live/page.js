// The form, the two pictures and the slider around sampler.js, in every element of class "live"
import {lastFrame, load, sample, tokenize, toy} from './sampler.js'

const words = {color: ['red', 'yellow', 'green', 'blue', 'purple', 'black'], shape: ['ball', 'box', 'heart', 'star'],
  motion: ['resting', 'bouncing', 'swinging', 'pulsing'], scene: ['by day', 'at sunset', 'at night']}
const chosen = {color: 'red', shape: 'heart', motion: 'bouncing', scene: 'at night'}
const choice = key => `<select aria-label="${key}" data-key="${key}">${words[key].map(
  w => `<option${chosen[key] == w ? ' selected' : ''}>${w}</option>`).join('')}</select>`
const html = `<form>
  <label>Prompt <input name="prompt" required maxlength="99" autocomplete="off" value="a red heart bouncing at night">
  </label>
  <div>or choose ${Object.keys(words).map(choice).join(' ')}</div>
  <div><label>Seed <input name="seed" type="number" min="0" max="99" value="0" required></label>
    <label>Steps <input name="steps" type="number" min="2" max="50" value="15" required></label>
    <label>Guidance <input name="guidance" type="number" min="0" max="10" step="0.5" value="2" required></label></div>
  <label><input name="go_on" type="checkbox" disabled> begin with the last frame of the clip below</label>
  <div><button class="btn">Make the clip</button>
    <span role="status">The first one loads 11 MB from this site.</span></div></form>
  <div class="live-shown" hidden>
    <figure><canvas role="img"></canvas><figcaption>The clip as predicted at this step</figcaption></figure>
    <figure><canvas role="img"></canvas>
      <figcaption><label>Lit where it attends to <select name="word"></select></label></figcaption></figure>
    <label>Step <input name="step" type="range" min="1"> <output></output></label>
    <button class="btn" type="button">Pause</button></div>`

function start(root) {
  root.innerHTML = html
  const one = selector => root.querySelector(selector), form = one('form'), field = form.elements
  const say = text => one('[role=status]').textContent = text
  const [clip, attended] = root.querySelectorAll('canvas'), slider = one('[name=step]'), word = one('[name=word]')
  const pause = one('[type=button]'), button = one('form .btn')
  let frame = 0, playing = !matchMedia('(prefers-reduced-motion: reduce)').matches
  root.steps = []  // what `sample` has given so far

  function draw() {
    const {frames, attention} = root.steps[slider.value - 1], [H, W] = toy.size, [rows, cols] = toy.grid
    const weight = attention.filter((_, i) => i % toy.tokens == word.selectedIndex)  // of frames × rows × columns
    const most = Math.max(...weight)
    for (const canvas of [clip, attended]) {
      const image = new ImageData(W, H)
      for (let i = 0; i < H * W; i++) {
        const token = (frame * rows + Math.floor(i / W * rows / H)) * cols + Math.floor(i % W * cols / W)
        const light = canvas == clip ? 1 : .15 + .85 * weight[token] / most
        for (let c = 0; c < 3; c++)
          image.data[4*i + c] = (frames[(c * toy.frames + frame) * H * W + i] + 1) * 127.5 * light
        image.data[4*i + 3] = 255
      }
      canvas.getContext('2d').putImageData(image, 0, 0)
    }
    one('output').textContent = `${slider.value} of ${slider.max}`
  }

  form.onsubmit = async event => {
    event.preventDefault()
    button.disabled = true
    try {
      await load(say)
      const text = tokenize(field.prompt.value), done = [], began = performance.now()
      const first = field.go_on.checked ? lastFrame(root.steps.at(-1).latents) : null
      const [seed, steps, guidance] = ['seed', 'steps', 'guidance'].map(name => +field[name].value)
      word.innerHTML = ''; word.append(...text.words.map(w => new Option(w)))
      word.selectedIndex = Math.max(0, text.words.findIndex(w => words.shape.includes(w)))
      for (const o of [clip, attended]) { [o.height, o.width] = toy.size; o.ariaLabel = field.prompt.value }
      for await (const step of sample(text.ids, {seed, steps, guidance, first})) {
        done.push(step); root.steps = done
        slider.max = done.length; slider.value = done.length; one('.live-shown').hidden = false; draw()
        say(`Step ${done.length} of ${steps}`)
        await new Promise(shown => setTimeout(shown))
      }
      const note = text.unknown.length ? ` It does not know: ${text.unknown.join(', ')}.` : ''
      say(`${steps} steps in ${((performance.now() - began) / 1000).toFixed(1)} s.${note}`)
      field.go_on.disabled = false
    } catch (error) { say(error.message) }
    button.disabled = false
  }
  form.onchange = event => {  // a word that is chosen goes into the prompt, one that is typed is chosen
    const choices = Object.keys(words).map(key => one(`[data-key=${key}]`))
    if (event.target == field.prompt)
      for (const o of choices) o.value = words[o.dataset.key].find(w => field.prompt.value.includes(w)) ?? o.value
    if (choices.includes(event.target)) field.prompt.value = `a ${choices.map(o => o.value).join(' ')}`
  }
  slider.oninput = word.onchange = draw
  pause.onclick = () => { playing = !playing; pause.textContent = playing ? 'Pause' : 'Play' }
  pause.textContent = playing ? 'Pause' : 'Play'
  setInterval(() => { if (playing && root.steps.length) { frame = (frame + 1) % toy.frames; draw() } }, 125)
}
document.querySelectorAll('.live').forEach(start)
