// A field that finds a record by any of its names: a combobox as ARIA has it.
import { ask, element } from "/_sitegen/parts.js";

let count = 0;

/** A labelled field and its list; `value()` gives the chosen id, or what was typed where it looks like one. */
export function recordField(label) {
  const id = `records-${count++}`;
  const input = element("input", { type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": id, required: true });
  const list = element("ul", { id, role: "listbox", "aria-label": "Records", class: "records" });
  list.hidden = true;
  const box = element("div", { class: "record-field" }, element("label", {}, label, input), list);
  let chosen = "", at = -1, asked = 0, timer;

  const show = (open) => { list.hidden = !open; input.setAttribute("aria-expanded", String(open)); };
  const mark = (next) => {
    const options = [...list.children];
    at = options.length ? (next + options.length) % options.length : -1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) { input.setAttribute("aria-activedescendant", options[at].id); options[at].scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => { chosen = option.dataset.record; input.value = chosen; show(false); mark(-1); at = -1; };
  const look = async () => {
    const mine = ++asked;
    const found = input.value.trim() ? (await ask(`/_review/records?q=${encodeURIComponent(input.value)}`)).records : [];
    if (mine !== asked) return;
    list.replaceChildren(...found.map((record, i) => {
      const option = element("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false", "data-record": record.record },
        element("b", {}, record.name), " ", element("small", {}, record.record, record.about ? ` — ${record.about}` : ""));
      option.onpointerdown = (event) => { event.preventDefault(); choose(option); };
      return option;
    }));
    show(found.length > 0);
    mark(found.length ? 0 : -1);
  };
  input.oninput = () => { chosen = ""; clearTimeout(timer); timer = setTimeout(look, 120); };
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(at + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (event.key === "Enter" && !list.hidden && at >= 0) { event.preventDefault(); choose(list.children[at]); }
    else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); show(false); }
  };
  input.onblur = () => show(false);
  return { box, input, value: () => chosen || input.value.trim() };
}
