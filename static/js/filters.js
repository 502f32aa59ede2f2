/* Long filter bars fold: a phone shows the first field, a desk the first five; fields in use always stay. */
(() => {
  const phone = matchMedia("(max-width:767px)");
  document.querySelectorAll(".filters form").forEach((form) => {
    const fields = [...form.querySelectorAll(":scope > .mb-3, :scope > div > .mb-3")], acts = form.querySelector(".acts");
    if (fields.length < 2 || !acts) return;
    const used = (box) => [...box.querySelectorAll("input, select, textarea")].some((field) => {
      if (field.type === "checkbox" || field.type === "radio") return field.checked && field.value;
      if (field.tagName === "SELECT") return field.selectedIndex > 0;
      return field.type !== "hidden" && field.value;
    });
    const more = document.createElement("button");
    more.type = "button"; more.className = "q-btn q-btn--ghost";
    let open = false;
    const show = () => {
      const first = phone.matches ? 1 : 5;
      const foldable = fields.filter((box, index) => index >= first && !used(box));
      fields.forEach((box) => box.classList.toggle("is-folded", !open && foldable.includes(box)));
      more.hidden = !foldable.length;
      more.textContent = window.portalWord(open ? "fewer_filters" : "more_filters");
      more.setAttribute("aria-expanded", String(open));
    };
    more.addEventListener("click", () => { open = !open; show(); });
    phone.addEventListener("change", show);
    acts.prepend(more);
    show();
  });
})();
