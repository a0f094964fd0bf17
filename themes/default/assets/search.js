// The search page: asks Pagefind, shows facets with counts and results in groups, and keeps its state in the address.
const form = document.getElementById("search"), field = form.q, status = document.getElementById("status");
const shelves = document.getElementById("shelves"), clear = document.getElementById("clear"), narrow = form.querySelector("details");
const facets = [...form.querySelectorAll("[data-facet]")], groups = [...form.querySelectorAll("[data-group]")];
const root = new URL(form.dataset.root, location.href);
// A word, and the signs around it.
const BARE = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su;
const STEP = { articles: 10, records: 6, notes: 6 }, FEW = 8, AROUND = 30;
const say = (text, n) => text.replace("{n}", n.toLocaleString(document.documentElement.lang || "en"));

let engine;
const load = () => (engine ||= import(new URL("pagefind.js", new URL(form.dataset.index, location.href))).then(async (made) => {
  await made.options({ baseUrl: "/", ranking: { metaWeights: { title: 5, date: 0.5 } } });
  await made.filters(); // only those that are loaded are counted
  return made;
}));

// The state: words, chosen values by facet, order. The address says it, and nothing else does.
const read = () => {
  const said = new URLSearchParams(location.search), chosen = {};
  for (const { dataset: { facet } } of facets) if (said.has(facet)) chosen[facet] = [...new Set(said.getAll(facet))];
  return { words: (said.get("q") || "").slice(0, 200), chosen, sort: ["new", "old"].includes(said.get("sort")) ? said.get("sort") : "" };
};
const write = ({ words, chosen, sort }, push) => {
  const said = new URLSearchParams();
  if (words) said.set("q", words);
  for (const [facet, values] of Object.entries(chosen)) for (const value of values) said.append(facet, value);
  if (sort) said.set("sort", sort);
  const address = location.pathname + (said.size ? `?${said}` : "");
  if (address !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", address);
};

const isAny = (facet) => facets.some((set) => set.dataset.facet === facet && "any" in set.dataset);
// Of one facet any value will do, or, of records, all are wanted: an article that names both.
const filtersOf = (chosen, but) => Object.fromEntries(
  Object.entries(chosen).filter(([facet]) => facet !== but).map(([facet, values]) => [facet, isAny(facet) ? { any: values } : values]),
);

let turn = 0;
const show = async () => {
  const mine = ++turn, state = read(), { words, chosen, sort } = state, asked = Boolean(words.trim() || Object.keys(chosen).length);
  if (document.activeElement !== field || !field.value.trim()) field.value = words;
  form.sort.value = sort;
  clear.hidden = !Object.keys(chosen).length;
  shelves.hidden = asked;
  let made;
  if (asked && !status.textContent) status.textContent = "…";
  try { made = await load(); } catch { status.textContent = form.dataset.broken; shelves.hidden = false; return; }
  const term = words.trim() || null, filters = filtersOf(chosen);
  const all = await made.search(term, { filters });
  if (!all || mine !== turn) return;
  const counts = { ...all.filters };
  // What else of a facet could be added is counted without it.
  for (const facet of Object.keys(chosen)) {
    if (isAny(facet)) counts[facet] = (await made.search(term, { filters: filtersOf(chosen, facet) })).filters[facet];
  }
  if (mine !== turn) return;
  for (const set of facets) drawFacet(set, counts[set.dataset.facet] || {}, chosen[set.dataset.facet] || []);
  const total = asked ? all.results.length : 0;
  status.textContent = asked ? (total ? say(form.dataset.found, total) : form.dataset.none) : "";
  for (const group of groups) {
    const id = group.dataset.group, some = asked && all.filters.group?.[id];
    if (!some) { group.hidden = true; group.querySelector("ol").replaceChildren(); continue; }
    const order = sort && id !== "records" ? { date: sort === "new" ? "desc" : "asc" } : {};
    const found = await made.search(term, { filters: { ...filters, group: id }, sort: order });
    if (mine !== turn) return;
    await drawGroup(group, found.results, state, () => mine === turn);
  }
};

const opened = new Set();
const drawFacet = (set, counts, chosen) => {
  const { facet } = set.dataset, labels = {};
  for (const item of set.querySelector("template")?.content.children || []) labels[item.dataset.value] = item.textContent;
  const values = Object.entries(counts).filter(([value, n]) => n || chosen.includes(value));
  for (const value of chosen) if (!(value in counts)) values.push([value, 0]);
  const ordered = "inOrder" in set.dataset ? (a, b) => (a[0] < b[0] ? -1 : 1) : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
  values.sort((a, b) => chosen.includes(b[0]) - chosen.includes(a[0]) || ordered(a, b));
  const all = opened.has(facet), shown = all ? values : values.slice(0, Math.max(FEW, chosen.length));
  const held = document.activeElement?.closest("fieldset") === set ? document.activeElement.value : null;
  const list = document.createElement("ul");
  for (const [value, n] of shown) {
    const item = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input");
    const name = document.createElement("span"), count = document.createElement("span");
    Object.assign(box, { type: "checkbox", name: facet, value, checked: chosen.includes(value) });
    name.textContent = labels[value] || value;
    count.className = "count";
    count.textContent = say("{n}", n);
    label.append(box, name, count);
    item.append(label);
    list.append(item);
  }
  const parts = [list];
  if (values.length > Math.max(FEW, chosen.length)) {
    const more = document.createElement("button");
    Object.assign(more, { type: "button", className: "plain", textContent: all ? form.dataset.few : say(form.dataset.all, values.length) });
    more.setAttribute("aria-expanded", String(all));
    more.onclick = () => {
      opened[all ? "delete" : "add"](facet);
      drawFacet(set, counts, chosen);
      set.querySelector("button").focus();
    };
    parts.push(more);
  }
  for (const old of set.querySelectorAll("ul, button")) old.remove();
  set.append(...parts);
  set.hidden = !values.length;
  if (held !== null) [...set.querySelectorAll("input")].find((box) => box.value === held)?.focus({ preventScroll: true });
};

const drawGroup = async (group, results, state, current) => {
  const list = group.querySelector("ol"), more = group.querySelector("button"), step = STEP[group.dataset.group];
  let shown = 0;
  const next = async () => {
    const found = await Promise.all(results.slice(shown, shown + step).map((result) => result.data()));
    if (!current()) return [];
    const items = found.map((data) => drawn(data, state.words));
    shown ||= list.replaceChildren() || 0;
    list.append(...items);
    shown += items.length;
    more.hidden = shown >= results.length;
    return items;
  };
  more.textContent = form.dataset.more;
  more.onclick = async () => (await next())[0]?.querySelector("a").focus();
  await next();
  group.querySelector(".count").textContent = say("{n}", results.length);
  group.hidden = false;
};

// A result as nodes: no text of the index is ever read as HTML.
const drawn = ({ raw_url: address, url, content, locations, meta, filters }, words) => {
  const item = document.createElement("li"), head = document.createElement("h3"), link = document.createElement("a");
  const parts = content.split(/\s+/), hits = [...new Set(locations)].filter((at) => at < parts.length).sort((a, b) => a - b);
  const target = new URL(String(address || url).replace(/^\//, ""), root);
  for (const hit of hitWords(parts, hits, words)) target.searchParams.append("hit", hit);
  link.href = target.href;
  link.textContent = meta.title;
  head.append(link);
  const about = document.createElement("p"), text = document.createElement("p");
  about.className = "small";
  about.textContent = [filters.kind?.[0] === "notes" ? filters.layer?.[0] : labelOf(filters.kind?.[0]), meta.date].filter(Boolean).join(" · ");
  const first = densest(hits), last = Math.min(parts.length, first + AROUND);
  if (first) text.append("… ");
  for (let at = first; at < last; at++) {
    const [, before, word, after] = parts[at].match(BARE);
    if (hits.includes(at) && word) {
      const mark = document.createElement("mark");
      mark.textContent = word;
      text.append(before, mark, after, " ");
    } else text.append(parts[at], " ");
  }
  if (last < parts.length) text.append("…");
  if (filters.lang?.[0]) for (const part of [head, text]) Object.assign(part, { lang: filters.lang[0], dir: "auto" });
  item.append(head, about);
  if (content.trim() !== meta.title) item.append(text); // of a record that nothing is said of there is its name alone
  return item;
};
const labelOf = (kind) => facets[0].querySelector("template").content.querySelector(`[data-value="${CSS.escape(kind || "")}"]`)?.dataset.one;
// Where an excerpt begins that holds most hits.
const densest = (hits) => {
  let best = 0, most = 0;
  for (const at of hits) {
    const count = hits.filter((other) => other >= at && other < at + AROUND - 4).length;
    if (count > most) [best, most] = [Math.max(0, at - 4), count];
  }
  return best;
};
// What is to be marked on the page: the phrase that was asked for, or the words as they stand in the text.
const hitWords = (parts, hits, words) => {
  const phrase = words.trim().match(/^"(.+)"$/);
  if (phrase) return [phrase[1]];
  const plain = hits.map((at) => parts[at].match(BARE)[2]);
  return [...new Map(plain.filter(Boolean).map((word) => [word.toLowerCase(), word])).values()].slice(0, 8);
};

const stateOf = () => {
  const chosen = {};
  for (const box of form.querySelectorAll("fieldset input:checked")) (chosen[box.name] ||= []).push(box.value);
  return { words: field.value, chosen, sort: form.sort.value };
};
const changed = (push) => { write(stateOf(), push); return show(); };

let typing;
field.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(changed, 150, false); });
form.addEventListener("change", (e) => e.target !== field && changed(true));
form.addEventListener("submit", (e) => { e.preventDefault(); clearTimeout(typing); changed(true); });
clear.onclick = () => { write({ ...stateOf(), chosen: {} }, true); show(); field.focus(); };
addEventListener("popstate", () => { field.value = read().words; show(); });

// Arrow keys go from the field through the results and back.
addEventListener("keydown", (e) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], links = [...form.querySelectorAll("section:not([hidden]) .results a")];
  const at = links.indexOf(document.activeElement), inField = document.activeElement === field;
  if (e.key === "Escape" && at >= 0) field.focus();
  if (!step || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !links.length || (at < 0 && !(inField && step > 0))) return;
  e.preventDefault();
  (at + step < 0 ? field : links[Math.min(at + step, links.length - 1)]).focus();
});

if (matchMedia("(max-width: 56rem)").matches) narrow.open = false;
// The index is fetched once somebody means to search: whoever passes by pays nothing for it.
const begin = () => { if (!engine) show(); };
for (const sign of ["focusin", "pointerover", "touchstart"]) form.addEventListener(sign, begin, { once: true, passive: true });
if (location.hash === "#q") field.focus({ preventScroll: true });
if (location.search) begin();
