// What the preview's own parts of a page are made of.

/** A new element with its attributes and children; empty children are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...children.filter((child) => child !== "" && child !== null && child !== undefined && child !== false));
  return made;
}

/** A part of ours on the page, with a style of its own: the page's does not reach it, nor does morphing. */
export function host(name, stylesheet) {
  const made = document.createElement(name);
  made.attachShadow({ mode: "open" }).append(element("link", { rel: "stylesheet", href: stylesheet }));
  document.documentElement.append(made);
  return made;
}

/** Ask the server; gives its answer, or throws an Error with `status`, and what it says as message and help. */
export async function ask(address, body = undefined) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
  const said = await answer.json().catch(() => ({ error: answer.statusText }));
  if (!answer.ok) throw Object.assign(new Error(said.error ?? answer.statusText), { status: answer.status, help: said.help ?? "" });
  return said;
}

/** Open a place that the server told: {path, open}. */
export async function openPlace(place) {
  if (!place.open) throw new Error(`No editor is known: set editor = "vscode" in the configuration. The place is ${place.path}`);
  if (place.open.startsWith("server:")) {
    const [line, column] = place.open.slice(7).split(":").map(Number);
    await ask("/_review/open", { path: place.path, line, column });
  } else location.href = place.open;
}
