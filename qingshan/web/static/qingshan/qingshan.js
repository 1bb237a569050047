"use strict";
// A part that was fetched for the side panel opens it; without this file its link opens the same page whole.
document.addEventListener("htmx:afterSwap", (event) => {
  const panel = event.target.closest("dialog");
  if (panel && !panel.open) panel.showModal();
});
document.addEventListener("click", (event) => {
  if (event.target.id === "panel") event.target.close();
});
