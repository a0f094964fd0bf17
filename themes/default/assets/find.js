// On every page: "/" leads to the search, and the words that were looked for are marked on the page arrived at.
(() => {
  const search = document.getElementById("to-search"), field = document.getElementById("q");
  let off = false;
  try { off = localStorage.getItem("slash") === "off"; } catch { /* no storage: it is on */ }
  addEventListener("keydown", (e) => {
    if (off || e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    e.preventDefault();
    if (field) { field.focus(); field.select(); } else if (search) location.href = search.href + "#q";
  });

  const words = new URLSearchParams(location.search).getAll("hit").filter(Boolean).slice(0, 20);
  if (!words.length || field || !window.Highlight) return;
  const escaped = words.map((word) => word.slice(0, 80).replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"));
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  const ranges = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let text; ranges.length < 1000 && (text = texts.nextNode());) {
    for (const { index, 0: { length } } of text.data.matchAll(wanted)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + length);
      ranges.push(range);
    }
  }
  if (!ranges.length) return;
  CSS.highlights.set("hit", new Highlight(...ranges));
  const first = ranges.find((range) => range.startContainer.parentElement.closest("p, li, blockquote")) || ranges[0];
  if (!location.hash) first.startContainer.parentElement.scrollIntoView({ block: "center" });
})();
