// On every page: "/" leads to the search, unless the search page was told otherwise, and what was found there is marked on the
// page arrived at.
{
  const search = document.getElementById("to-search"), field = document.getElementById("q");
  const off = () => { try { return localStorage.getItem("slash-key") === "off"; } catch { return false; } };
  if (search && off()) search.removeAttribute("aria-keyshortcuts");
  addEventListener("keydown", (e) => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || !search || off()) return;
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    e.preventDefault();
    if (field) field.select(); else location.href = search.href + "#q";
  });
  if (/[?&]hit=/.test(location.search) && !field) import("./marks.js");
}
