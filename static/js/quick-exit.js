/* <a data-quick-exit href="…">: leaves at once, and “back” does not return here. Escape twice does the same. */
(() => {
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  const leave = (event) => {
    event.preventDefault();
    document.body.hidden = true;
    window.location.replace(link.href);
  };
  let pressed = 0;
  link.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (Date.now() - pressed < 1000) leave(event);
    pressed = Date.now();
  });
})();
