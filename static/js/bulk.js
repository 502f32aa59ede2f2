/* Choose all rows of a list: <c-bulk name="chosen"> inside the form that holds the row boxes. */
(() => {
  document.querySelectorAll("[data-bulk]").forEach((bar) => {
    const form = bar.closest("form"), all = bar.querySelector("[data-bulk-all]"), count = bar.querySelector("[data-bulk-count]");
    if (!form || !all) return;
    const rows = () => [...form.querySelectorAll(`input[type=checkbox][name="${bar.dataset.bulk}"]`)];
    const show = () => {
      const boxes = rows(), n = boxes.filter((box) => box.checked).length;
      all.checked = n > 0 && n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
      count.textContent = n ? window.portalWord("chosen", { n }) : window.portalWord("choose_page");
    };
    all.hidden = false;
    all.addEventListener("change", () => { rows().forEach((box) => { box.checked = all.checked; }); show(); });
    form.addEventListener("change", show);
    show();
  });
})();
