// A page that has moved: on to its new address, with the paragraph that was asked for.
const to = new URL(document.currentScript.dataset.to, location.href);
if (location.hash) to.hash = location.hash;
addEventListener("load", () => location.replace(to));
