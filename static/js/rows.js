/* Adds a row to a set of rows without a round trip: [data-rows="prefix"] with [data-row] rows and a [data-add-row]
   button. Without it the button asks the server for two more rows. */
(() => {
  document.querySelectorAll("[data-rows]").forEach((box) => {
    const prefix = box.dataset.rows, button = box.querySelector("[data-add-row]");
    const total = box.querySelector(`input[name="${prefix}-TOTAL_FORMS"]`), most = box.querySelector(`input[name="${prefix}-MAX_NUM_FORMS"]`);
    if (!button || !total) return;
    const full = () => { button.hidden = Number(total.value) >= Number(most?.value || 10); };
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const rows = box.querySelectorAll("[data-row]"), last = rows[rows.length - 1], number = Number(total.value);
      const fresh = last.cloneNode(true);
      for (const node of fresh.querySelectorAll("*")) {
        for (const name of ["name", "id", "for", "aria-describedby"]) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replaceAll(`${prefix}-${number - 1}-`, `${prefix}-${number}-`));
        }
        if (node.matches(".invalid-feedback, [data-kept]")) node.textContent = "";
        if (node.matches("input:not([type=checkbox])")) node.value = "";
        if (node.matches("input[type=checkbox]")) node.checked = false;
      }
      last.after(fresh);
      total.value = String(number + 1);
      full();
      fresh.querySelector("input")?.focus();
    });
    full();
  });
})();
