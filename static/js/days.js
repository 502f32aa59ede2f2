/* 今天 and 昨天 beside a date: <input type="date|datetime-local" data-days>. A time already chosen stays. */
(() => {
  const two = (n) => String(n).padStart(2, "0");
  document.querySelectorAll("input[data-days]").forEach((input) => {
    const row = document.createElement("div");
    row.className = "presets mb-2";
    row.append(...["today", "yesterday"].map((key, back) => {
      const made = document.createElement("button");
      made.type = "button"; made.textContent = window.portalWord(key);
      made.addEventListener("click", () => {
        const day = new Date(Date.now() - back * 864e5);
        const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
        const time = input.value.split("T")[1] || "09:00";
        input.value = input.type === "date" ? date : `${date}T${time}`;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      return made;
    }));
    input.insertAdjacentElement("beforebegin", row);
  });
})();
