// Stylesheets and images fetched anew while the old ones are still shown, so that nothing flashes.

const replaced = new WeakMap();

/** The element that stands for this one now. */
export function current(node) {
  while (replaced.has(node)) node = replaced.get(node);
  return node;
}

/** Put a new version of a stylesheet or image in the place of the old one once it is there.
 *  mark: tells one version from the next. address: where it is to be had, if elsewhere than before. */
export function refreshed(old, mark, address = null) {
  if (old.tagName === "IMG") {
    old.src = marked(old.src, mark);
    return;
  }
  const fresh = old.cloneNode();
  if (address === null) fresh.href = marked(old.href, mark);
  else fresh.setAttribute("href", address);
  fresh.onload = fresh.onerror = () => old.remove();
  replaced.set(old, fresh);
  old.after(fresh);
}

function marked(address, mark) {
  const url = new URL(address);
  url.searchParams.set("sitegen", mark + "." + performance.now());
  return url.href;
}
