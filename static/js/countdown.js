/* Time left: <span data-countdown="seconds" data-text="… {time}" data-over="…"><span data-left>. The server decides. */
(() => {
  document.querySelectorAll("[data-countdown]").forEach((mark) => {
    const end = Date.now() + Number(mark.dataset.countdown) * 1000, place = mark.querySelector("[data-left]");
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      place.textContent = left ? mark.dataset.text.replace("{time}", time) : mark.dataset.over;
      mark.classList.toggle("is-short", left < 60);
      if (left) setTimeout(tick, 1000); else setTimeout(() => location.reload(), 1500);
    };
    tick();
  });
})();
