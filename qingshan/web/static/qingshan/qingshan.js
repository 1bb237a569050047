"use strict";
// A part that was fetched for the side panel opens it; without this file its link opens the same page whole.
document.addEventListener("htmx:afterSwap", (event) => {
  const panel = event.target.closest("dialog");
  if (panel && !panel.open) panel.showModal();
});
document.addEventListener("click", (event) => {
  if (event.target.id === "panel") event.target.close();
});
// On a phone the places run beyond the edge: the one that is open is brought into sight.
addEventListener("DOMContentLoaded", () => {
  const places = document.querySelector(".places"), here = places?.querySelector("[aria-current]");
  if (here) places.scrollLeft = here.offsetLeft - (places.clientWidth - here.offsetWidth) / 2;
});
