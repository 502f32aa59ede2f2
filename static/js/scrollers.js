/* A table wider than its place can be reached and scrolled with the keyboard. */
(() => {
  document.querySelectorAll(".tblw:not([tabindex]), .table-responsive:not([tabindex])").forEach((box) => {
    if (box.scrollWidth <= box.clientWidth) return;
    const title = box.querySelector("caption") || box.closest(".q-card")?.querySelector("h2, h3");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `${title ? title.textContent.trim() : ""} ${window.portalWord("scrolls")}`.trim());
  });
})();
