// The live sampler: its controls and pictures. The sampler itself is in worker.js, which is loaded on a click.

import { rectifiedNormal } from "./random.js";

const here = new URL(".", import.meta.url);
const SLIDERS = {
  // symbol, word, value, largest value
  eps1: ["ε₁", "prior", 0.1, 1],
  eps2: ["ε₂", "condition", 0.2, 2],
  eps3: ["ε₃", "noise", 0, 0.5],
};
const HEADS = { item: "Item", colour: "Colour", background: "Background" };
const CURVES = { logP: "log p(y | x)", off: "|R(h) − h|" };
const UPDATES = 250; // of a run
const KEPT = 20; // pictures of a strip
const POINTS = 500; // of a curve
const CHAINS = [1, 3, 6];
const SEEDS = 99999;
const REPOSITORY = "https://github.com/ppgn-book/ppgn-book";
const COLAB = `https://colab.research.google.com/github${new URL(REPOSITORY).pathname}/blob/main/book/_static/live/chain.ipynb`;
const PATIENCE = 300; // milliseconds before the address is written: browsers refuse to have it written often

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

class Live {
  constructor(root, about) {
    this.root = root;
    this.about = about;
    this.worker = null;
    this.ready = false;
    this.failed = false;
    this.running = false;
    this.era = 0;
    this.set = { item: 9, colour: -1, background: -1, start: "random", seed: 0, chains: 1, prior: true, condition: true };
    for (const [name, [, , value]] of Object.entries(SLIDERS)) this.set[name] = value;
    this.fromAddress();
    this.build();
    this.clear();
    this.showPrecomputed();
    addEventListener("hashchange", () => {
      this.fromAddress();
      this.build();
      this.clear();
      if (this.ready) {
        this.enable();
        this.send();
        this.restart();
      } else this.showPrecomputed();
    });
  }

  // The controls

  build() {
    const names = (head) => this.about.classes[head];
    this.items = element("div", { class: "live-items", role: "group", "aria-label": "Item" });
    names("item").forEach((name, i) => {
      const press = () => this.change({ item: this.set.item === i ? -1 : i });
      this.items.append(element("button", { type: "button", onclick: press }, name));
    });
    const select = (label, options, value, onchange) => {
      const made = element("select", { onchange: (event) => onchange(event.target.value) });
      for (const [key, text] of options) made.append(element("option", { value: key, selected: key === value }, text));
      return element("label", {}, `${label} `, made);
    };
    const of = (head) => [["-1", "any"], ...names(head).map((name, i) => [String(i), name])];
    const selects = element("div", { class: "live-row" });
    for (const head of ["colour", "background"])
      selects.append(select(HEADS[head], of(head), String(this.set[head]), (v) => this.change({ [head]: Number(v) })));
    const starts = [["random", "a random code"], ["now", "as it is"], ...names("item").map((name, i) => [String(i), `a photograph: ${name}`])];
    selects.append(select("Start", starts, this.set.start, (v) => this.change({ start: v }, true)));
    selects.append(
      select("Chains", CHAINS.map((n) => [String(n), String(n)]), String(this.set.chains), (v) => this.change({ chains: Number(v) }, true)),
    );
    const seed = element("input", {
      type: "number", min: 0, max: SEEDS, value: this.set.seed,
      onchange: ({ target }) => {
        target.value = Math.min(SEEDS, Math.max(0, Math.floor(Number(target.value)) || 0));
        this.change({ seed: Number(target.value) }, true);
      },
    });
    selects.append(element("label", {}, "Seed ", seed));

    this.sliders = element("div", { class: "live-sliders" });
    for (const [name, [symbol, word, , most]] of Object.entries(SLIDERS)) {
      const shown = element("span", { "aria-hidden": "true" }, this.set[name].toFixed(2));
      const slide = ({ target }) => {
        shown.textContent = Number(target.value).toFixed(2);
        this.change({ [name]: Number(target.value) });
      };
      const range = element("input", { type: "range", min: 0, max: most, step: 0.01, value: this.set[name], oninput: slide });
      this.sliders.append(element("label", {}, element("span", {}, `${symbol} ${word}`), range, shown));
    }
    const arrows = element("div", { class: "live-row" });
    for (const [name, text] of [["prior", "follow the prior"], ["condition", "follow the condition"]]) {
      const box = element("input", { type: "checkbox", checked: this.set[name], onchange: (e) => this.change({ [name]: e.target.checked }) });
      arrows.append(element("label", {}, box, ` ${text}`));
    }

    this.go = element("button", { type: "button", class: "live-go", onclick: () => this.press() }, `Run it here (${navigator.gpu ? 10 : 8} MB)`);
    this.one = element("button", { type: "button", disabled: true, onclick: () => this.run(1) }, "One step");
    this.again = element("button", { type: "button", disabled: true, onclick: () => this.restart() }, "Start again");
    this.count = element("span", { class: "live-count" });
    this.status = element("span", { class: "live-status", role: "status" });
    this.bar = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "loading" });
    this.pictures = element("div", { class: "live-pictures" });
    this.strip = element("div", { class: "live-strip", tabindex: 0, role: "region", "aria-label": "The chain so far" });
    this.curves = element("div", { class: "live-curves" });
    this.code = element("code");
    this.python = element("summary", {});
    const colab = element("p", {}, element("a", { href: COLAB }, "In Colab"), ", where one sets the same numbers.");
    const python = element("details", {}, this.python, element("pre", {}, this.code), colab);
    this.root.replaceChildren(
      this.items, selects, element("div", { class: "live-stage" }, this.pictures, this.sliders),
      arrows, element("div", { class: "live-row" }, this.go, this.one, this.again, this.bar, this.count, this.status),
      this.strip, this.curves, python,
    );
    this.mark();
  }

  // What the controls, the address and the Python code say, made equal to the settings.
  mark() {
    [...this.items.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === this.set.item)));
    const s = this.set;
    const asked = Object.keys(HEADS).filter((head) => s[head] >= 0);
    const conditions = asked.map((head) => `conditions.classes(E, ${s[head]}, "${head}")`).join(", ");
    const photograph = this.about.photographs[Number(s.start)];
    const exact = s.start !== "now" && !(s.eps3 > 0);
    this.python.textContent = `${exact ? "The same chain" : "Such a chain"} in Python${exact && s.chains > 1 ? " (the first of them)" : ""}`;
    this.code.textContent = [
      "from ppgn_lib import Eps, chain, conditions, variants",
      ...(photograph ? [] : ["from ppgn_lib.book.live import random_codes"]),
      ...(photograph ? ["from ppgn_lib.data.tinted_fashion import TintedFashion"] : []),
      ...(conditions ? [] : ["from ppgn_lib.experts.known_pixels import nothing"]),
      ...(photograph ? ["from ppgn_lib.networks.features import encode"] : []),
      "from ppgn_lib.networks.zoo import load",
      "",
      'E, G = load("encoder"), load("generator")',
      photograph
        ? `h0 = encode(E, TintedFashion("test").batch([${photograph.index}]).x)`
        : `h0 = random_codes([${s.seed}], G.code)${s.start === "now" ? "  # on this page: where the chain was before" : ""}`,
      `experts = variants.noiseless(G, E, ${conditions || "nothing"})`,
      `eps = Eps(${s.prior ? s.eps1 : 0}, ${s.condition ? s.eps2 : 0}, ${s.eps3})`,
      `*_, last = chain(h0, *experts, eps, steps=${UPDATES}, seeds=[${s.seed}])${s.eps3 > 0 ? "  # other noise than on this page" : ""}`,
      "x = G(last.h)",
    ].join("\n");
  }

  change(given, anew = false) {
    Object.assign(this.set, given);
    this.mark();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.toAddress(), PATIENCE);
    if (!this.ready) {
      if ("item" in given) this.showPrecomputed();
      else if (!this.worker) this.say("That is seen once it runs here.");
      return;
    }
    this.send();
    if (anew) this.restart();
    else if (!this.running || Object.keys(HEADS).some((head) => head in given)) this.run(UPDATES);
  }

  // The address holds the settings, so that a picture can be sent as a link.

  toAddress() {
    const { item, colour, background, ...rest } = this.set;
    const named = { item, colour, background };
    const words = Object.entries(named).map(([head, i]) => [head, i < 0 ? "any" : this.about.classes[head][i]]);
    history.replaceState(null, "", `#${new URLSearchParams([["live", "1"], ...words, ...Object.entries(rest)])}`);
  }

  fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!given.has("live")) return;
    for (const [name, value] of given) {
      if (Object.hasOwn(HEADS, name)) this.set[name] = this.about.classes[name].indexOf(value);
      else if (name === "prior" || name === "condition") this.set[name] = value === "true";
      else if (name === "start" && (value === "random" || value === "now" || (/^\d$/.test(value) && this.about.photographs[value]))) this.set.start = value;
      else if (name === "chains" && CHAINS.includes(Number(value))) this.set.chains = Number(value);
      else if (name === "seed" && /^\d{1,5}$/.test(value)) this.set.seed = Number(value);
      else if (Object.hasOwn(SLIDERS, name) && Number(value) >= 0 && Number(value) <= SLIDERS[name][3]) this.set[name] = Number(value);
    }
  }

  // Loading and running

  press() {
    if (!this.worker) return this.load();
    if (this.running) this.worker.postMessage({ type: "pause" });
    else this.run(UPDATES);
  }

  load() {
    if (typeof WebAssembly === "undefined" || typeof DecompressionStream === "undefined")
      return this.say("This browser cannot run it: it needs WebAssembly and DecompressionStream. The chains shown were computed before.");
    try {
      this.worker = new Worker(new URL("worker.js", here), { type: "module" });
    } catch (error) {
      return this.on_error({ message: error.message });
    }
    this.go.disabled = true;
    this.bar.hidden = false;
    this.say("loading");
    this.worker.onmessage = ({ data }) => this[`on_${data.type}`]?.(data);
    this.worker.onerror = (event) => this.on_error({ message: event.message });
    this.worker.postMessage({ type: "load", again: this.failed, gpu: this.root.dataset.gpu });
  }

  on_progress({ loaded, total }) {
    this.bar.value = Math.min(1, loaded / total);
  }

  on_ready({ runs }) {
    this.ready = true;
    this.root.dataset.runs = runs;
    this.enable();
    this.send();
    this.restart();
  }

  enable() {
    this.bar.hidden = true;
    for (const button of [this.go, this.one, this.again]) button.disabled = false;
  }

  on_error({ message }) {
    this.bar.hidden = true;
    if (this.ready) {
      this.shows(false);
      return this.say(message);
    }
    console.info(message);
    const why = /damaged/.test(message ?? "") ? message : "it needs the network, and a browser of 2023 or later";
    this.say(`The sampler could not be loaded: ${why}.`);
    this.worker?.terminate();
    this.worker = null;
    this.failed = true;
    this.go.disabled = false;
    this.go.textContent = "Try again";
  }

  on_paused({ era }) {
    if (era === this.era) this.shows(false);
  }

  shows(running) {
    this.running = running;
    this.go.textContent = running ? "Pause" : "Run";
    this.say(running ? "" : "paused");
  }

  send() {
    const { eps1, eps2, eps3, prior, condition, item, colour, background } = this.set;
    this.worker.postMessage({ type: "set", eps1, eps2, eps3, prior, condition, asked: { item, colour, background } });
  }

  restart() {
    const starts = Array.from({ length: this.set.chains }, (_, i) => {
      const seed = this.set.seed + i;
      const { start } = this.set;
      if (start === "now" && this.history.length) return { seed, h: null }; // the worker has it
      if (start === "random" || start === "now") return { seed, h: rectifiedNormal(seed, this.about.code) };
      return { seed, h: this.about.photographs[Number(start)].h };
    });
    this.clear();
    this.worker.postMessage({ type: "start", era: ++this.era, steps: UPDATES, chains: starts });
    this.shows(true);
  }

  run(steps) {
    this.shows(true);
    this.worker.postMessage({ type: "run", steps });
  }

  say(text) {
    this.status.textContent = text;
  }

  // Pictures

  clear() {
    this.kept = 0;
    this.every = 1;
    this.history = [];
    this.pictures.replaceChildren();
    this.strip.replaceChildren();
    this.curves.replaceChildren();
  }

  canvas(pixels) {
    const size = this.about.size;
    const made = element("canvas", { width: size, height: size, "aria-hidden": "true" });
    made.getContext("2d").putImageData(new ImageData(pixels, size, size), 0, 0);
    return made;
  }

  on_states({ era, step, left, chains }) {
    if (era !== this.era) return; // of a chain that was given up
    if (left > 0 !== this.running) this.shows(left > 0);
    const asked = Object.keys(HEADS).filter((head) => this.set[head] >= 0).map((head) => this.about.classes[head][this.set[head]]);
    this.count.textContent = `step ${step}`;
    this.root.dataset.step = step;
    if (this.pictures.children.length !== chains.length) {
      this.pictures.replaceChildren(...chains.map((c) => this.canvas(c.pixels)));
      for (const picture of this.pictures.children) {
        picture.removeAttribute("aria-hidden");
        picture.setAttribute("role", "img");
      }
      this.strip.replaceChildren(...chains.map(() => element("div", {})));
    }
    const label = `what G draws now; asked for: ${asked.join(", ") || "nothing"}`;
    chains.forEach((c, i) => {
      const picture = this.pictures.children[i];
      picture.getContext("2d").putImageData(new ImageData(c.pixels, this.about.size, this.about.size), 0, 0);
      if (picture.getAttribute("aria-label") !== label) picture.setAttribute("aria-label", label);
    });
    if (step % this.every === 0) this.keep(step, chains);
    this.history.push(chains.map(({ logP, off }) => ({ step, logP, off })));
    if (this.history.length > POINTS) this.history = this.history.filter((_, i) => i % 2 === 0);
    this.curve();
  }

  // A strip that is full keeps every second picture.
  keep(step, chains) {
    [...this.strip.children].forEach((row, i) => row.append(this.canvas(chains[i].pixels)));
    if (++this.kept > KEPT) {
      for (const row of this.strip.children) [...row.children].forEach((picture, i) => i % 2 && picture.remove());
      this.kept = this.strip.firstChild.children.length;
      this.every *= 2;
    }
  }

  curve() {
    if (!this.curves.children.length) {
      for (const text of Object.values(CURVES))
        this.curves.append(
          element("figure", {}, element("canvas", { width: 300, height: 90, role: "img", "aria-label": `${text} over the steps` }), element("figcaption", {}, `${text}, over the steps so far`)),
        );
    }
    const style = getComputedStyle(this.root);
    Object.entries(CURVES).forEach(([what, text], k) => {
      const canvas = this.curves.children[k].firstChild;
      const pen = canvas.getContext("2d");
      const values = this.history.flatMap((row) => row.map((c) => c[what])).filter(Number.isFinite);
      const low = what === "off" ? 0 : Math.max(Math.min(...values), -30);
      const high = what === "off" ? Math.max(...values) : 0;
      const last = this.history.at(-1)[0].step || 1;
      if (!this.running) {
        const now = this.history.at(-1).map((c) => c[what].toFixed(2)).join(", ");
        canvas.setAttribute("aria-label", `${text} over the steps; after ${last} of them ${now}`);
      }
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.font = "11px sans-serif";
      pen.fillStyle = style.color;
      pen.fillText(high.toFixed(high < 10 ? 1 : 0), 2, 12);
      pen.fillText(low.toFixed(0), 2, canvas.height - 4);
      pen.strokeStyle = style.getPropertyValue("--live-line") || style.color;
      pen.lineWidth = 1.5;
      for (let i = 0; i < this.history[0].length; i++) {
        pen.beginPath();
        for (const row of this.history) {
          const x = 34 + ((canvas.width - 38) * row[i].step) / last;
          const y = 6 + (canvas.height - 12) * (1 - (Math.max(row[i][what], low) - low) / (high - low || 1));
          pen.lineTo(x, y);
        }
        pen.stroke();
      }
    });
  }

  // Before anything is loaded, or where nothing can run: chains that were computed before.
  showPrecomputed() {
    const { steps, every } = this.about.chains;
    const item = Math.max(0, this.set.item);
    const image = new Image();
    image.onload = () => {
      if (this.ready) return;
      const size = this.about.size;
      const row = element("div", {});
      for (let t = 0; t <= steps / every; t++) {
        const made = element("canvas", { width: size, height: size, "aria-hidden": "true" });
        made.getContext("2d").drawImage(image, t * size, item * size, size, size, 0, 0, size, size);
        row.append(made);
      }
      this.strip.replaceChildren(row);
      const last = element("canvas", { width: size, height: size, role: "img", "aria-label": `${this.about.classes.item[item]}, the end of a chain` });
      last.getContext("2d").drawImage(row.lastChild, 0, 0);
      this.pictures.replaceChildren(last);
      this.count.textContent = `computed before: ${this.about.classes.item[item]} in any colour, every ${every}th of ${steps} steps`;
    };
    image.src = new URL("chains.png", here);
  }
}

const root = document.querySelector(".live:not(.banana)");
if (location.protocol !== "file:" && root) {
  const response = await fetch(new URL("live.json", here), { cache: "no-cache" });
  if (response.ok) root.live = new Live(root, await response.json());
}
