/* Preview of chosen files: <input type="file" multiple data-photos data-max="9" data-max-mb="10">. Choosing again adds. */
(() => {
  const size = (bytes) => (bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);
  document.querySelectorAll("input[type=file][data-photos]").forEach((input) => {
    const most = Number(input.dataset.max || 9), mostMb = Number(input.dataset.maxMb || 10);
    const list = document.createElement("ul"), note = document.createElement("p");
    list.className = "picker__list q-shots";
    note.className = "invalid-feedback"; note.hidden = true; note.setAttribute("role", "alert");
    input.insertAdjacentElement("afterend", note);
    note.insertAdjacentElement("afterend", list);
    let chosen = [];
    const put = () => { const bag = new DataTransfer(); chosen.forEach((file) => bag.items.add(file)); input.files = bag.files; draw(); };
    const draw = () => {
      list.querySelectorAll("img").forEach((img) => URL.revokeObjectURL(img.src));
      list.replaceChildren(...chosen.map((file, index) => {
        const item = document.createElement("li"), name = document.createElement("span"), drop = document.createElement("button");
        if (file.type.startsWith("image/")) { const img = document.createElement("img"); img.src = URL.createObjectURL(file); img.alt = ""; item.append(img); }
        name.textContent = `${file.name} ${size(file.size)}`;
        name.className = "small break";
        drop.type = "button"; drop.className = "q-btn q-btn--ghost q-btn--sm"; drop.textContent = window.portalWord("remove");
        drop.setAttribute("aria-label", `${window.portalWord("remove")} ${file.name}`);
        drop.addEventListener("click", () => { chosen.splice(index, 1); put(); input.focus(); });
        item.append(name, drop);
        return item;
      }));
    };
    input.addEventListener("change", () => {
      const fresh = [...input.files].filter((file) => !chosen.some((known) => known.name === file.name && known.size === file.size && known.lastModified === file.lastModified));
      const heavy = fresh.filter((file) => file.size > mostMb * 1048576);
      const fit = [...(input.multiple ? chosen : []), ...fresh.filter((file) => !heavy.includes(file))];
      chosen = fit.slice(0, input.multiple ? most : 1);
      const words = [];
      if (heavy.length) words.push(window.portalWord("too_heavy", { name: heavy[0].name, most: mostMb }));
      if (fit.length > chosen.length) words.push(window.portalWord("too_many", { most }));
      note.hidden = !words.length;
      note.textContent = words.join(" ");
      put();
    });
  });
})();
