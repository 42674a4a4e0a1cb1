// Random numbers that a seed gives again; another browser may differ in the last digit.

// A stream of numbers in [0, 1) (mulberry32).
export function draw(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// As many numbers of N(0, 1) (Box and Muller).
export function normals(random, count) {
  const found = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    found[i] = radius * Math.cos(angle);
    if (i + 1 < count) found[i + 1] = radius * Math.sin(angle);
  }
  return found;
}

// Where a chain starts if no picture had a part in it: max(0, N(-0.9, 2.35^2)), as `starts.rectified_normal`. Start and
// noise of a chain must be different streams, so the seed is turned into another one.
export function rectifiedNormal(seed, count) {
  return normals(draw(seed ^ 0x5deece66), count).map((z) => Math.max(0, -0.9 + 2.35 * z));
}
