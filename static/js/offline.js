/* Submitting without a network: the form is kept on this device, says so, and goes out by itself once the network
   is back. Its form_token makes the server take it once, however often it is sent. Bound to form[data-offline];
   [data-offline-note] inside says what happens. Pictures wait beside it in IndexedDB until the server has them. What the
   server does not accept opens as its own page of the form, with everything typed and picked. form[data-shell] is the form
   that the service worker opened without a network: it has no token and is always sent from here, with one fetched anew. */
(() => {
  const OWNER = document.body.dataset.owner || "", OUTBOX = `outbox:${OWNER}:`, TYPED = `typed:${OWNER}:`, WAIT = 6000, SURE = 30000;
  const store = (() => { try { const s = window.localStorage; s.setItem("probe", "1"); s.removeItem("probe"); return s; } catch { return null; } })();
  const forms = [...document.querySelectorAll("form[data-offline]")];
  if (!store || !forms.length || !window.fetch) return;
  const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const waiting = () => Object.keys(store).filter((name) => name.startsWith(OUTBOX)).map((name) => {
    try { return { name, ...JSON.parse(store.getItem(name)) }; } catch { store.removeItem(name); return null; }
  }).filter(Boolean);
  const say = (form, word, values) => {
    const note = form?.querySelector("[data-offline-note]");
    if (!note) return;
    note.hidden = !word;
    note.textContent = word ? window.portalWord(word, values) : "";
    if (word) note.scrollIntoView({ block: "nearest" });
  };
  let contact = Date.now(); // when the server was last known to be there
  forms.forEach((form) => {
    form.addEventListener("kept", (event) => { if (event.detail.where === "server") contact = Date.now(); });
    form.addEventListener("unreached", () => { contact = 0; });
  });
  forms.filter((form) => form.hasAttribute("data-shell")).forEach((form) => { form.elements.namedItem("form_token").value = crypto.randomUUID(); });

  const pictures = (mode, act) => new Promise((done) => {
    const ask = window.indexedDB?.open("portal-outbox", 1);
    if (!ask) { done(null); return; }
    ask.onupgradeneeded = () => ask.result.createObjectStore("files");
    ask.onerror = () => done(null);
    ask.onsuccess = () => {
      const deal = ask.result.transaction("files", mode), result = act(deal.objectStore("files"));
      deal.oncomplete = () => { ask.result.close(); done(result.result ?? true); };
      deal.onerror = deal.onabort = () => { ask.result.close(); done(null); };
    };
  });
  const lost = new Map(); // form → pictures that upload.js could not send
  forms.forEach((form) => form.addEventListener("unsent", (event) => {
    event.preventDefault();
    lost.set(form, [...(lost.get(form) || []), [event.detail.name, event.detail.file]]);
    say(form, "offline_picture");
  }));
  const kept = async (name) => { const files = await pictures("readonly", (table) => table.get(name)); return Array.isArray(files) ? files : []; };
  const drop = (name) => pictures("readwrite", (table) => table.delete(name));
  const mark = ([name, file]) => [name, file.name, file.size, file.lastModified].join("/");
  const joined = (...lists) => [...new Map(lists.flat().map((one) => [mark(one), one])).values()];
  const formOf = (code) => forms.find((form) => form.dataset.autosave === code);

  async function reachable() {
    if (!navigator.onLine) return false;
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), WAIT);
    try { await fetch("/healthz", { cache: "no-store", signal: stop.signal }); contact = Date.now(); return true; } catch { return false; } finally { clearTimeout(timer); }
  }

  async function keep(form, submitter) {
    const data = new FormData(form), fields = [], picked = [...(lost.get(form) || [])];
    if (submitter?.name) data.append(submitter.name, submitter.value);
    for (const [name, value] of data) {
      if (typeof value !== "string") { if (value.size) picked.push([name, value]); } else if (name !== "csrfmiddlewaretoken") fields.push([name, value]);
    }
    const token = data.get("form_token") || String(Date.now()), files = joined(await kept(OUTBOX + token), picked);
    const entry = { at: Date.now(), code: form.dataset.autosave || "", action: new URL(form.getAttribute("action") || "", location.href).href, fields, shell: form.hasAttribute("data-shell"), files: files.length };
    if (files.length && !(await pictures("readwrite", (table) => table.put(files, OUTBOX + token)))) { say(form, "offline_no_room"); return; }
    try { store.setItem(OUTBOX + token, JSON.stringify(entry)); } catch { say(form, "offline_no_room"); return; }
    form.dispatchEvent(new Event("change"));
    say(form, "offline_kept");
  }

  /* The form as the server shows it now: its token, and what the kept one could not know (unit, contact). */
  async function fill(body, entry) {
    const answer = await fetch(entry.action, { cache: "no-store" });
    if (answer.redirected && answer.url.includes("/accounts/")) return "offline_login";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = [...page.querySelectorAll("form[data-offline] [name], form [name=csrfmiddlewaretoken]")];
    if (page.body.dataset.owner && page.body.dataset.owner !== OWNER) return "offline_login";
    for (const name of ["csrfmiddlewaretoken", "unit", "contact", "contact_phone"]) {
      const field = fresh.find((one) => one.name === name);
      if (field && !body.has(name)) body.append(name, field.value);
    }
    return body.has("csrfmiddlewaretoken") ? "" : "offline_kept";
  }

  /* The server's own answer as a page: what is wrong, every word, and the pictures, which it keeps under the token. */
  function open(entry, body) {
    const page = document.createElement("form");
    Object.assign(page, { method: "post", action: entry.action, enctype: "multipart/form-data", hidden: true });
    for (const [name, value] of body) if (typeof value === "string") page.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(page);
    HTMLFormElement.prototype.submit.call(page);
  }

  const held = new Set(); // answered with an error page: not again before the page is opened anew
  let busy = false;
  async function send() {
    if (busy || !waiting().length || !(await reachable()) || busy) return;
    busy = true;
    for (const entry of waiting()) {
      if (held.has(entry.name)) continue;
      const form = formOf(entry.code), time = clock(entry.at), body = new FormData();
      if (!entry.shell && csrf()) body.append("csrfmiddlewaretoken", csrf());
      entry.fields.forEach(([name, value]) => body.append(name, value));
      say(form, "offline_sending", { time });
      let answer;
      try {
        const stopped = body.has("csrfmiddlewaretoken") ? "" : await fill(body, entry);
        if (stopped) { say(form, stopped); break; }
        if (entry.files) (await kept(entry.name)).forEach(([name, file]) => body.append(name, file, file.name));
      } catch { say(form, "offline_kept"); break; }
      try { answer = await fetch(entry.action, { method: "POST", body }); } catch { say(form, "offline_kept"); break; }
      if (answer.redirected && answer.url.includes("/accounts/")) { say(form, "offline_login"); break; }
      if (!answer.ok && answer.status >= 429) { say(form, "offline_kept"); break; }
      if (!answer.ok) { // a token of before signing in, too heavy, …: nothing is dropped
        held.add(entry.name);
        if (form?.hasAttribute("data-shell")) { location.assign(entry.action); return; }
        say(form, "offline_refused", { time });
        continue;
      }
      if (entry.files) await drop(entry.name);
      if (answer.redirected) {
        store.removeItem(entry.name);
        store.removeItem(TYPED + entry.code);
        say(form, "offline_sent", { time });
        if (form) { location.assign(answer.url); return; }
      } else if (form) {
        store.removeItem(entry.name);
        open(entry, body);
        return;
      } else { // the form that can show it is another page's
        held.add(entry.name);
        const { name, ...rest } = entry;
        store.setItem(name, JSON.stringify({ ...rest, files: 0 }));
      }
    }
    busy = false;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target, submitter = event.submitter;
    if (!forms.includes(form) || form.dataset.reached) return;
    if (form.hasAttribute("data-shell")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      await keep(form, submitter);
      send();
      return;
    }
    const old = waiting().find((entry) => entry.code === form.dataset.autosave);
    if (!old && !lost.has(form) && navigator.onLine && Date.now() - contact < SURE) return; // nothing to doubt: the browser sends it
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.checking) return;
    form.dataset.checking = "1";
    const token = form.elements.namedItem("form_token");
    if (old && token) token.value = old.name.slice(OUTBOX.length); // the same record: sent twice it is still one
    const slow = setTimeout(() => say(form, "offline_checking"), 800);
    const there = await reachable();
    clearTimeout(slow);
    delete form.dataset.checking;
    if (!there) { await keep(form, submitter); return; }
    const files = joined(old?.files ? await kept(old.name) : [], lost.get(form) || []);
    for (const input of form.querySelectorAll("input[type=file]")) { // they go with the form
      const bag = new DataTransfer(), chosen = [...input.files].map((file) => [input.name, file]);
      joined(files.filter(([name]) => name === input.name), chosen).forEach(([, file]) => bag.items.add(file));
      if (bag.files.length > chosen.length) input.files = bag.files;
    }
    say(form, "");
    if (old) { store.removeItem(old.name); drop(old.name); }
    form.dataset.reached = "1";
    form.requestSubmit(submitter || undefined);
    setTimeout(() => { delete form.dataset.reached; }, 0);
  }, true);
  window.addEventListener("online", () => setTimeout(send, 300));
  setInterval(send, 20000);
  send();
})();
