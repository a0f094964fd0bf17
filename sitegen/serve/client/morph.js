// Carries the difference between two versions of a page over to the page itself, and touches nothing else: what readers
// and scripts did to the page since it came (scroll, focus, what is open or filled in, nodes of their own) stays.
import { current, refreshed } from "/_sitegen/assets.js";

const ELEMENT = 1;
const RUNS = new Set(["", "module", "text/javascript", "application/javascript", "importmap"]);

/** Make `served` (the root of the page as it came) equal to `next` (a document), and the page with it.
 *  live: leads from a node of `served` to that of the page. False where only loading the page anew will do. */
export function morph(served, next, live) {
  for (const own of [served, next]) own.querySelectorAll('script[src^="/_sitegen/"]').forEach((e) => e.remove());
  const root = next.documentElement;
  if (programs(served) !== programs(root) || root.querySelector('meta[http-equiv="refresh" i]')) return false;
  try {
    new Patch(live).node(served, root);
    return true;
  } catch (error) {
    console.warn("sitegen: the page is loaded anew:", error);
    return false;
  }
}

const programs = (root) => JSON.stringify([...root.querySelectorAll("script")]
  .filter((e) => RUNS.has(e.type)).map((e) => [e.getAttribute("src"), e.type, e.src ? "" : e.textContent]));

const key = (node) => (node.nodeType === ELEMENT ? node.outerHTML : `${node.nodeType}:${node.data}`);

class Patch {
  constructor(live) { this.live = live; }

  of(served) { return current(this.live.get(served)); }

  node(old, next) {
    if (old.isEqualNode(next)) return;
    const page = this.of(old);
    if (old.nodeType !== ELEMENT) {
      old.data = page.data = next.data;
      return;
    }
    this.attributes(old, next, page);
    if (old.nodeName === "NOSCRIPT") return;  // parsed as text where scripts run, as elements where they do not
    if (old.nodeName === "TEMPLATE") {
      if (old.innerHTML !== next.innerHTML) old.innerHTML = page.innerHTML = next.innerHTML;
      return;
    }
    this.children(old, next, page);
  }

  attributes(old, next, page) {
    const names = new Set([...old.getAttributeNames(), ...next.getAttributeNames()]);
    for (const name of names) {
      const was = old.getAttribute(name), now = next.getAttribute(name);
      if (was === now) continue;
      if (name === "class") {
        const kept = new Set((now ?? "").split(/\s+/));
        page.classList.remove(...(was ?? "").split(/\s+/).filter((word) => word && !kept.has(word)));
        page.classList.add(...[...kept].filter(Boolean));
      } else if (name === "href" && page.matches("link[rel~=stylesheet]")) {
        refreshed(page, "", now);
      } else if (now === null) page.removeAttribute(name);
      else page.setAttribute(name, now);
      if (now === null) old.removeAttribute(name);
      else old.setAttribute(name, now);
    }
  }

  children(old, next, page) {
    const was = [...old.childNodes], now = [...next.childNodes];
    while (was.length && now.length && was[0].isEqualNode(now[0])) { was.shift(); now.shift(); }
    while (was.length && now.length && was.at(-1).isEqualNode(now.at(-1))) { was.pop(); now.pop(); }
    const behind = was.length ? was.at(-1).nextSibling : undefined;
    const partner = partners(was, now);
    const kept = new Set(partner.values());
    let at = was[0] ?? (now.length ? this.first(old, next, now) : null);
    for (const node of was) {
      if (kept.has(node)) continue;
      if (node === at) at = node.nextSibling;
      this.of(node).remove();
      node.remove();
    }
    for (const node of now) {
      const found = partner.get(node);
      if (found && found === at) {
        at = at.nextSibling;
      } else if (found) {
        old.insertBefore(found, at);
        this.place(this.of(found), found, page);
      } else {
        const fresh = document.importNode(node, true), shown = document.importNode(node, true);
        old.insertBefore(fresh, at);
        this.pair(fresh, shown);
        this.place(shown, fresh, page);
      }
      if (found) this.node(found, node);
    }
    if (behind !== undefined && at !== behind) throw new Error("children out of step");
  }

  /** Where the first of new nodes goes when none of the old ones makes way: before what follows them. */
  first(old, next, now) {
    const tail = [...next.childNodes].length - [...next.childNodes].indexOf(now.at(-1)) - 1;
    return old.childNodes[old.childNodes.length - tail] ?? null;
  }

  /** Put a node of the page behind that of its elder sibling; scripts may have wrapped that one. */
  place(node, served, page) {
    let before = served.previousSibling && this.of(served.previousSibling);
    while (before && before.parentNode !== page) before = before.parentNode;
    if (before) before.after(node);
    else page.prepend(node);
  }

  pair(served, node) {
    this.live.set(served, node);
    for (let a = served.firstChild, b = node.firstChild; a && b; a = a.nextSibling, b = b.nextSibling) this.pair(a, b);
  }
}

/** Which old node each new one continues: an equal one, one of the same id, else the next of its name. */
function partners(was, now) {
  const found = new Map(), free = new Set(was);
  for (const sort of [key, (node) => node.id, (node) => node.nodeName]) {
    const groups = new Map();
    for (const node of was) {
      const name = free.has(node) && sort(node);
      if (!name) continue;
      if (groups.has(name)) groups.get(name).push(node);
      else groups.set(name, [node]);
    }
    for (const group of groups.values()) group.reverse();
    for (const node of now) {
      const chosen = !found.has(node) && groups.get(sort(node))?.pop();
      if (!chosen) continue;
      found.set(node, chosen);
      free.delete(chosen);
    }
  }
  return found;
}
