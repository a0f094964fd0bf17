// What stops the build, over the last good page: place, excerpt, caret, remedy, and a way into the editor.
import { element, host, openPlace } from "/_sitegen/parts.js";

let panel = null, hidden = false;

/** Show these problems; with none of them left, nothing. */
export function show(problems) {
  if (!problems.length) {
    panel?.remove();
    panel = null;
    hidden = false;
    return;
  }
  if (!panel) {
    panel = host("sitegen-problems", "/_sitegen/overlay.css");
    panel.shadowRoot.append(element("section", { "aria-labelledby": "title" }));
  }
  const section = panel.shadowRoot.querySelector("section");
  const count = problems.filter((problem) => problem.code).length;
  const title = `${count} ${count === 1 ? "error keeps" : "errors keep"} the last good page on show`;
  const toggle = element("button", { type: "button", "aria-expanded": String(!hidden), "aria-controls": "list" }, hidden ? "Show" : "Hide");
  toggle.onclick = () => { hidden = !hidden; show(problems); panel.shadowRoot.querySelector("button").focus(); };
  const list = element("ol", { id: "list", tabindex: "0", "aria-label": "Errors" }, ...problems.map(entry));
  list.hidden = hidden;
  section.onkeydown = (event) => { if (event.key === "Escape" && !hidden) toggle.onclick(); };
  section.replaceChildren(element("header", {}, element("div", { role: "alert" }, element("h2", { id: "title" }, title)), toggle), list);
}

function entry(problem) {
  const item = element("li", {}, element("p", { class: "said" }, problem.code && element("code", {}, problem.code), " ", problem.message));
  if (problem.place) item.append(element("p", { class: "place" }, place(problem)));
  if (problem.marked || problem.before) {
    const number = String(problem.line);
    const gutter = (text) => element("span", { class: "gutter", "aria-hidden": "true" }, text.padStart(number.length) + " │ ");
    item.append(element("pre", {}, element("code", {},
      gutter(number), problem.before, element("mark", {}, problem.marked), problem.after, "\n",
      gutter(""), element("span", { class: "ghost", "aria-hidden": "true" }, problem.before),
      element("span", { class: "caret", "aria-hidden": "true" }, "^".repeat(Math.max(1, [...problem.marked].length))))));
  }
  if (problem.help) item.append(element("p", { class: "help" }, problem.help));
  return item;
}

function place(problem) {
  if (!problem.open) return element("code", {}, problem.place);
  if (!problem.open.startsWith("server:")) return element("a", { href: problem.open, title: "Open in your editor" }, problem.place);
  const button = element("button", { type: "button", title: "Open in your editor" }, problem.place);
  button.onclick = () => openPlace({ path: problem.path, open: problem.open });
  return button;
}
