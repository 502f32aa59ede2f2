/* Reading without a mouse: an element with data-key is pressed by its letter, unless somebody is typing; with
   data-key-focus it is only gone to, so that one slip of a finger decides nothing. */
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if ("keyFocus" in target.dataset) { target.focus(); return; }
    target.click();
    const field = target.tagName === "SUMMARY" && target.parentElement.open && target.parentElement.querySelector("textarea");
    if (field) field.focus(); else if (target.tagName !== "A") target.focus();
  });
})();
