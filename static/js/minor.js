/* The guardian's part [data-minor] shows only when the author is under 18; without script it is always there. */
(() => {
  document.querySelectorAll("[data-minor]").forEach((box) => {
    const form = box.closest("form"), born = form?.querySelector("[name=birth_ym]");
    if (!born) return;
    const show = () => {
      const match = born.value.normalize("NFKC").match(/^\s*(\d{4})\D{0,2}(\d{1,2})/);
      const now = new Date();
      const age = match ? now.getFullYear() - Number(match[1]) - (now.getMonth() + 1 <= Number(match[2]) ? 1 : 0) : null;
      const consent = form.querySelector("[name=consent_guardian]");
      if (age !== null && age < 14 && consent && !consent.checked) form.dataset.holdFiles = "";
      else delete form.dataset.holdFiles;
      box.hidden = (age === null || age >= 18) && !box.querySelector(".is-invalid");
    };
    born.addEventListener("input", show);
    form.addEventListener("restored", show);
    form.querySelector("[name=consent_guardian]")?.addEventListener("change", show);
    show();
  });
  document.querySelectorAll("[data-category-go]").forEach((go) => {
    go.hidden = true;
    go.form.querySelectorAll("input[name=category]").forEach((radio) => radio.addEventListener("change", () => go.form.requestSubmit(go)));
  });
})();
