// Hover cards, layer switches that are remembered, citations to copy or save, pages fetched ahead. All optional:
// the page says the same without.
(() => {
  const all = (selector) => document.querySelectorAll(selector);
  const records = new Map();
  for (const item of all(".records > li")) records.set(item.querySelector("a").href, item);

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
      document.querySelector("main").append(card);
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

  for (const name of all(".prose a.e")) {
    name.onpointerenter = (e) => e.pointerType === "mouse" && later(() => show(name), 250);
    name.onpointerleave = () => later(close, 150);
    name.onfocus = () => name.matches(":focus-visible") && show(name);
    name.onblur = () => later(close, 150);
  }
  addEventListener("keydown", (e) => e.key === "Escape" && close());
  addEventListener("scroll", close, { passive: true });

  for (const box of all(".tools input[type=checkbox]")) {
    try {
      const kept = localStorage.getItem(box.id);
      if (kept) box.checked = kept === "on";
      box.onchange = () => localStorage.setItem(box.id, box.checked ? "on" : "off");
    } catch { /* no storage: they forget */ }
  }

  const forms = document.getElementById("sec-cite");
  if (forms) {
    const said = document.createElement("p");
    said.className = "said";
    said.setAttribute("role", "status");
    document.body.append(said);
    const copy = async (text) => {
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = forms.dataset.copied;
        setTimeout(() => { said.textContent = ""; }, 2500);
      } catch { /* not allowed: the text can be marked and copied */ }
    };
    const button = (text, label, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", textContent: text, onclick: act });
      made.setAttribute("aria-label", `${text}: ${label}`);
      return made;
    };
    for (const form of forms.querySelectorAll("dd")) {
      const [term, file] = [form.previousElementSibling, form.firstElementChild.dataset.file];
      const label = term.textContent, text = form.textContent.trim();
      term.append(button(forms.dataset.copy, label, () => copy(text)));
      if (file) {
        term.append(button(forms.dataset.save, label, () => {
          const href = URL.createObjectURL(new Blob([text + "\n"], { type: "text/plain" }));
          Object.assign(document.createElement("a"), { href, download: file }).click();
          setTimeout(URL.revokeObjectURL, 9000, href);
        }));
      }
    }
    const whole = forms.querySelector("dd").textContent.trim(), at = whole.lastIndexOf(" ");
    for (const number of all("a.number")) {
      number.addEventListener("click", () => copy(`${whole.slice(0, at)} ¶ ${number.textContent}.${whole.slice(at)}${number.hash}`));
    }
  }

  // A page that is pointed at is likely to be wanted next.
  const ahead = new Set([location.pathname]);
  addEventListener("pointerover", (e) => {
    const link = e.pointerType === "mouse" && e.target.closest?.("a[href]");
    if (!link || link.origin !== location.origin || !link.pathname.endsWith("/") || navigator.connection?.saveData) return;
    if (!ahead.has(link.pathname)) setTimeout(() => {
      if (!link.matches(":hover") || ahead.has(link.pathname)) return;
      ahead.add(link.pathname);
      document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: link.href.split("#")[0] }));
    }, 80);
  });
})();
