// A click with Alt held, or Alt+Shift+E, opens the editor at the paragraph's line.
import { ask, openPlace } from "/_sitegen/parts.js";
import { notice } from "/_sitegen/notice.js";

const page = () => decodeURI(location.pathname).replace(/\/index\.html$/, "/");

/** The page and the paragraph that an element stands for: its own, or, for a quotation, the one it is quoted from. */
function meant(target) {
  const quoted = target.closest("li, blockquote, figure, p")?.querySelector('a[href*="#p-"]');
  if (quoted && new URL(quoted.href).pathname !== location.pathname) {
    const there = new URL(quoted.href);
    return { page: decodeURI(there.pathname), block: decodeURIComponent(there.hash.slice(1)) };
  }
  const blocks = [];
  for (let e = target.closest("[id]"); e; e = e.parentElement?.closest("[id]")) blocks.push(e.id);
  return { page: page(), block: blocks.join(" ") };
}

async function edit(target) {
  const wanted = meant(target);
  try {
    const place = await ask(`/_sitegen/source?${new URLSearchParams(wanted)}`);
    await openPlace(place);
    notice(`${place.path}:${place.line}`);
  } catch (error) {
    notice(error.message, error.help);
  }
}

document.addEventListener("click", (event) => {
  if (!event.altKey || event.button || !(event.target instanceof Element)) return;
  event.preventDefault();
  event.stopPropagation();
  edit(event.target);
}, true);

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !event.shiftKey || event.code !== "KeyE") return;
  event.preventDefault();
  const focused = document.activeElement !== document.body ? document.activeElement : null;
  edit(getSelection().anchorNode?.parentElement ?? focused ?? document.elementFromPoint(innerWidth / 2, innerHeight / 3) ?? document.body);
});

if ((await ask("/_sitegen/me").catch(() => ({}))).review) import("/_sitegen/annotate.js");
