/* Says beside every field whether what was typed is kept: 已存本机 (autosave.js) or 已上传 (draft.js).
   Bound to form[data-field-states]; both announce it with a "kept" event. Only fields a person touched are marked. */
(() => {
  const marks = (form) => {
    const touched = new Map();
    const heading = (field) => field.type === "radio" || (field.type === "checkbox" && field.closest("fieldset"))
      ? field.closest("fieldset")?.querySelector("legend")
      : form.querySelector(`label[for="${field.id}"]`);
    const show = (field, where) => {
      const place = heading(field);
      if (!place) return;
      let mark = place.querySelector("[data-kept]");
      if (!mark) {
        mark = document.createElement("small");
        mark.className = "kept";
        place.append(mark);
      }
      mark.dataset.kept = where;
      mark.textContent = where ? window.portalWord(where === "server" ? "kept_server" : "kept_device") : "";
    };
    const same = (field, values) => {
      const known = values[field.name] || [];
      return field.type === "radio" || field.type === "checkbox" ? field.checked === known.includes(field.value) : known.includes(field.value);
    };
    const touch = (event) => {
      const field = event.target;
      if (!field.name || ["hidden", "password", "file"].includes(field.type)) return;
      touched.set(field.name, field);
      show(field, "");
    };
    form.addEventListener("input", touch);
    form.addEventListener("change", touch);
    form.addEventListener("kept", (event) => {
      for (const field of touched.values()) {
        const mark = heading(field)?.querySelector("[data-kept]")?.dataset.kept;
        if (same(field, event.detail.values) && mark !== "server") show(field, event.detail.where);
      }
    });
  };
  document.querySelectorAll("form[data-field-states]").forEach(marks);
})();
