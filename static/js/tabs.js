/* Tabs from sections: <div data-tabs><section data-tab="词">…</section>…</div>. Without script all sections show. */
(() => {
  document.querySelectorAll("[data-tabs]").forEach((box, group) => {
    const panes = [...box.querySelectorAll(":scope > [data-tab]")];
    if (panes.length < 2) return;
    const bar = document.createElement("div");
    bar.className = "tabs"; bar.setAttribute("role", "tablist");
    const choose = (index, focus) => panes.forEach((pane, i) => {
      pane.hidden = i !== index;
      bar.children[i].setAttribute("aria-selected", String(i === index));
      bar.children[i].tabIndex = i === index ? 0 : -1;
      if (i === index && focus) bar.children[i].focus();
    });
    panes.forEach((pane, index) => {
      const tab = document.createElement("button");
      pane.id ||= `tab-${group}-${index}`;
      tab.type = "button"; tab.id = `${pane.id}-t`; tab.textContent = pane.dataset.tab;
      tab.setAttribute("role", "tab"); tab.setAttribute("aria-controls", pane.id);
      pane.setAttribute("role", "tabpanel"); pane.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => choose(index, false));
      bar.append(tab);
    });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const now = [...bar.children].indexOf(document.activeElement);
      choose((now + step + panes.length) % panes.length, true);
    });
    box.prepend(bar);
    const wanted = panes.findIndex((pane) => pane.querySelector(".is-invalid") || (location.hash && pane.id === location.hash.slice(1)));
    choose(Math.max(wanted, 0), false);
  });
})();
