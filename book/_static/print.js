// Paper is white, and nothing can be pressed on it: light colours while a page is printed, and solutions unfolded.
let theme;
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll(".bd-content details:not(.hide):not([open])")];
  for (const details of unfolded) details.open = true;
  theme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  for (const details of unfolded) details.open = false;
  document.documentElement.dataset.theme = theme;
});
