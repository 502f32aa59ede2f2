/* A judge's sheet: <form data-judge> with <input data-score="35"> and <output data-total>. The total follows the
   scores; Enter goes to the next score; Alt+← and Alt+→ open the work before and after. Works without it too. */
(() => {
  const form = document.querySelector("form[data-judge]");
  if (!form) return;
  const inputs = [...form.querySelectorAll("[data-score]")], total = form.querySelector("[data-total]");
  const show = () => {
    let sum = 0, filled = 0;
    for (const input of inputs) {
      const value = Number(input.value), most = Number(input.dataset.score);
      const good = input.value !== "" && value >= 0 && value <= most;
      if (good) { sum += Math.round(value * 10); filled += 1; }
      input.setAttribute("aria-invalid", String(input.value !== "" && !good));
    }
    if (total) total.textContent = filled ? (sum / 10).toFixed(1) : "—";
  };
  form.addEventListener("input", show);
  form.addEventListener("restored", show);
  inputs.forEach((input, at) => input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || at + 1 >= inputs.length) return;
    event.preventDefault();
    inputs[at + 1].focus();
    inputs[at + 1].select();
  }));
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const link = document.querySelector(event.key === "ArrowLeft" ? "[data-before]" : "[data-after]");
    if (link) { event.preventDefault(); link.click(); }
  });
  show();
})();
