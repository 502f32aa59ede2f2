/* A judge's sheet: <form data-judge> with <input data-score="35"> and <output data-total>. The total follows the
   scores; Enter goes to the next score and from the last one to the button; Ctrl+Enter hands in; Alt+← and Alt+→ open the work
   before and after. With a mouse and a wide screen the first empty score is ready for typing. Works without it too. */
(() => {
  const form = document.querySelector("form[data-judge]");
  if (!form) return;
  const inputs = [...form.querySelectorAll("[data-score]")], total = form.querySelector("[data-total]");
  const hand = form.querySelector("button[value=next]");
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
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (at + 1 >= inputs.length) { hand.focus(); return; }
    inputs[at + 1].focus();
    inputs[at + 1].select();
  }));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); hand.click(); }
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const link = document.querySelector(event.key === "ArrowLeft" ? "[data-before]" : "[data-after]");
    if (link) { event.preventDefault(); link.click(); }
  });
  show();
  const empty = inputs.find((input) => input.value === "");
  if (empty && !location.hash && matchMedia("(min-width: 901px) and (pointer: fine)").matches) empty.focus({ preventScroll: true });
})();
