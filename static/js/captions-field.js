/* Reads a chosen file of captions into the box below it (templates/files/widgets/captions.html), so that it is kept with
   everything else that is typed. Whether it is right is said by the server. Without this script the file goes with the form. */
(() => {
  const MOST = 300 * 1024;

  function text(bytes) {
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
    if (bytes.includes(0)) return null;
    try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { /* saved by an old Chinese program */ }
    try { return new TextDecoder("gb18030", { fatal: true }).decode(bytes); } catch { return null; }
  }

  function start(box) {
    const input = box.querySelector("input[type=file]"), area = box.querySelector("textarea"), status = box.querySelector("[data-captions-status]");
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file || file.size > MOST) return; // the server says why not
      const read = text(new Uint8Array(await file.arrayBuffer()));
      if (read === null) return;
      area.value = read;
      area.closest("details").open = true;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      status.textContent = box.dataset.textRead.replace("{name}", file.name);
      input.value = "";
    });
  }

  document.querySelectorAll("[data-captions-field]:not([data-on])").forEach((box) => { box.dataset.on = ""; start(box); });
})();
