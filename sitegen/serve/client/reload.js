// Keeps this page as the last build made it, without losing the reader's place. Preview only.
// A classic script at the end of the body: it runs when all of the page is there, and before the page's own
// deferred scripts change it.
"use strict";
(() => {
  const script = document.currentScript;
  let seen = script.dataset.build;

  // `served` is the page as it came; `live` leads from each of its nodes to that of the page.
  const live = new WeakMap();
  const pair = (served, node) => {
    live.set(served, node);
    for (let a = served.firstChild, b = node.firstChild; a && b; a = a.nextSibling, b = b.nextSibling) pair(a, b);
  };
  const served = document.documentElement.cloneNode(true);
  pair(served, document.documentElement);

  const pathOf = (address) => {
    const path = new URL(address, location.href).pathname.replace(/\/index\.html$/, "/");
    try { return decodeURIComponent(path); } catch { return path; }
  };
  const own = pathOf(location.href);
  const scripts = () => [...document.querySelectorAll("script[src]")].filter((e) => !e.src.includes("/_sitegen/"));
  const imported = () => performance.getEntriesByType("resource")
    .filter((e) => e.initiatorType === "css" || e.initiatorType === "link").map((e) => pathOf(e.name));

  // After a restart nobody knows what changed: a script that is younger than the page has.
  const anyYounger = async () => {
    const answers = await Promise.all(scripts().map((e) => fetch(e.src, { method: "HEAD" })));
    return answers.some((e) => Date.parse(e.headers.get("Last-Modified")) + 1000 > performance.timeOrigin);
  };

  const apply = async (urls) => {
    const all = urls.has("*");
    if (scripts().some((e) => urls.has(pathOf(e.src))) || (all && await anyYounger())) return location.reload();
    if (all || urls.has(own)) {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const { morph } = await import("/_sitegen/morph.js");
      if (!morph(served, next, live)) return location.reload();
      document.dispatchEvent(new CustomEvent("sitegen:changed"));
    }
    const within = imported().some((path) => urls.has(path));
    const stale = [...document.querySelectorAll("link[rel~=stylesheet][href]")].filter((e) => all || within || urls.has(pathOf(e.href)));
    stale.push(...[...document.querySelectorAll("img[src]")].filter((e) => !all && urls.has(pathOf(e.src))));
    if (!stale.length) return;
    const { refreshed } = await import("/_sitegen/assets.js");
    for (const old of stale) refreshed(old, seen);
  };

  let turn = Promise.resolve();
  const changed = (event, line) => {
    turn = turn.then(async () => {
      if (!line.holds()) return;
      try {
        await apply(new Set(JSON.parse(event.data)));
        seen = event.lastEventId;
      } catch {  // the server is gone for the moment: when it is back it will tell us again
        line.again(500);
      }
    });
  };
  const problems = async (event) => {
    const found = JSON.parse(event.data);
    if (found.length || document.querySelector("sitegen-problems")) (await import("/_sitegen/overlay.js")).show(found);
  };
  const address = () => `/_sitegen/events?since=${encodeURIComponent(seen)}&page=${encodeURIComponent(own)}`;
  import("/_sitegen/listen.js").then(({ listen }) => listen(address, { changed, problems }));
  import("/_sitegen/tools.js");
})();
