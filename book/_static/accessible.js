// What the theme leaves out for those who read without a mouse or with a screen reader.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".pst-scrollable-table-container")) box.tabIndex = 0;
  // The name of a button must hold the words that one sees on it.
  for (const button of document.querySelectorAll("details.hide > summary, .search-button-field")) button.removeAttribute("aria-label");
  for (const list of document.querySelectorAll('[role="list"]'))
    for (const child of list.children) if (!child.hasAttribute("role") || child.getAttribute("role") === "doc-biblioentry") child.setAttribute("role", "listitem");
});
