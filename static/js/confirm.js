/* Questions before a step that cannot be taken back. <c-confirm> (details[data-confirm]) opens as a dialog;
   <button data-ask="words"> asks before its form is sent. */
(() => {
  if (!window.HTMLDialogElement) return;
  const button = (words, className, type) => {
    const made = document.createElement("button");
    made.type = type; made.className = className; made.textContent = words;
    return made;
  };
  const open = (content, back) => {
    const dialog = document.createElement("dialog");
    dialog.className = "q-dialog";
    dialog.append(content);
    document.body.append(dialog);
    const title = content.querySelector("h2");
    if (title) { title.id ||= `ask-${Date.now()}`; dialog.setAttribute("aria-labelledby", title.id); }
    dialog.addEventListener("close", () => { back(); dialog.remove(); });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.showModal();
    return dialog;
  };

  document.addEventListener("click", (event) => {
    const summary = event.target.closest?.("details[data-confirm] > summary");
    if (!summary) return;
    event.preventDefault();
    const details = summary.parentElement, form = details.querySelector("form");
    const cancel = button(window.portalWord("cancel"), "q-btn q-btn--line", "button");
    form.querySelector(".acts").prepend(cancel);
    form.classList.remove("menu__pop");
    const dialog = open(form, () => { cancel.remove(); form.classList.add("menu__pop"); details.append(form); summary.focus(); });
    cancel.addEventListener("click", () => dialog.close());
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("button[data-ask]");
    if (!pressed || pressed.dataset.asked) return;
    event.preventDefault();
    const box = document.createElement("div"), title = document.createElement("h2"), words = document.createElement("p"), acts = document.createElement("div");
    box.className = "q-dialog__in"; acts.className = "acts";
    title.textContent = pressed.textContent.trim();
    words.textContent = pressed.dataset.ask;
    const cancel = button(window.portalWord("cancel"), "q-btn q-btn--line", "button"), sure = button(window.portalWord("sure"), "q-btn q-btn--primary", "button");
    acts.append(cancel, sure);
    box.append(title, words, acts);
    const dialog = open(box, () => pressed.focus());
    cancel.addEventListener("click", () => dialog.close());
    sure.addEventListener("click", () => { dialog.close(); pressed.dataset.asked = "1"; pressed.form.requestSubmit(pressed); delete pressed.dataset.asked; });
  });
})();
