/* 一分钟记活动 (form[data-activity]): day chips, quick numbers, and the title that place and kind propose.
   The form works without it. */
(() => {
  document.querySelectorAll("form[data-activity]").forEach((form) => {
    const field = (name) => form.elements.namedItem(name);
    const starts = field("starts_at"), headcount = field("headcount"), title = field("title"), place = field("place");
    const two = (n) => String(n).padStart(2, "0");
    const day = (back) => { const at = new Date(); at.setDate(at.getDate() - back); return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`; };
    const typed = (input) => { input.dispatchEvent(new Event("input", { bubbles: true })); input.dispatchEvent(new Event("change", { bubbles: true })); };

    if (starts && !starts.value && form.hasAttribute("data-shell")) starts.value = `${day(0)}T09:00`; // kept for days: today is not known beforehand
    const days = form.querySelector("[data-days]");
    if (days && starts) {
      const show = () => days.querySelectorAll("[data-back]").forEach((chip) => chip.setAttribute("aria-pressed", String(starts.value.startsWith(day(Number(chip.dataset.back))))));
      days.hidden = false;
      days.addEventListener("click", (event) => {
        const chip = event.target.closest("[data-back]");
        if (!chip) return;
        starts.value = `${day(Number(chip.dataset.back))}T${starts.value.slice(11, 16) || "09:00"}`;
        typed(starts);
      });
      starts.addEventListener("input", show);
      form.addEventListener("restored", show);
      show();
    }

    const set = (value) => { headcount.value = String(Math.max(0, value)); typed(headcount); };
    form.querySelectorAll("[data-stepper] button").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => set((parseInt(headcount.value, 10) || 0) + Number(button.dataset.add)));
    });
    form.querySelectorAll("[data-presets]").forEach((box) => {
      box.hidden = false;
      box.addEventListener("click", (event) => { const button = event.target.closest("[data-set]"); if (button) set(Number(button.dataset.set)); });
    });

    const propose = () => {
      const kind = form.querySelector("input[name=kind]:checked");
      const where = place.value.replace(/[\s·・,，、]+/g, "") || title.dataset.unit || "";
      title.placeholder = kind ? `${where}${kind.dataset.phrase}`.slice(0, 80) : "";
    };
    if (title && place) {
      form.addEventListener("input", propose);
      form.addEventListener("restored", propose);
      propose();
    }
  });
})();
