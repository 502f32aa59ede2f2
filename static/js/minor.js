/* The guardian's part [data-minor] shows only when an author is under 18; without script it is always there. */
(() => {
  const ageOf = (text) => {
    const match = text.normalize("NFKC").match(/^\s*(\d{4})\D{0,2}(\d{1,2})/), now = new Date();
    return match ? now.getFullYear() - Number(match[1]) - (now.getMonth() + 1 <= Number(match[2]) ? 1 : 0) : null;
  };
  document.querySelectorAll("[data-minor]").forEach((box) => {
    const form = box.closest("form");
    if (!form?.querySelector("[name=birth_ym]")) return;
    const show = () => {
      const ages = [...form.querySelectorAll("input[name^=birth_ym]")].map((born) => ageOf(born.value)).filter((age) => age !== null);
      const youngest = ages.length ? Math.min(...ages) : null;
      const consent = form.querySelector("[name=consent_guardian]");
      if (youngest !== null && youngest < 14 && consent && !consent.checked) form.dataset.holdFiles = "";
      else delete form.dataset.holdFiles;
      box.hidden = (youngest === null || youngest >= 18) && !box.querySelector(".is-invalid");
    };
    form.addEventListener("input", show);
    form.addEventListener("restored", show);
    form.querySelector("[name=consent_guardian]")?.addEventListener("change", show);
    show();
  });
  document.querySelectorAll("[data-category-go]").forEach((go) => {
    go.hidden = true;
    go.form.querySelectorAll("input[name=category]").forEach((radio) => radio.addEventListener("change", () => go.form.requestSubmit(go)));
  });
})();
