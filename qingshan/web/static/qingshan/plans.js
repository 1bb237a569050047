"use strict";
// Everything here works without this file: by the small links in the text, by a plain form, by whole pages.

// A click on marked words goes to what was read there, as the small link before them does.
document.addEventListener("click", (event) => {
  const mark = event.target.closest(".document mark");
  if (!mark || event.target.closest("a") || String(getSelection())) return;
  location.hash = mark.dataset.item;
});

// A refusal is a page too: show it, and do not lose what was typed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 422 || xhr.status === 413) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (xhr.status === 403) {
    Object.assign(event.detail, { shouldSwap: true, isError: false, selectOverride: "#main", swapOverride: "outerHTML" });
    event.detail.target = document.getElementById("main");
  }
});

// The keyboard goes on where it was: into the form that opened, or to the item that was saved.
document.addEventListener("htmx:afterSwap", (event) => {
  const item = document.getElementById(event.detail.target.id);
  if (item?.matches(".item")) item.querySelector("form input:not([type=hidden]), .edit")?.focus({ preventScroll: true });
});

// An upload says beforehand that a file is too large, and how much of it has gone.
const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-limit]");
  if (!form) return;
  const size = event.target.files?.[0]?.size ?? 0;
  const large = size > form.dataset.limit * 2 ** 20;
  const told = form.querySelector(".too-large");
  told.hidden = !large;
  told.textContent = large ? fill(told.dataset.words, { size: megabytes(size) }) : "";
  form.querySelector("button").disabled = large;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const progress = event.target.closest?.("form[data-limit]")?.querySelector(".progress");
  if (!progress || !event.detail.lengthComputable) return;
  const { loaded, total } = event.detail;
  const words = progress.querySelector("[role=status]");
  progress.hidden = false;
  progress.querySelector("progress").value = (100 * loaded) / total;
  words.textContent = loaded < total ? fill(words.dataset.sending, { sent: megabytes(loaded), size: megabytes(total) }) : words.dataset.reading;
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.(".drop");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind !== "drop") return;
    const input = place.querySelector("input");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
