/* Further authors of a work without a round trip: details[data-authors] with [data-author] rows, a spare row per number in a
   <template>, [data-author-add] and [data-author-drop]. Without script the same buttons ask the server.
   <details data-opens-with="audience=only_recipient"> opens when that choice is made. */
(() => {
  document.querySelectorAll("[data-authors]").forEach((box) => {
    const form = box.closest("form"), add = box.querySelector("[data-author-add]"), full = box.querySelector("[data-author-full]");
    const count = form?.querySelector("[name=author_rows]");
    if (!form || !add || !count) return;
    const place = add.parentElement, spare = new Map();
    box.querySelectorAll("template[data-author-spare]").forEach((one) => spare.set(Number(one.dataset.authorSpare), one.content));
    const rows = () => [...box.querySelectorAll("[data-author]")];
    const most = 1 + rows().length + spare.size;
    const inputs = (row) => [...row.querySelectorAll("input")];
    const tell = () => form.dispatchEvent(new Event("input"));
    const show = () => {
      const n = 1 + rows().length;
      count.value = String(n);
      add.hidden = n >= most;
      if (full) full.hidden = n < most;
    };
    const grow = () => {
      const number = 2 + rows().length, held = spare.get(number);
      if (!held) return null;
      const row = held instanceof DocumentFragment ? held.cloneNode(true).querySelector("[data-author]") : held;
      spare.delete(number);
      place.before(row);
      show();
      return row;
    };
    const shrink = () => {
      const row = rows().pop();
      inputs(row).forEach((one) => { one.value = ""; one.classList.remove("is-invalid"); });
      row.querySelectorAll(".invalid-feedback").forEach((one) => one.remove());
      spare.set(Number(row.dataset.author), row);
      row.remove();
      show();
    };
    const restore = (values) => {
      const known = (number) => [`author_name_${number}`, `birth_ym_${number}`, `role_${number}`, `pen_name_${number}`].some((name) => values[name]?.[0]?.trim());
      let last = 1;
      for (let number = 2; number <= most; number += 1) if (known(number)) last = number;
      while (1 + rows().length > last) shrink();
      while (1 + rows().length < last && grow());
      rows().forEach((row) => inputs(row).forEach((one) => { if (values[one.name]) [one.value] = values[one.name]; }));
      if (last > 1 || ["pen_name", "role", "household"].some((name) => values[name]?.[0]?.trim())) box.open = true;
    };
    add.addEventListener("click", (event) => {
      event.preventDefault();
      grow()?.querySelector("input")?.focus();
      tell();
    });
    box.addEventListener("click", (event) => {
      const drop = event.target.closest("[data-author-drop]");
      if (!drop) return;
      event.preventDefault();
      const all = rows(), from = all.indexOf(drop.closest("[data-author]"));
      for (let i = from; i < all.length - 1; i += 1) {
        const next = inputs(all[i + 1]);
        inputs(all[i]).forEach((one, n) => { one.value = next[n].value; });
      }
      shrink();
      (rows()[from]?.querySelector("input") || add).focus();
      tell();
    });
    form.addEventListener("restored", (event) => { if (event.detail) restore(event.detail); });
    if (form.restoredValues) restore(form.restoredValues);
    show();
  });
  document.querySelectorAll("details[data-opens-with]").forEach((box) => {
    const [name, value] = box.dataset.opensWith.split("="), form = box.closest("form");
    const look = () => { if (form.querySelector(`[name="${name}"][value="${value}"]`)?.checked) box.open = true; };
    form?.addEventListener("change", look);
    form?.addEventListener("restored", look);
    look();
  });
})();
