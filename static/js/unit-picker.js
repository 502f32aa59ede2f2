/* Suggestions below a unit field ([data-unit-picker] = address of the options). Without it a name or number is typed. */
(() => {
  let count = 0;
  const bind = (input) => {
    input.dataset.unitPickerOn = "";
    const list = document.createElement("datalist");
    list.id = `unit-options-${(count += 1)}`;
    input.after(list);
    input.setAttribute("list", list.id);
    let timer = 0, last = "";
    const ask = async () => {
      const text = input.value.trim();
      if (!text || text === last) return;
      last = text;
      try {
        const answer = await fetch(`${input.dataset.unitPicker}&q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok || input.value.trim() !== text) return;
        const { units } = await answer.json();
        list.replaceChildren(...units.map((words) => { const option = document.createElement("option"); option.value = words; return option; }));
      } catch { /* no network: the field still takes typed text */ }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
  };
  const all = (root) => root.querySelectorAll("[data-unit-picker]:not([data-unit-picker-on])").forEach(bind);
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.target));
})();
