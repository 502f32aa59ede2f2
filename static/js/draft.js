/* Keeps what is typed on the server too: <form data-draft="activity" data-draft-url="/drafts/save/">. A few seconds after
   the last key; [data-draft-state] (if any) says when. Passwords and files are never sent. Needs the form's form_token. */
(() => {
  const PAUSE = 4000;
  document.querySelectorAll("form[data-draft][data-draft-url]").forEach((form) => {
    const token = form.querySelector("input[name=form_token]"), csrf = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (!token?.value || !csrf) return;
    const place = form.querySelector("[data-draft-state]");
    let timer = 0, last = "", off = false;
    const body = () => {
      const data = new FormData();
      for (const [name, value] of new FormData(form)) {
        const field = form.elements.namedItem(name);
        if (typeof value === "string" && field?.type !== "password" && field?.dataset?.autosave !== "off") data.append(name, value);
      }
      data.set("form_code", form.dataset.draft);
      data.set("draft_path", location.pathname);
      return data;
    };
    const save = async () => {
      clearTimeout(timer);
      timer = 0;
      const data = body(), text = new URLSearchParams(data).toString();
      if (off || text === last) return;
      try {
        const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: data, headers: { Accept: "application/json" }, keepalive: text.length < 60000 });
        if (answer.status === 429) { off = true; return; }
        const said = await answer.json();
        if (said.saved) last = text;
        if (place && said.saved) place.textContent = (place.dataset.text || "{time}").replace("{time}", said.saved_at);
      } catch { /* no network: autosave.js keeps it on this device */ }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => { clearTimeout(timer); off = true; });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) save(); });
  });
})();
