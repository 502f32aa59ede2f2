/* A form is sent once: a second press while the first is on its way does nothing. data-many switches it off.
   Attributes are read by name: form.method is the field, where a form has one called “method”. */
(() => {
  const release = (form) => {
    delete form.dataset.sending;
    form.querySelectorAll(".is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-disabled"); });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post" || "many" in form.dataset) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    event.submitter?.classList.add("is-busy");
    event.submitter?.setAttribute("aria-disabled", "true");
    if (event.submitter?.formTarget === "_blank" || form.getAttribute("target") === "_blank" || "download" in form.dataset) setTimeout(() => release(form), 3000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.target.closest?.("form"); if (form) release(form); });
})();
