/* Keeps what is typed on the server too, a few seconds after the last key. Bound to [data-draft] inside a form
   (templates/drafts/_keep.html); [data-draft-state] says when. Passwords and files are never sent. */
(() => {
  const PAUSE = 4000;
  document.querySelectorAll("[data-draft]:not([data-draft-on])").forEach((mark) => {
    const form = mark.closest("form");
    mark.dataset.draftOn = "";
    if (!form) return;
    const token = form.querySelector("input[name=form_token]"), csrf = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (!token?.value || !csrf) return;
    const place = mark.querySelector("[data-draft-state]");
    let timer = 0, last = "", off = false;
    const body = () => {
      const data = new FormData();
      for (const [name, value] of new FormData(form)) {
        const field = form.elements.namedItem(name);
        if (typeof value === "string" && field?.type !== "password" && field?.dataset?.autosave !== "off") data.append(name, value);
      }
      data.set("form_code", mark.dataset.draft);
      data.set("draft_path", location.pathname);
      return data;
    };
    const save = async () => {
      clearTimeout(timer);
      timer = 0;
      const data = body(), text = new URLSearchParams(data).toString();
      if (off || text === last) return;
      try {
        const answer = await fetch(mark.dataset.draftUrl, { method: "POST", body: data, headers: { Accept: "application/json" }, keepalive: text.length < 60000 });
        if (answer.status === 429) { off = true; return; }
        const said = await answer.json();
        if (said.saved) {
          last = text;
          const values = {};
          for (const [name, value] of data) (values[name] ||= []).push(value);
          form.dispatchEvent(new CustomEvent("kept", { detail: { where: "server", values } }));
        }
        if (place && said.saved) place.textContent = (place.dataset.text || "{time}").replace("{time}", said.saved_at);
      } catch { form.dispatchEvent(new Event("unreached")); /* no network: autosave.js keeps it on this device */ }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => { clearTimeout(timer); off = true; });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) save(); });
  });
})();
