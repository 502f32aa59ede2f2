/* Character counter: <textarea data-count data-max="800">. Counts like portal/ui/text.py:count_chars. */
(() => {
  const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ebef}\\u{2ebf0}-\\u{2ee5f}\\u{2f800}-\\u{2fa1f}\\u{30000}-\\u{323af}";
  const LATIN = "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f";
  const DIGIT = "0-9\\uff10-\\uff19";
  const COUNTED = new RegExp(`[${HAN}]|[${LATIN}]+(?:['\\u2019-][${LATIN}]+)*|[${DIGIT}]+(?:[.,][${DIGIT}]+)*`, "gu");
  window.portalCount = (text) => (text.match(COUNTED) || []).length;

  document.querySelectorAll("input[data-count], textarea[data-count]").forEach((field) => {
    const most = Number(field.dataset.max || 0);
    const note = document.createElement("span");
    note.className = "count";
    field.insertAdjacentElement("afterend", note);
    const live = document.createElement("span");
    live.className = "vh";
    live.setAttribute("aria-live", "polite");
    note.insertAdjacentElement("afterend", live);
    const show = () => {
      const n = window.portalCount(field.value);
      const over = most && n > most;
      note.textContent = most ? window.portalWord(over ? "count_over" : "count_of", { n, most, extra: n - most }) : window.portalWord("count", { n });
      note.classList.toggle("is-near", Boolean(most) && !over && n >= most * 0.9);
      note.classList.toggle("is-over", Boolean(over));
      if (over) live.textContent = note.textContent;
    };
    field.addEventListener("input", show);
    field.form?.addEventListener("restored", show);
    show();
  });
})();
