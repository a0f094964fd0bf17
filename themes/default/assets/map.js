// Zoom and pan for large maps. Without it a map is still whole, and its pins are still links.
for (const figure of document.querySelectorAll(".map:not(.locator)")) {
  const svg = figure.querySelector("svg"), box = svg.viewBox.baseVal;
  const { x: x0, y: y0, width: w0, height: h0 } = box;
  const between = (low, value, high) => Math.max(low, Math.min(high, value));

  const view = (x, y, w) => {
    w = between(w0 / 24, w, w0);
    const h = (w * h0) / w0, k = w0 / w, shown = figure.clientWidth * k;
    [box.width, box.height] = [w, h];
    [box.x, box.y] = [between(x0, x, x0 + w0 - w), between(y0, y, y0 + h0 - h)];
    svg.style.setProperty("--k", k);
    svg.style.touchAction = k > 1 ? "none" : "";
    figure.classList.toggle("zoom1", shown > 630);
    figure.classList.toggle("zoom2", shown > 1000);
    figure.classList.toggle("zoom3", shown > 3000);
  };
  const at = (e) => {
    const edge = svg.getBoundingClientRect();
    return [box.x + ((e.clientX - edge.left) / edge.width) * box.width, box.y + ((e.clientY - edge.top) / edge.height) * box.height];
  };
  const zoom = (by, [x, y] = [box.x + box.width / 2, box.y + box.height / 2]) =>
    view(x - (x - box.x) / by, y - (y - box.y) / by, box.width / by);
  const move = (x, y) => view(box.x + (x * box.width) / 8, box.y + (y * box.height) / 8, box.width);

  // The wheel is the page's, unless Ctrl is held.
  svg.addEventListener("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    zoom(Math.exp(-e.deltaY * 0.004), at(e));
  }, { passive: false });

  let held, moved;
  svg.onpointerdown = (e) => { held = at(e); moved = false; };
  svg.onpointermove = (e) => {
    if (!held || !e.buttons || box.width === w0) return;
    const [x, y] = at(e);
    if (!moved && (Math.hypot(x - held[0], y - held[1]) / box.width) * figure.clientWidth < 5) return;
    if (!moved) svg.setPointerCapture(e.pointerId);
    moved = true;
    view(box.x + held[0] - x, box.y + held[1] - y, box.width);
  };
  svg.onpointerup = svg.onpointercancel = () => { held = null; };
  svg.ondragstart = (e) => e.preventDefault();
  svg.addEventListener("click", (e) => moved && e.preventDefault(), true);

  const tools = document.createElement("div");
  tools.className = "map-tools";
  for (const [sign, label, act] of [
    ["+", "zoomIn", () => zoom(1.6)], ["−", "zoomOut", () => zoom(1 / 1.6)], ["⟲", "whole", () => view(x0, y0, w0)],
  ]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: sign, onclick: act });
    button.setAttribute("aria-label", figure.dataset[label]);
    tools.append(button);
  }
  tools.onkeydown = (e) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (step) { e.preventDefault(); move(...step); }
  };
  figure.append(tools);
}
