/* Keeps what is typed on this device: <form data-autosave="works:letters">. Comes back after the browser was closed,
   goes away once the form has been accepted. Passwords, files and hidden fields are never stored,
   and one account does not see what another typed on the same machine (body[data-owner]). A public form with
   data-autosave-carry goes on after signing in with what was typed before; data-drafted is the second at which the server
   last kept what the page shows: older words of this device do not replace it. One form may have several texts at work, told
   apart by form_token: data-autosave-fresh begins an empty one, data-autosave-resumed goes on with one of them; what belongs
   to another is put aside under its token. A text begun anew that no server keeps (of a child before the guardian agreed) has
   no address to come back to: it is put aside as #fresh, and the next empty form takes it back. */
(() => {
  const OWNER = document.body.dataset.owner || "", PREFIX = `typed:${OWNER}:`, SENT = `sent:${OWNER}:`, KEEP_DAYS = 30;
  const store = (() => { try { const s = window.localStorage; s.setItem("probe", "1"); s.removeItem("probe"); return s; } catch { return null; } })();
  if (!store) return;
  const parse = (name) => { try { return JSON.parse(store.getItem(name)); } catch { return null; } };
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const fields = (form) => [...form.elements].filter((f) => f.name && !["hidden", "password", "file", "submit", "button"].includes(f.type) && f.dataset.autosave !== "off");
  const forms = [...document.querySelectorAll("form[data-autosave]")];

  function forgetAccepted() {
    if (document.querySelector(".fault, .solo")) return;
    const here = forms.map((form) => form.dataset.autosave);
    for (const name of Object.keys(store)) {
      if (name.startsWith(SENT) && !here.includes(name.slice(SENT.length))) {
        store.removeItem(PREFIX + name.slice(SENT.length));
        store.removeItem(name);
      }
      if (name.startsWith("typed:") && Date.now() - (parse(name)?.at || 0) > KEEP_DAYS * 864e5) store.removeItem(name);
    }
    document.querySelectorAll("[data-autosave-clear]").forEach((mark) => store.removeItem(PREFIX + mark.dataset.autosaveClear)); // a text put aside is not the one sent
  }

  function read(form) {
    const values = {};
    for (const f of fields(form)) {
      if (f.type === "checkbox" || f.type === "radio") { (values[f.name] ||= []); if (f.checked) values[f.name].push(f.value); }
      else if (f.multiple) values[f.name] = [...f.selectedOptions].map((o) => o.value);
      else (values[f.name] ||= []).push(f.value);
    }
    return values;
  }

  function write(form, values) {
    const used = {};
    for (const f of fields(form)) {
      const known = values[f.name];
      if (!known) continue;
      if (f.type === "checkbox" || f.type === "radio") f.checked = known.includes(f.value);
      else if (f.multiple) [...f.options].forEach((o) => { o.selected = known.includes(o.value); });
      else { const i = used[f.name] || 0; used[f.name] = i + 1; if (i < known.length) f.value = known[i]; }
    }
    form.restoredValues = values; // for scripts that start later
    form.dispatchEvent(new CustomEvent("restored", { detail: values }));
  }

  function note(form) {
    let place = form.querySelector("[data-saved]");
    if (!place) {
      place = document.createElement("span");
      place.dataset.saved = "";
      (form.querySelector(".form-acts") || form).append(place);
    }
    place.classList.add("saved");
    place.setAttribute("role", "status");
    return place;
  }

  function start(form) {
    const key = PREFIX + form.dataset.autosave, sent = SENT + form.dataset.autosave;
    const place = note(form), initial = JSON.stringify(read(form));
    const refused = form.hasAttribute("data-bound") || form.querySelector(".is-invalid, .errorlist");
    const loose = OWNER && form.hasAttribute("data-autosave-carry") ? `typed::${form.dataset.autosave}` : "";
    const token = () => form.querySelector("input[name=form_token]")?.value || "", aside = (mark) => `${key}#${mark}`;
    const opened = window.performance?.getEntriesByType?.("navigation")[0]?.type !== "reload";
    let kept = parse(key);
    const before = loose && parse(loose);
    if (before && before.at > (kept?.at || 0)) { kept = before; store.setItem(key, JSON.stringify(before)); }
    if (loose) store.removeItem(loose);
    const isFresh = form.hasAttribute("data-autosave-fresh"), isResumed = form.hasAttribute("data-autosave-resumed");
    const isOthers = isFresh ? opened && !kept?.fresh : isResumed && (!kept || kept.token && kept.token !== token());
    let fresh = isFresh;
    if (!refused && isOthers) {
      const isMine = isFresh || parse(aside("fresh"))?.token === token(), own = aside(isMine ? "fresh" : token());
      const others = kept;
      kept = parse(own);
      try {
        if (others) store.setItem(aside(others.fresh ? "fresh" : others.token || ""), JSON.stringify(others));
        if (kept) store.setItem(key, JSON.stringify(kept)); else store.removeItem(key);
        if (isMine) store.removeItem(own);
      } catch { /* full: what the server keeps is there */ }
    }
    if (kept?.fresh && isResumed) store.setItem(key, JSON.stringify({ ...kept, fresh: false })); // the server has it by now
    if (kept && kept.at < Number(form.dataset.drafted || 0) * 1000) kept = null;
    store.removeItem(sent);
    if (kept && !refused && JSON.stringify(kept.values) !== initial) {
      write(form, kept.values);
      place.textContent = window.portalWord("restored", { time: clock(kept.at) });
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "q-btn q-btn--ghost q-btn--sm";
      drop.textContent = window.portalWord("start_over");
      drop.addEventListener("click", () => { store.removeItem(key); write(form, JSON.parse(initial)); drop.remove(); place.textContent = ""; });
      place.insertAdjacentElement("afterend", drop);
    }
    let timer = 0;
    const save = () => {
      clearTimeout(timer); timer = 0;
      const values = read(form);
      if (JSON.stringify(values) === initial && !store.getItem(key)) return;
      try { store.setItem(key, JSON.stringify({ at: Date.now(), token: token(), fresh, values })); } catch { return; }
      place.textContent = window.portalWord("saved", { time: clock(Date.now()) });
      form.dispatchEvent(new CustomEvent("kept", { detail: { where: "device", values } }));
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, 600); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("kept", (event) => { if (fresh && event.detail.where === "server") { fresh = false; save(); } });
    window.addEventListener("pagehide", () => { if (timer) save(); });
    form.addEventListener("submit", () => { save(); store.removeItem(aside(token())); store.setItem(sent, String(Date.now())); });
  }

  /* Leaving a shared phone: nothing that was typed without an account stays for the next family. */
  document.querySelectorAll("[data-forget-typed]").forEach((form) => form.addEventListener("submit", () => {
    Object.keys(store).filter((name) => name.startsWith("typed::") || name.startsWith("sent::")).forEach((name) => store.removeItem(name));
  }));

  forgetAccepted();
  forms.forEach(start);
})();
