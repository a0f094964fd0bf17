// The queue of what waits for a person, one item at a time; every key has a button that does the same.
import { ask, element, openPlace } from "/_sitegen/parts.js";
import { recordField } from "/_sitegen/records.js";

const TITLES = { suggestions: "Suggestions", ambiguous: "Ambiguous names", duplicates: "Near duplicates", notes: "Notes without a place" };
const $ = (id) => document.getElementById(id);
const skipped = new Set();
const asked = () => (location.hash.slice(1) in TITLES ? location.hash.slice(1) : "suggestions");
let list = asked();
let view = { items: [], counts: {} }, item = null, keys = new Map(), busy = false, next = null;

function say(text, wrong = false) {
  $("said").className = wrong ? "wrong" : "";
  $("said").textContent = text;
}

async function load(wanted = "") {
  view = await ask(`/_review/list?list=${list}`);
  $("lists").replaceChildren(...Object.entries(TITLES).map(([name, title]) => element("a",
    { href: `#${name}`, "aria-current": name === list ? "page" : false }, title, " ", element("span", { class: "count" }, String(view.counts[name])))));
  $("undo").disabled = !view.undo;
  $("undo").title = view.undo ? `Take back: ${view.undo}` : "";
  document.title = `Review: ${view.counts[list]} ${TITLES[list].toLowerCase()}`;
  const open = view.items.filter((line) => !skipped.has(line.key));
  const next = open.find((line) => line.key === wanted) ?? open[0] ?? view.items[0];
  await show(next?.key ?? "");
}

async function show(key) {
  item = key ? await ask(`/_review/item?key=${encodeURIComponent(key)}`) : null;
  $("waiting").replaceChildren(element("ol", {}, ...view.items.map((line) => {
    const button = element("button", { type: "button", "aria-current": line.key === key ? "true" : false }, line.title,
      element("small", {}, [line.kind, line.record, line.articles && `${line.articles} ${line.articles === 1 ? "article" : "articles"}`,
        skipped.has(line.key) && "skipped"].filter(Boolean).join(" · ")));
    button.onclick = () => attempt(() => show(line.key), true);
    return element("li", {}, button);
  })), view.more ? element("p", {}, `and ${view.more} more`) : "");
  $("waiting").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  keys = new Map();
  const made = item ? PARTS[list](item) : [element("h2", {}, "Nothing waits here"), element("p", {}, "Look at the other lists, or go on writing.")];
  $("item").replaceChildren(...made);
  $("item").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** A button with a key. */
function act(key, title, work, disabled = false) {
  const button = element("button", { type: "button", disabled, "aria-keyshortcuts": key.length > 1 ? key : key.toUpperCase() === key && key.toLowerCase() !== key ? `Shift+${key}` : key },
    title, element("kbd", { "aria-hidden": "true" }, key));
  button.onclick = () => attempt(work);
  if (!disabled) keys.set(key, button);
  return button;
}

/** later: where something is on its way, look elsewhere after it; a decision on what may be gone by then is not taken. */
async function attempt(work, later = false) {
  if (busy) {
    if (later) next = work;
    return;
  }
  busy = true;
  $("item").setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    say(error.message + (error.help ? ` — ${error.help}` : ""), true);
    if (error.status === 409) await load(item?.key).catch(() => {});
  } finally {
    busy = false;
    $("item").removeAttribute("aria-busy");
  }
  const following = next;
  next = null;
  if (following) await attempt(following);
}

const ticked = (on) => [...$("item").querySelectorAll("input[name=passage]")].filter((box) => box.checked === on)
  .map((box) => ({ article: box.dataset.article, name: box.dataset.name, seen: box.dataset.seen }));

async function decide(word, more = {}) {
  const body = { key: item.key, word, seen: item.seen, ...more };
  if (list === "suggestions") body.excepted = ticked(false);
  if (word === "new" || list === "ambiguous") body.chosen = ticked(true);
  const following = view.items[view.items.findIndex((line) => line.key === item.key) + 1]?.key;
  const { said } = await ask("/_review/decide", body);
  await load(following);
  say(said);
}

async function undo() {
  const { said } = await ask("/_review/undo", {});
  await load();
  say(said);
}

function skip() {
  skipped.add(item.key);
  const at = view.items.findIndex((line) => line.key === item.key);
  const rest = [...view.items.slice(at + 1), ...view.items.slice(0, at)].find((line) => !skipped.has(line.key));
  if (!rest) say("All that is shown was skipped");
  return show(rest?.key ?? item.key);
}

/** A small form above the passages; Escape leaves it. */
function form(title, fields, send) {
  $("item").querySelector("form")?.remove();
  const made = element("form", { class: "ask", "aria-label": title }, ...fields, element("button", { type: "submit" }, title));
  made.onsubmit = (event) => { event.preventDefault(); attempt(send); };
  made.onkeydown = (event) => { if (event.key === "Escape") { made.remove(); $("item").focus(); } };
  $("item").querySelector(".acts").after(made);
  made.querySelector("input, select").focus();
}

function withRecord(word, title) {
  const field = recordField(`${title} which record?`);
  form(title, [field.box], () => decide(word, { target: field.value() }));
}

function asNew() {
  const name = element("input", { type: "text", required: true, value: item.title });
  const kind = element("select", {}, ...item.kinds.map((id) => element("option", { value: id, selected: id === item.kind }, id)));
  form("Make a new record", [element("label", {}, "Its name", name), element("label", {}, "Its kind", kind)],
    () => decide("new", { name: name.value, kind: kind.value }));
}

const passage = (one) => element("blockquote", {}, one.before, element("mark", {}, one.name), one.after,
  one.line ? element("small", {}, ` line ${one.line}`) : "");

function groups(found) {
  return found.map((group) => {
    const box = element("input", { type: "checkbox", name: "passage", checked: true, "data-article": group.article,
      "data-name": group.name, "data-seen": group.seen });
    box.checked = true;
    const times = group.passages.length > 1 ? `, ${group.passages.length} times` : "";
    return element("fieldset", {}, element("legend", {}, element("label", {}, box, element("span", {}, `“${group.name}”${times} in `,
      element("a", { href: `/${group.article}/` }, group.article)))), ...group.passages.map(passage));
  });
}

const head = (title, about) => [element("h2", {}, title), element("p", { class: "about" }, about)];
const acts = (...buttons) => element("div", { class: "acts", role: "toolbar", "aria-label": "Decisions" }, ...buttons, act("k", "Skip", skip));

const PARTS = {
  suggestions: (it) => [
    ...head(it.title, [it.kind, it.record || "candidate", it.aliases.length ? `also ${it.aliases.join(", ")}` : "",
      `${it.articles} ${it.articles === 1 ? "article" : "articles"}`].filter(Boolean).join(" · ")),
    acts(act("a", "Accept", () => decide("accept")), act("r", "Reject", () => decide("reject")),
      act("m", "Merge", () => withRecord("merge", "Merge into")), act("l", "Alias", () => withRecord("alias", "Alias of")),
      act("s", "Stop word", () => decide("stop")), act("n", "New record", asNew),
      ...(it.alike > 1 ? [act("A", `Accept all ${it.alike} alike`, () => decide("accept", { alike: true })),
        act("R", `Reject all ${it.alike} alike`, () => decide("reject", { alike: true }))] : [])),
    ...(it.groups.length ? [element("p", { class: "about" }, "Untick what is not meant: the article will say so.")] : []),
    ...groups(it.groups),
  ],
  ambiguous: (it) => [
    ...head(it.title, `Several records have this name, and ${it.articles === 1 ? "an article does" : "the articles do"} not tell which. It links to none of them.`),
    ...it.choices.map(choice),
    acts(...it.choices.map((one, i) => act(String(i + 1), one.name, () => decide("here", { target: one.record }))),
      act("r", "None of them", () => decide("here", { target: "none" }))),
    ...groups(it.groups),
  ],
  duplicates: (it) => [
    ...head(it.title, "Two records with nearly one name."),
    ...it.choices.map(choice),
    acts(...it.choices.map((one, i) => act(String(i + 1), `One thing: keep ${one.record}`, () => decide("merge", { target: one.record }))),
      act("r", "Two things", () => decide("apart"))),
  ],
  notes: (it) => [
    ...head(`Note ${it.title}`, `${it.record}: ${it.why}`),
    element("div", { class: "choice" }, element("h3", {}, "The note"), element("p", {}, it.body), element("p", {}, "on “", element("mark", {}, it.quote), "”")),
    acts(...it.proposals.map((_, i) => act(String(i + 1), `Place ${i + 1}`, () => decide("accept", { choice: i + 1 }))),
      act("d", "Delete the note", () => decide("delete")), act("e", "Edit", async () => openPlace(await ask(`/_sitegen/source?page=/${it.record}/`)))),
    ...it.proposals.map((place, i) => element("div", { class: "choice" }, element("h3", {}, `Place ${i + 1}`), passage(place))),
    it.proposals.length ? "" : element("p", {}, "No place is like it. Quote other words in its file, or delete it."),
  ],
};

function choice(one, i) {
  return element("div", { class: "choice" },
    element("h3", {}, `${i + 1}  `, one.url ? element("a", { href: one.url }, one.name) : one.name),
    element("p", { class: "about" }, [one.record, one.status, one.aliases?.length ? `also ${one.aliases.join(", ")}` : ""].filter(Boolean).join(" · ")),
    one.summary ? element("p", {}, one.summary) : "");
}

$("undo").onclick = () => attempt(undo);
// What is on its way is an item of the list before: that is drawn first.
addEventListener("hashchange", () => attempt(() => { list = asked(); return load(); }, true));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input[type=text], select, textarea, form")) return;
  const button = event.key === "u" ? $("undo") : keys.get(event.key);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});
attempt(() => load());
