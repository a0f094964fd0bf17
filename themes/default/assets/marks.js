// Marks the words that a search led here for, and brings the first into view. The page itself stays as it is.
const words = new URLSearchParams(location.search).getAll("hit").filter(Boolean).slice(0, 20);
const escaped = words.map((word) => word.slice(0, 80).replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"));
const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "giu");
const ranges = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
for (let text; words.length && window.Highlight && ranges.length < 1000 && (text = texts.nextNode());) {
  for (const { index, 0: { length } } of text.data.matchAll(wanted)) {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + length);
    ranges.push(range);
  }
}
if (ranges.length) {
  CSS.highlights.set("hit", new Highlight(...ranges));
  const first = ranges.find((range) => range.startContainer.parentElement.closest("p, li, blockquote")) || ranges[0];
  if (!location.hash) first.startContainer.parentElement.scrollIntoView({ block: "center" });
}
