// The sampler itself, in a thread of its own, so that the page never waits for it.
//
// Messages in:  {type: "load", again, gpu}, {type: "start", era, steps, chains: [{h, seed}]}, {type: "set", ...settings},
//               {type: "run", steps}, {type: "pause"}, {type: "replay", h, noise, settings} for the comparison with PyTorch.
// Messages out: {type: "progress", loaded, total}, {type: "ready", runs}, {type: "states", era, step, left, chains},
//               {type: "paused", era}, {type: "error", message}. An era begins with each start.

import { draw, normals } from "./random.js";

const here = new URL(".", import.meta.url).href;
// What a session runs on: a graphics card (WebGPU) where there is one that is fast enough, else the processor (WebAssembly).
const KINDS = {
  gpu: { module: "./ort.webgpu.min.mjs", runtime: "ort-wasm-simd-threaded.jsep.wasm.gz", providers: ["webgpu", "wasm"] },
  processor: { module: "./ort.wasm.min.mjs", runtime: "ort-wasm-simd-threaded.wasm.gz", providers: ["wasm"] },
};
const GRAPH = "step.onnx.gz";
const PATIENCE = 2000; // milliseconds to wait for a graphics card
const SLOW = 25; // milliseconds of a step, from which a graphics card is left alone
let ort = null;
let session = null;
let about = null;
let chains = [];
let step = 0;
let left = 0;
let era = 0;
let pending = null; // a start that waits for the loop to end
let looping = false;
let settings = { eps1: 0.1, eps2: 0.2, eps3: 0, asked: {}, prior: true, condition: true };

const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");

// gpu: "always", or "never", or else where it is of use.
async function load(again, gpu) {
  about = await (await answered("live.json", { cache: "no-cache" })).json();
  const loaded = {};
  const part = (name, kind) =>
    fetched(name, again, (bytes) => {
      loaded[name] = bytes;
      postMessage({ type: "progress", loaded: Object.values(loaded).reduce((a, b) => a + b, 0), total: about.bytes[kind] });
    });
  const kinds = gpu !== "never" && (await card(gpu === "always")) ? ["gpu", "processor"] : ["processor"];
  const graph = part(GRAPH, kinds[0]);
  for (const kind of kinds) {
    try {
      await begin(kind, await Promise.all([graph, part(KINDS[kind].runtime, kind)]));
      if (kind === "processor" || gpu === "always" || (await milliseconds()) < SLOW) return postMessage({ type: "ready", runs: kind });
      await session.release();
    } catch (error) {
      if (kind === "processor") throw error;
    }
  }
}

// Whether there is a graphics card; one that the processor plays does not count, unless any will do.
async function card(any) {
  // Some browsers never answer; nobody should wait for that.
  const adapter = await Promise.race([navigator.gpu?.requestAdapter().catch(() => null), rest(PATIENCE)]);
  return Boolean(adapter && (any || !(adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter)));
}

async function begin(kind, [graph, runtime]) {
  ort = await import(KINDS[kind].module);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  ort.env.wasm.wasmPaths = here;
  ort.env.wasm.wasmBinary = runtime;
  ort.env.logLevel = "error";
  session = await ort.InferenceSession.create(new Uint8Array(graph), { executionProviders: KINDS[kind].providers });
  await evaluate(new Float32Array(about.code)); // what is done once, done before somebody waits for it
}

// Of a step, the fastest of three.
async function milliseconds() {
  const times = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await evaluate(new Float32Array(about.code));
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

async function answered(name, options) {
  const response = await fetch(new URL(name, here), options);
  if (!response.ok) throw new Error(`${name} cannot be loaded (${response.status})`);
  return response;
}

// A file as it was before it was packed; an error if it is not the one that the page was made with.
async function fetched(name, again, report) {
  // Its hash is in the address, so that an older one that the browser has kept is not taken for it.
  const response = await answered(`${name}?${about.files[name].slice(0, 8)}`, { cache: again ? "reload" : "default" });
  const parts = [];
  let bytes = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    report((bytes += value.length));
  }
  let content = new Blob(parts);
  const [first, second] = new Uint8Array(await content.slice(0, 2).arrayBuffer());
  if (first === 0x1f && second === 0x8b) {
    // Some servers unpack it themselves.
    const stream = content.stream().pipeThrough(new DecompressionStream("gzip"));
    content = await new Response(stream).blob().catch(() => new Blob());
  }
  const unpacked = await content.arrayBuffer();
  if (globalThis.crypto?.subtle) {
    const found = hex(await crypto.subtle.digest("SHA-256", unpacked));
    if (found !== about.files[name]) throw new Error(`${name} was damaged on the way`);
  }
  return unpacked;
}

// For each head 1 for the class that is asked for, all 0 for none.
function weights(asked) {
  return Object.fromEntries(
    Object.entries(about.classes).map(([head, names]) => {
      const row = new Float32Array(names.length);
      if (asked[head] !== undefined && asked[head] !== null && asked[head] >= 0) row[asked[head]] = 1;
      return [head, new ort.Tensor("float32", row, [1, names.length])];
    }),
  );
}

// All terms of Eq. 11 at the code h.
async function evaluate(h, asked = settings.asked) {
  const out = await session.run({ h: new ort.Tensor("float32", h, [1, about.code]), ...weights(asked) });
  return { h, x: out.x.data, prior: out.prior.data, logP: out.log_p.data[0], grad: out.grad.data };
}

// Eq. 11: h + eps1 (R(h) - h) + eps2 d log p / dh + eps3 N(0, I).
function update(s, noise, { eps1, eps2, eps3, prior, condition }) {
  const next = new Float32Array(s.h.length);
  const a = prior ? eps1 : 0;
  const b = condition ? eps2 : 0;
  for (let i = 0; i < next.length; i++) next[i] = s.h[i] + a * s.prior[i] + b * s.grad[i] + eps3 * (noise ? noise[i] : 0);
  return next;
}

const size = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

function shown(s) {
  const pixels = new Uint8ClampedArray(s.x.length / 3 * 4);
  const n = s.x.length / 3;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = 127.5 * (s.x[c * n + i] + 1);
    pixels[4 * i + 3] = 255;
  }
  return { pixels, logP: s.logP, off: size(s.prior) };
}

const post = () => postMessage({ type: "states", era, step, left, chains: chains.map((c) => shown(c.state)) });
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(order) {
  pending = order;
  left = 0;
  while (looping) await rest(1);
  if (pending !== order) return; // a later one came
  try {
    const made = [];
    for (const [i, { h, seed }] of order.chains.entries()) {
      const from = h ?? chains[i % chains.length].state.h; // none: where the chain is
      made.push({ state: await evaluate(Float32Array.from(from)), random: draw(seed) });
    }
    [chains, step, era, left] = [made, 0, order.era, order.steps];
  } finally {
    pending = null;
  }
  post();
  await loop();
}

async function loop() {
  if (looping) return;
  looping = true;
  try {
    while (left > 0) {
      for (const c of chains) {
        const noise = settings.eps3 > 0 ? normals(c.random, about.code) : null;
        const h = update(c.state, noise, settings);
        if (!h.every(Number.isFinite) || h.some((v) => Math.abs(v) > 1e6)) {
          left = 0;
          throw new Error("The chain has run away: take smaller multipliers, and start again");
        }
        c.state = await evaluate(h);
      }
      step += 1;
      left -= 1;
      post();
      await rest(0); // messages are read here
    }
  } finally {
    looping = false;
  }
  if (!pending) postMessage({ type: "paused", era });
}

// A chain from a given code with given noise: code and log p of each step.
async function replay({ h, noise, steps, asked, ...eps }) {
  let state = await evaluate(Float32Array.from(h), asked);
  const states = [state];
  for (let t = 0; t < steps; t++) {
    state = await evaluate(update(state, noise?.[t], { prior: true, condition: true, ...eps }), asked);
    states.push(state);
  }
  postMessage({ type: "replayed", h: states.map((s) => [...s.h]), logP: states.map((s) => s.logP) });
}

onmessage = async ({ data }) => {
  try {
    if (data.type === "load") await load(data.again, data.gpu);
    else if (data.type === "start") await start(data);
    else if (data.type === "set") {
      const asks = JSON.stringify(data.asked) !== JSON.stringify(settings.asked);
      settings = { ...settings, ...data };
      if (asks && !looping) for (const c of chains) c.state = await evaluate(c.state.h);
    } else if (data.type === "run") {
      if (pending) pending.steps = data.steps;
      else {
        left = data.steps;
        await loop();
      }
    } else if (data.type === "pause") {
      left = 0;
      if (pending) pending.steps = 0;
    } else if (data.type === "replay") await replay(data);
  } catch (error) {
    postMessage({ type: "error", message: error.message ?? String(error) });
  }
};
