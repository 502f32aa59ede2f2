/* Number with − and ＋: <input type="number" data-stepper data-presets="30,50,100">. */
(() => {
  document.querySelectorAll("input[data-stepper]").forEach((input) => {
    const least = Number(input.min || 0), step = Number(input.step || 1) || 1;
    const box = document.createElement("div"), row = document.createElement("div");
    const put = (value) => { input.value = Math.max(least, value); input.dispatchEvent(new Event("input", { bubbles: true })); };
    const button = (words, label, act) => {
      const made = document.createElement("button");
      made.type = "button"; made.textContent = words;
      if (label) made.setAttribute("aria-label", label);
      made.addEventListener("click", act);
      return made;
    };
    row.className = "row-gap"; box.className = "stepper";
    input.insertAdjacentElement("beforebegin", row);
    row.append(box);
    box.append(
      button("−", window.portalWord("less"), () => put(Number(input.value || 0) - step)),
      input,
      button("＋", window.portalWord("more"), () => put(Number(input.value || 0) + step)),
    );
    const presets = (input.dataset.presets || "").split(",").filter(Boolean);
    if (!presets.length) return;
    const choices = document.createElement("div");
    choices.className = "presets";
    choices.append(...presets.map((value) => button(value, "", () => put(Number(value)))));
    row.append(choices);
  });
})();
