// Corrections where one reads: mark words, or click a name while “Annotate” is on, and say what is meant.
import { ask, element, host } from "/_sitegen/parts.js";
import { notice } from "/_sitegen/notice.js";
import { recordField } from "/_sitegen/records.js";

const MOTIVATIONS = ["commenting", "questioning", "assessing", "describing", "editing", "highlighting", "linking"];
const page = () => decodeURI(location.pathname).replace(/\/index\.html$/, "/");
const root = host("sitegen-tools", "/_sitegen/tools.css").shadowRoot;
let article = null, panel = null, back = null;
const { kinds } = await ask("/_sitegen/me");

const look = async () => { article = await ask(`/_review/article?page=${encodeURIComponent(page())}`).catch(() => null); };
await look();
document.addEventListener("sitegen:changed", () => look().then(() => { toggle.hidden = !editable(); }));
const editable = () => Boolean(article?.article.startsWith("articles/"));

const toggle = element("button", { type: "button", "aria-pressed": sessionStorage.sitegenAnnotate === "on" ? "true" : "false",
  title: "Mark words, or click a name, to correct it (Alt+Shift+A)" }, "Annotate");
toggle.hidden = !editable();
toggle.onclick = () => {
  const on = toggle.getAttribute("aria-pressed") !== "true";
  toggle.setAttribute("aria-pressed", String(on));
  sessionStorage.sitegenAnnotate = on ? "on" : "off";
  if (on) notice("Mark words, or click a name"); else close();
};
root.append(element("nav", { class: "pill", "aria-label": "Preview" }, toggle, element("a", { href: "/_review" }, "Review")));
const active = () => editable() && toggle.getAttribute("aria-pressed") === "true";

/** Words of the text as the server finds them again: the paragraph they begin in, and how often it has them before. */
function marked(range) {
  const words = range.toString().trim();
  const from = range.startContainer;
  const block = (from.nodeType === 1 ? from : from.parentElement)?.closest("main [id]:not(section, article, fieldset)");
  if (!words || !block) return null;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const plain = (text) => text.replace(/\s+/g, " ");
  return { words, block: block.id, nth: plain(before.toString()).split(plain(words)).length - 1, box: range.getBoundingClientRect() };
}

const selected = () => {
  const selection = getSelection();
  return selection.rangeCount && !selection.isCollapsed ? marked(selection.getRangeAt(0)) : null;
};

function mention(link) {
  const range = document.createRange();
  range.selectNodeContents(link);
  const found = marked(range);
  return found && { ...found, record: link.dataset.record };
}

function close() {
  panel?.remove();
  panel = null;
  back?.focus?.();
  back = null;
}

function open(subject, focus) {
  if (!subject) return;
  panel?.remove();
  back = focus ? document.activeElement : null;
  const title = subject.record ? `“${subject.words}” is ${subject.record}` : `“${subject.words}”`;
  panel = element("div", { class: "panel", role: "dialog", "aria-label": title });
  const button = (text, act) => Object.assign(element("button", { type: "button" }, text), { onclick: act });
  const name = { article: article.article, name: subject.words, seen: article.seen };
  panel.append(element("p", { class: "what" }, title.length > 90 ? `${title.slice(0, 90)} …` : title), element("div", { class: "row" },
    ...(subject.record ? [
      button("Not this one", () => send("/_review/mention", { ...name, record: "none" })),
      button("Someone else …", () => who(subject, name)),
    ] : [button("This is …", () => who(subject, name))]),
    button("New record …", () => fresh(subject, name)),
    button("Note …", () => note(subject)),
    button("Never link", () => send("/_review/mention", { ...name, stop: true })),
    button("Close", close)));
  panel.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } };
  root.append(panel);
  place(subject.box);
  if (focus) panel.querySelector("button").focus();
}

function place(box) {
  const below = box.bottom + panel.offsetHeight + 12 < innerHeight;
  panel.style.left = `${Math.max(8, Math.min(innerWidth - panel.offsetWidth - 8, box.left))}px`;
  panel.style.top = `${Math.max(8, below ? box.bottom + 8 : box.top - panel.offsetHeight - 8)}px`;
}

function form(title, subject, fields, work) {
  panel.querySelector("form")?.remove();
  const made = element("form", { "aria-label": title }, ...fields, element("button", { type: "submit" }, title));
  made.onsubmit = (event) => { event.preventDefault(); work(); };
  panel.append(made);
  place(subject.box);
  made.querySelector("input, select, textarea").focus();
}

const labelled = (text, field) => element("label", {}, element("span", {}, text), field);

function who(subject, name) {
  const field = recordField("Which record?");
  const all = element("input", { type: "checkbox" });
  form("Save", subject, [field.box, element("label", { class: "check" }, all, "in all articles, as an alias")],
    () => send("/_review/mention", { ...name, record: field.value(), everywhere: all.checked }));
}

function fresh(subject, name) {
  const title = element("input", { type: "text", required: true, value: subject.words });
  const kind = element("select", {}, ...kinds.map((id) => element("option", { value: id }, id)));
  form("Make a record", subject, [labelled("Its name", title), labelled("Its kind", kind)],
    () => send("/_review/mention", { ...name, name: title.value, kind: kind.value }));
}

function note(subject) {
  const body = element("textarea", { required: true, rows: "4" });
  const motivation = element("select", {}, ...MOTIVATIONS.map((word) => element("option", { value: word }, word)));
  form("Save the note", subject, [labelled("What you note, in Markdown", body), labelled("Why", motivation)], () => send("/_review/note", {
    article: article.article, seen: article.notes_seen, words: subject.words, block: subject.block, nth: subject.nth,
    body: body.value, motivation: motivation.value,
  }));
}

async function send(address, body) {
  try {
    notice((await ask(address, body)).said);
    close();
    getSelection().removeAllRanges();
  } catch (error) {
    notice(error.message, error.help);
  }
  await look();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("main a[data-record]");
  if (!active() || !link || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  open(mention(link), true);
}, true);
document.addEventListener("pointerup", (event) => {
  if (active() && event.target instanceof Element && !event.target.localName.startsWith("sitegen-")) setTimeout(() => { const found = selected(); if (found) open(found, false); });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel) return close();
  if (!editable() || !event.altKey || !event.shiftKey || event.code !== "KeyA") return;
  event.preventDefault();
  const link = document.activeElement?.closest?.("main a[data-record]");
  const found = selected() ?? (link && mention(link));
  if (found) open(found, true);
  else toggle.click();
});
