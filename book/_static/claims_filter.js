// On the page of the claims: buttons that leave the claims of one verdict. The choice stands in the address, such as
// ?verdict=refuted, and a link to a claim or chapter that is hidden shows all of them again.
document.addEventListener("DOMContentLoaded", () => {
  const rows = [...document.querySelectorAll("td [id^='claim-c']")].map((name) => name.closest("tr"));
  if (!rows.length) return;
  const ALL = "all";
  const verdict = (row) => row.lastElementChild.querySelector("strong").textContent;
  const inAddress = (word) => word.replaceAll(" ", "-");
  const sections = new Set(rows.map((row) => row.closest("section"))); // a chapter's heading and table
  const counts = document.querySelector("table").tBodies[0]; // the table at the top of the page, a verdict a row
  const words = [ALL, ...[...counts.rows].map((row) => row.cells[0].textContent.trim())];

  const bar = document.createElement("div");
  bar.className = "claims-filter";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Claims by verdict");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const buttons = words.map((word) => {
    const button = document.createElement("button");
    const count = rows.filter((row) => word === ALL || verdict(row) === word).length;
    button.type = "button";
    button.textContent = `${word} (${count})`;
    button.addEventListener("click", () => {
      keep(word, "");
      show(word);
    });
    return button;
  });
  bar.append(...buttons, said);
  rows[0].closest("section").before(bar);

  function show(word) {
    for (const row of rows) row.hidden = word !== ALL && verdict(row) !== word;
    for (const section of sections) section.hidden = rows.every((row) => row.hidden || !section.contains(row));
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(words[i] === word)));
    said.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} claims are shown.`;
  }

  function keep(word, hash) {
    const address = new URL(location);
    address.hash = hash;
    if (word === ALL) address.searchParams.delete("verdict");
    else address.searchParams.set("verdict", inAddress(word));
    history.replaceState(history.state, "", address);
  }

  function follow() {
    const asked = new URLSearchParams(location.search).get("verdict");
    show(words.find((word) => inAddress(word) === asked) ?? ALL);
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.closest("[hidden]")) return;
    keep(ALL, location.hash);
    show(ALL);
    target.scrollIntoView();
  }

  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  follow();
});
