// Three samplers of Table S1 on the banana: Metropolis-Hastings, MALA, and MALA-approx, which accepts everything.

import { draw, normals } from "./random.js";

const BEND = 0.25;
const SCALE = 2;
export const VARIANCE = 1 + 2 * BEND ** 2 * SCALE ** 4; // of the coordinate across the bend
const STEPS_A_FRAME = 4;
const TAIL = 60; // points that are joined
const TABLE_EVERY = 250; // milliseconds
const VIEW = { left: -7.5, right: 7.5, low: -4.5, high: 11 };

// x1 ~ N(0, SCALE^2), x2 | x1 ~ N(BEND (x1^2 - SCALE^2), 1).
export function logProb([a, b]) {
  const straight = b - BEND * (a * a - SCALE * SCALE);
  return -((a / SCALE) ** 2 + straight * straight) / 2;
}

export function gradient([a, b]) {
  const straight = b - BEND * (a * a - SCALE * SCALE);
  return [-a / SCALE ** 2 + straight * 2 * BEND * a, -straight];
}

const proposed = (x, slope, z, sigma) => x.map((v, i) => v + (sigma * sigma) / 2 * slope[i] + sigma * z[i]);
const logProposal = (to, x, slope, sigma) =>
  -to.reduce((sum, v, i) => sum + (v - x[i] - (sigma * sigma) / 2 * slope[i]) ** 2, 0) / (2 * sigma * sigma);

// One step from x with the numbers z of N(0, 1) and the logarithm of a uniform one: [next x, whether it was accepted].
export const SAMPLERS = {
  "Metropolis–Hastings": (x, z, logU, sigma) => {
    const next = proposed(x, [0, 0], z, sigma);
    return logU < logProb(next) - logProb(x) ? [next, true] : [x, false];
  },
  MALA: (x, z, logU, sigma) => {
    const slope = gradient(x);
    const next = proposed(x, slope, z, sigma);
    const back = logProposal(x, next, gradient(next), sigma) - logProposal(next, x, slope, sigma);
    return logU < logProb(next) - logProb(x) + back ? [next, true] : [x, false];
  },
  "MALA-approx": (x, z, logU, sigma) => [proposed(x, gradient(x), z, sigma), true],
};
const COLOURS = ["#0072b2", "#009e73", "#d55e00"];

class Race {
  constructor(root) {
    this.root = root;
    this.running = false;
    this.told = 0;
    root.innerHTML = `
      <canvas width="640" height="330" role="img" aria-label="Three paths on a curved density"></canvas>
      <div class="live-row">
        <button type="button" class="live-go">Start</button> <button type="button">Start again</button>
        <label>σ <input type="range" min="0.1" max="3" step="0.05" value="0.4"> <output>0.40</output></label>
      </div>
      <div class="live-table"><table><thead><tr><th scope="col">sampler</th><th scope="col">steps</th>
      <th scope="col">accepted</th><th scope="col">variance of x₂ (true: ${VARIANCE})</th></tr></thead><tbody></tbody></table></div>`;
    this.canvas = root.querySelector("canvas");
    const [go, again] = root.querySelectorAll("button");
    this.go = go;
    this.slider = root.querySelector("input");
    go.addEventListener("click", () => this.toggle());
    again.addEventListener("click", () => this.clear());
    this.slider.addEventListener("input", () => {
      root.querySelector("output").textContent = Number(this.slider.value).toFixed(2);
      this.clear();
    });
    this.cells = Object.keys(SAMPLERS).map((name, i) => {
      const row = root.querySelector("tbody").insertRow();
      row.innerHTML = `<th scope="row"><span aria-hidden="true" style="color: ${COLOURS[i]}">●</span> ${name}</th>`;
      return [0, 1, 2].map(() => row.insertCell());
    });
    this.background = this.shaded();
    this.clear();
  }

  clear() {
    this.told = 0;
    this.chains = Object.entries(SAMPLERS).map(([name, step], i) => ({
      name, step, random: draw(i + 1), x: [-6, 7], path: [[-6, 7]], steps: 0, accepted: 0, sum: 0, squares: 0, lost: false,
    }));
    this.show();
  }

  toggle() {
    this.running = !this.running;
    this.go.textContent = this.running ? "Pause" : "Run";
    cancelAnimationFrame(this.next);
    if (this.running) this.next = requestAnimationFrame(() => this.frame());
  }

  frame() {
    const sigma = Number(this.slider.value);
    for (let i = 0; i < STEPS_A_FRAME; i++) for (const c of this.chains) advance(c, sigma);
    this.show();
    this.next = requestAnimationFrame(() => this.frame());
  }

  place([a, b]) {
    const { width, height } = this.canvas;
    return [((a - VIEW.left) / (VIEW.right - VIEW.left)) * width, (1 - (b - VIEW.low) / (VIEW.high - VIEW.low)) * height];
  }

  shaded() {
    const { width, height } = this.canvas;
    const image = new ImageData(width, height);
    for (let v = 0; v < height; v++)
      for (let u = 0; u < width; u++) {
        const a = VIEW.left + (u / width) * (VIEW.right - VIEW.left);
        const b = VIEW.low + (1 - v / height) * (VIEW.high - VIEW.low);
        const p = Math.exp(logProb([a, b]));
        image.data.set([255 - 170 * p, 255 - 170 * p, 255 - 90 * p, 255], 4 * (v * width + u));
      }
    return image;
  }

  show() {
    const pen = this.canvas.getContext("2d");
    pen.putImageData(this.background, 0, 0);
    this.chains.forEach((c, i) => {
      pen.strokeStyle = pen.fillStyle = COLOURS[i];
      pen.lineWidth = 1.2;
      pen.beginPath();
      for (const x of c.path) pen.lineTo(...this.place(x));
      pen.stroke();
      pen.beginPath();
      pen.arc(...this.place(c.x), 5, 0, 2 * Math.PI);
      pen.fill();
    });
    if (performance.now() - this.told < TABLE_EVERY) return;
    this.told = performance.now();
    this.chains.forEach((c, i) => {
      const variance = c.lost ? "ran away" : c.steps > 100 ? varianceOf(c).toFixed(2) : "–";
      const accepted = c.steps ? `${Math.round((100 * c.accepted) / c.steps)} %` : "–";
      [c.steps, accepted, variance].forEach((text, k) => (this.cells[i][k].textContent = text));
    });
  }
}

export const varianceOf = (c) => c.squares / c.steps - (c.sum / c.steps) ** 2;

export function advance(c, sigma) {
  if (c.lost) return;
  const [x, accepted] = c.step(c.x, normals(c.random, 2), Math.log(1 - c.random()), sigma);
  if (!x.every(Number.isFinite) || Math.max(...x.map(Math.abs)) > 1e6) {
    c.lost = true;
    return;
  }
  c.x = [...x];
  c.path.push(c.x);
  if (c.path.length > TAIL) c.path.shift();
  c.steps += 1;
  c.accepted += accepted;
  c.sum += x[1];
  c.squares += x[1] * x[1];
}

for (const root of document.querySelectorAll(".banana")) root.race = new Race(root);
