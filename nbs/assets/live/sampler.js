// Sampling in a page: onnxruntime-web runs the three networks that `osnb-export` writes, and the loop is here.
// Everything lies beside this file and is loaded when the first clip is asked for.
const tensor = (type, data, shape) => new ort.Tensor(type, data, shape)
export let toy  // sizes, vocabulary and defaults, from toy.json
let ort, nets

export async function load(report) {
  if (nets) return
  const get = async name => {
    report(`Loading ${name}`)
    const r = await fetch(new URL(name, import.meta.url))
    if (!r.ok) throw Error('This copy of the site was built without the networks: that needs npm, onnx and onnxscript.')
    return r
  }
  toy = await (await get('toy.json')).json()
  const wasm = (await get('ort-wasm-simd-threaded.wasm.gz')).body.pipeThrough(new DecompressionStream('gzip'))
  ort = await import('./ort.wasm.bundle.min.mjs')
  ort.env.logLevel = 'error'
  Object.assign(ort.env.wasm, {numThreads: 1, wasmBinary: await new Response(wasm).arrayBuffer()})
  const loaded = {}
  for (const name of ['text', 'denoiser', 'decoder'])
    loaded[name] = await ort.InferenceSession.create(await (await get(`${name}.onnx`)).arrayBuffer())
  nets = loaded
}

// What torch.randn draws on a CPU: the Mersenne Twister, then Box-Muller on sixteen numbers at a time
export function randn(seed, n) {
  const s = new Uint32Array(624), u = new Float64Array(n)
  s[0] = seed
  for (let i = 1; i < 624; i++) s[i] = Math.imul(1812433253, s[i-1] ^ s[i-1] >>> 30) + i
  for (let i = 0; i < n; i++) {
    const k = i % 624, next = s[(k+1) % 624]
    let y = s[k] = s[(k+397) % 624] ^ (s[k] & 1 << 31 | next & ~(1 << 31)) >>> 1 ^ (next & 1 ? 0x9908B0DF : 0)
    y ^= y >>> 11; y ^= y << 7 & 0x9D2C5680; y ^= y << 15 & 0xEFC60000; y ^= y >>> 18
    u[i] = (y & 2**24 - 1) / 2**24
  }
  return Float32Array.from(u, (_, i) => {
    const a = i - i % 16 + i % 8, radius = Math.sqrt(-2 * Math.log(1 - u[a])), angle = 2 * Math.PI * u[a+8]
    return radius * (i % 16 < 8 ? Math.cos(angle) : Math.sin(angle))
  })
}

export function tokenize(prompt) {  // whole words, the end, padding
  const words = (prompt.toLowerCase().match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+/gu) || []).slice(0, toy.tokens - 1)
  const known = w => toy.vocabulary[w] ?? toy.vocabulary['<unk>']
  const ids = new Int32Array(toy.tokens)
  ids.set([...words, '</s>'].map(known))
  return {ids, words, unknown: words.filter(w => !(w in toy.vocabulary))}
}

// One item a step: the clip as predicted now, as latents and as frames, and where the network looks for each word
export async function* sample(ids, {seed, steps, guidance, first}) {
  const [C, T, h, w] = toy.latents, shape = [1, C, T, h, w], plane = h * w
  const {context, mask} = await nets.text.run({ids: tensor('int32', ids, [1, toy.tokens])})
  const x = randn(toy.seeds[seed], C * T * plane), x0 = new Float32Array(x.length), still = new Uint8Array(x.length)
  if (first) for (let c = 0; c < C; c++) {  // the first frame is given: clean latents that stay
    x.set(first.subarray(c * plane, (c+1) * plane), c * T * plane)
    still.fill(1, c * T * plane, c * T * plane + plane)
  }
  const frame_mask = tensor('bool', Uint8Array.from({length: T}, (_, i) => i > 0 || !first), [1, T])
  for (let k = steps; k > 0; k--) {
    const t = k / steps  // from 1, noise, to 0
    const {with_prompt, without, attention} = await nets.denoiser.run(
      {x: tensor('float32', x, shape), t: tensor('float32', [1000 * t], [1]), context, mask, frame_mask})
    for (let i = 0; i < x.length; i++) {
      const v = without.data[i] + guidance * (with_prompt.data[i] - without.data[i])  // the velocity, guided
      x0[i] = still[i] ? x[i] : x[i] + v * t  // where a straight line would end
      if (!still[i]) x[i] += v / steps        // Euler's step
    }
    const {frames} = await nets.decoder.run({z: tensor('float32', x0, shape)})
    yield {latents: x0.slice(), frames: frames.data, attention: attention.data}
  }
}

export function lastFrame(latents) {  // [C,T,h,w] -> [C,h,w]
  const [, T, h, w] = toy.latents, plane = h * w
  return latents.filter((_, i) => Math.floor(i / plane) % T == T-1)
}
