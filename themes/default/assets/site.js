// Hover cards, and layer switches that are remembered. Optional: the list below the text says the same.
(() => {
  const records = new Map();
  for (const item of document.querySelectorAll(".records > li")) records.set(item.querySelector("a").href, item);

  let card, timer, current;
  const open = () => card && card.matches(":popover-open");
  const close = () => {
    clearTimeout(timer);
    if (open()) card.hidePopover();
    if (current) current.removeAttribute("aria-describedby");
    current = null;
  };
  const later = (act, ms) => { clearTimeout(timer); timer = setTimeout(act, ms); };

  const show = (name) => {
    const item = records.get(name.href);
    if (!item || !HTMLElement.prototype.showPopover) return;
    if (!card) {
      card = document.createElement("div");
      card.id = "hover-card";
      card.popover = "manual";
      card.setAttribute("role", "tooltip");
      card.onpointerenter = () => clearTimeout(timer);
      card.onpointerleave = () => later(close, 150);
      document.body.append(card);
    }
    close();
    card.className = "hover " + item.className;
    card.replaceChildren(...item.cloneNode(true).childNodes);
    card.showPopover();
    name.setAttribute("aria-describedby", card.id);
    current = name;
    const line = name.getClientRects()[0];
    const below = line.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = Math.max(8, Math.min(innerWidth - card.offsetWidth - 8, line.left)) + "px";
    card.style.top = (below ? line.bottom + 4 : line.top - card.offsetHeight - 4) + "px";
  };

  for (const name of document.querySelectorAll(".prose a.e")) {
    name.onpointerenter = (e) => e.pointerType === "mouse" && later(() => show(name), 250);
    name.onpointerleave = () => later(close, 150);
    name.onfocus = () => name.matches(":focus-visible") && show(name);
    name.onblur = () => later(close, 150);
  }
  addEventListener("keydown", (e) => e.key === "Escape" && close());
  addEventListener("scroll", close, { passive: true });

  for (const box of document.querySelectorAll(".tools input")) {
    try {
      box.checked = localStorage.getItem(box.id) !== "off";
      box.onchange = () => localStorage.setItem(box.id, box.checked ? "on" : "off");
    } catch { /* no storage: they forget */ }
  }
})();
