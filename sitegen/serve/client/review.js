// The queue of what waits for a person, one item at a time; every key has a button that does the same.
import { ask, element, openPlace } from "/_sitegen/parts.js";
import { listen } from "/_sitegen/listen.js";
import { show as complain } from "/_sitegen/overlay.js";
import { recordField } from "/_sitegen/records.js";

const TITLES = { suggestions: "Suggestions", ambiguous: "Ambiguous names", duplicates: "Near duplicates", notes: "Notes without a place" };
const $ = (id) => document.getElementById(id);
const skipped = new Set();
const asked = () => (location.hash.slice(1) in TITLES ? location.hash.slice(1) : "suggestions");
let list = asked();
let view = { items: [], counts: {} }, item = null, keys = new Map(), busy = false, next = null;
let turn = 0, stale = false, lost = false;

function say(text, wrong = false) {
  $("said").className = wrong ? "wrong" : "";
  $("said").textContent = text;
}

async function load(wanted = "") {
  view = await ask(`/_review/list?list=${list}`);
  frame();
  const open = view.items.filter((line) => !skipped.has(line.key));
  const next = open.find((line) => line.key === wanted) ?? open[0] ?? view.items[0];
  await show(next?.key ?? "");
}

/** What stands around the list and the item: counts, and what can be taken back. */
function frame() {
  if (!$("lists").children.length) {
    $("lists").replaceChildren(...Object.entries(TITLES).map(([name, title]) =>
      element("a", { href: `#${name}` }, title, " ", element("span", { class: "count" }))));
  }
  Object.keys(TITLES).forEach((name, i) => {
    const link = $("lists").children[i];
    if (name === list) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    link.querySelector(".count").textContent = String(view.counts[name]);
  });
  $("undo").disabled = !view.undo;
  $("undo").title = view.undo ? `Take back: ${view.undo}` : "";
  document.title = `Review: ${view.counts[list]} ${TITLES[list].toLowerCase()}`;
}

/** The lines of the list, the one that is shown marked; the one that has the focus keeps it. */
function lines() {
  const focused = document.activeElement.closest("#waiting button")?.dataset.key;
  $("waiting").replaceChildren(element("ol", {}, ...view.items.map((line) => {
    const current = line.key === item?.key ? "true" : false;
    const button = element("button", { type: "button", "data-key": line.key, "aria-current": current }, line.title,
      element("small", {}, [line.kind, line.record, line.articles && `${line.articles} ${line.articles === 1 ? "article" : "articles"}`,
        skipped.has(line.key) && "skipped"].filter(Boolean).join(" · ")));
    button.onclick = () => attempt(() => show(line.key), true);
    return element("li", {}, button);
  })), view.more ? element("p", {}, `and ${view.more} more`) : "");
  const again = focused && [...$("waiting").querySelectorAll("button")].find((button) => button.dataset.key === focused);
  if (focused) (again ?? $("item")).focus({ preventScroll: true });
}

function draw() {
  lost = false;
  keys = new Map();
  const made = item ? PARTS[list](item) : [element("h2", {}, "Nothing waits here"), element("p", {}, "Look at the other lists, or go on writing.")];
  $("item").replaceChildren(...made);
}

async function show(key) {
  item = key ? await ask(`/_review/item?key=${encodeURIComponent(key)}`) : null;
  lines();
  $("waiting").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  draw();
  $("item").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** What a build has changed, put into place: what is typed and ticked, and what has the focus, stays. */
async function refresh() {
  stale = busy;
  if (busy) return;
  const mine = turn;
  try {
    const news = await ask(`/_review/list?list=${list}`);
    const held = item && (news.more || news.items.some((line) => line.key === item.key));
    const now = held ? await ask(`/_review/item?key=${encodeURIComponent(item.key)}`)
      .catch((error) => { if (error.status === 409) return null; throw error; }) : null;
    if (mine !== turn) return refresh();  // by now somebody has decided, or looks elsewhere
    view = news;
    frame();
    if (!item && view.items.length) return attempt(() => load());
    lines();
    if (item && !now) leave();
    else if (lost || JSON.stringify(now) !== JSON.stringify(item)) redraw(now);
  } catch (error) {
    if (error.status) say(error.message + (error.help ? ` — ${error.help}` : ""), true);  // else the server is gone for the moment
  }
}

/** The item stays where it is, so that a key that is on its way does not decide on another. */
function leave() {
  if (lost) return;
  lost = true;
  keys = new Map();
  $("item").querySelector("form")?.remove();
  $("item").querySelector(".acts").replaceChildren(act("k", "Go on", () => load()));
  $("item").focus({ preventScroll: true });
  say("This was decided meanwhile, or is gone: k goes on", true);
}

function redraw(now) {
  const seen = item.seen, active = document.activeElement, form = $("item").querySelector("form");
  const known = (e) => e.getAttribute("aria-keyshortcuts") ?? (e.name === "passage" ? `${e.dataset.article} ${e.dataset.name}` : e.href);
  const off = new Set(ticked(false).map((box) => `${box.article} ${box.name}`)), within = $("item").contains(active);
  const mark = [active.selectionStart, active.selectionEnd];
  item = now;
  draw();
  for (const box of $("item").querySelectorAll("input[name=passage]")) box.checked = !off.has(known(box));
  if (form) $("item").querySelector(".acts").after(form);
  if (within) {
    const again = form?.contains(active) ? active : [...$("item").querySelectorAll("button, input, a")].find((e) => known(e) === known(active));
    (again ?? $("item")).focus({ preventScroll: true });
    if (again === active && typeof mark[0] === "number") active.setSelectionRange(...mark);
  }
  if (seen !== now.seen) say("This was changed meanwhile: it is shown as it is now");
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
  turn += 1;
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
  else if (stale) await refresh();
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
await attempt(() => load());
listen(() => "/_sitegen/events", { problems: (event) => complain(JSON.parse(event.data)), built: refresh });
