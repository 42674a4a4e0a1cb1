// A picture that holes are painted on: with the mouse or a finger, or with the arrow keys and the space bar.
const ZOOM = 10;

export function painted_by(at, radius, size) {
  const found = [];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (Math.hypot(x + 0.5 - at.x, y + 0.5 - at.y) <= radius) found.push(y * size + x);
  return found;
}

function render({ model, el }) {
  const size = model.get("size");
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: size * ZOOM, height: size * ZOOM, tabIndex: 0 });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "The picture. Paint a hole with the mouse, or with the arrow keys and the space bar.");
  Object.assign(canvas.style, { touchAction: "none", cursor: "crosshair", maxWidth: "100%" });
  const clear = document.createElement("button");
  clear.textContent = "no hole";
  el.append(canvas, document.createElement("br"), clear);
  const pen = canvas.getContext("2d");
  const brush = { x: size / 2, y: size / 2 };
  const picture = new Image();
  let painted = new Set(model.get("painted"));

  function show() {
    pen.imageSmoothingEnabled = false;
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#888";
    for (const i of painted) pen.fillRect((i % size) * ZOOM, Math.floor(i / size) * ZOOM, ZOOM, ZOOM);
    pen.strokeStyle = "#d00";
    pen.beginPath();
    pen.arc(brush.x * ZOOM, brush.y * ZOOM, model.get("radius") * ZOOM, 0, 2 * Math.PI);
    pen.stroke();
  }
  function tell() {
    model.set("painted", [...painted].sort((a, b) => a - b));
    model.save_changes();
  }
  function paint() {
    for (const i of painted_by(brush, model.get("radius"), size)) painted.add(i);
    show();
  }
  function follow(event) {
    const box = canvas.getBoundingClientRect();
    brush.x = ((event.clientX - box.left) / box.width) * size;
    brush.y = ((event.clientY - box.top) / box.height) * size;
    if (event.buttons) paint();
    else show();
  }
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
  canvas.addEventListener("pointermove", follow);
  canvas.addEventListener("pointerup", tell);
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation(); // else the notebook takes the key for itself
    if (way) {
      brush.x = Math.min(size, Math.max(0, brush.x + way[0]));
      brush.y = Math.min(size, Math.max(0, brush.y + way[1]));
      show();
    } else {
      paint();
      tell();
    }
  });
  clear.addEventListener("click", () => {
    painted.clear();
    show();
    tell();
  });
  model.on("change:painted", () => {
    painted = new Set(model.get("painted"));
    show();
  });
  picture.addEventListener("load", show);
  picture.src = model.get("picture");
}

export default { render };
