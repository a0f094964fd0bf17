// Reloads this page when a build changed it, or a stylesheet, script or image it uses. Preview only.
"use strict";
(() => {
  const pathOf = (address) => {
    const path = new URL(address, location.href).pathname.replace(/\/index\.html$/, "/");
    try { return decodeURIComponent(path); } catch { return path; }
  };
  const own = pathOf(location.href);
  const used = () => Array.from(
    document.querySelectorAll("link[rel~=stylesheet][href], script[src], img[src]"), (e) => pathOf(e.href || e.src));

  let seen = document.currentScript.dataset.build;
  let events = null;
  const follow = () => {
    // A browser opens six connections to a server and no more: a page no one sees gives up its own, and catches up later.
    if (document.hidden) { events?.close(); events = null; return; }
    if (events) return;
    events = new EventSource("/_sitegen/events?since=" + encodeURIComponent(seen));
    events.addEventListener("changed", (event) => {
      seen = event.lastEventId;
      const urls = new Set(JSON.parse(event.data));
      if (urls.has("*") || urls.has(own) || used().some((url) => urls.has(url))) location.reload();
    });
  };
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => { events?.close(); events = null; });
  addEventListener("pageshow", follow);
  follow();
})();
