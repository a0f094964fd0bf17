// A word to the person at the edge of the page, read out by screen readers, gone after a while.
import { element, host } from "/_sitegen/parts.js";

let box, timer;

export function notice(text, help = "") {
  if (!box) {
    box = host("sitegen-notice", "/_sitegen/tools.css");
    box.shadowRoot.append(element("p", { role: "status", class: "notice" }));
  }
  const line = box.shadowRoot.querySelector("p");
  line.textContent = text + (help ? ` — ${help}` : "");
  line.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { line.hidden = true; }, Math.max(4000, 80 * line.textContent.length));
}
