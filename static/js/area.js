/* Villages of the chosen township: <div data-area="url"> around a select[name=area] and an input[name=village]. */
(() => {
  document.querySelectorAll("[data-area]").forEach((box) => {
    const area = box.querySelector("select[name=area]"), village = box.querySelector("input[name=village]"), list = box.querySelector("datalist");
    if (!area || !village || !list) return;
    village.setAttribute("list", list.id);
    const fill = async () => {
      list.replaceChildren();
      if (!area.value) return;
      try {
        const answer = await fetch(`${box.dataset.area}?in=${encodeURIComponent(area.value)}`);
        const { villages } = await answer.json();
        list.replaceChildren(...villages.map((name) => { const option = document.createElement("option"); option.value = name; return option; }));
      } catch { /* typing the name works too */ }
    };
    area.addEventListener("change", () => { village.value = ""; fill(); });
    area.form?.addEventListener("restored", fill);
    fill();
  });
})();
