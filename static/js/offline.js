/* Submitting without a network: the form is kept on this device, says so, and goes out by itself once the network
   is back. Its form_token makes the server take it once, however often it is sent. Bound to form[data-offline];
   [data-offline-note] inside says what happens. Pictures wait beside it in IndexedDB. Words and pictures are dropped when the
   server has accepted the form, which it says by leading on. What it does not accept opens as its own page of the form, with
   everything typed and picked; then the kept form is not sent by itself any more, and goes after a day. A form that was
   restored from a kept one goes on under its token; a new record never takes over an older one's. form[data-shell] is the
   form that the service worker opened without a network: always sent from here, with a csrf token fetched anew. */
(() => {
  const OWNER = document.body.dataset.owner || "", OUTBOX = `outbox:${OWNER}:`, TYPED = `typed:${OWNER}:`, WAIT = 6000, SURE = 30000, DAY = 864e5;
  const store = (() => { try { const s = window.localStorage; s.setItem("probe", "1"); s.removeItem("probe"); return s; } catch { return null; } })();
  const forms = [...document.querySelectorAll("form[data-offline]")];
  if (!store || !forms.length || !window.fetch) return;
  const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const parse = (name) => { try { return JSON.parse(store.getItem(name)); } catch { store.removeItem(name); return null; } };
  const entryOf = (name) => { const entry = parse(name); return entry && { name, ...entry }; };
  const waiting = () => Object.keys(store).filter((name) => name.startsWith(OUTBOX)).map(entryOf).filter(Boolean);
  const tokenOf = (form) => form.elements.namedItem("form_token");
  const nameOf = (form) => OUTBOX + (tokenOf(form)?.value || "");
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

  function start(form) {
    const token = tokenOf(form), entry = entryOf(nameOf(form));
    if (form.hasAttribute("data-shell")) token.value = crypto.randomUUID();
    if (form.hasAttribute("data-bound")) {
      if (entry) try { store.setItem(entry.name, JSON.stringify({ ...entry, shown: true })); } catch { /* full: it is sent and shown again */ }
      return;
    }
    const from = form.restoredValues && parse(TYPED + form.dataset.autosave)?.token, own = token?.value;
    if (!token || !from || !entryOf(OUTBOX + from)) return;
    token.value = from; // the same record: sent twice it is still one
    form.querySelector("[data-saved] + button")?.addEventListener("click", () => { token.value = own; });
  }
  forms.forEach(start);

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
  const kept = async (name) => (await pictures("readonly", (table) => table.get(name)))?.files || [];
  const drop = (name) => pictures("readwrite", (table) => table.delete(name));
  const mark = ([name, file]) => [name, file.name, file.size, file.lastModified].join("/");
  const joined = (...lists) => [...new Map(lists.flat().map((one) => [mark(one), one])).values()];
  const late = (at) => Date.now() - (at || 0) > DAY;

  function sweep() {
    waiting().filter((entry) => entry.shown && late(entry.at)).forEach((entry) => store.removeItem(entry.name));
    pictures("readwrite", (table) => {
      const walk = table.openCursor();
      walk.onsuccess = () => {
        const row = walk.result;
        if (!row) return;
        if (!store.getItem(row.key) && late(row.value.at)) row.delete();
        row.continue();
      };
      return walk;
    });
  }
  const formOf = (code) => forms.find((form) => form.dataset.autosave === code);

  async function reachable() {
    if (!navigator.onLine) return false;
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), WAIT);
    try { await fetch("/healthz", { cache: "no-store", signal: stop.signal }); contact = Date.now(); return true; } catch { return false; } finally { clearTimeout(timer); }
  }

  /* False where this device has no room. What the server's own page shows, it has: only new pictures go with that one. */
  async function keep(form, submitter) {
    const data = new FormData(form), fields = [], picked = [...(lost.get(form) || [])];
    if (submitter?.name) data.append(submitter.name, submitter.value);
    for (const [name, value] of data) {
      if (typeof value !== "string") { if (value.size) picked.push([name, value]); } else if (name !== "csrfmiddlewaretoken") fields.push([name, value]);
    }
    const name = OUTBOX + (data.get("form_token") || String(Date.now())), at = Date.now();
    const files = joined(form.hasAttribute("data-bound") ? [] : await kept(name), picked);
    const entry = { at, code: form.dataset.autosave || "", action: new URL(form.getAttribute("action") || "", location.href).href, fields, shell: form.hasAttribute("data-shell"), files: files.length };
    if (files.length && !(await pictures("readwrite", (table) => table.put({ at, files }, name)))) return false;
    try { store.setItem(name, JSON.stringify(entry)); } catch { return false; }
    form.dispatchEvent(new Event("change"));
    return true;
  }

  const keepHere = async (form, submitter) => say(form, (await keep(form, submitter)) ? "offline_kept" : "offline_no_room");

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
    let next = "";
    for (const entry of waiting()) {
      if (held.has(entry.name) || entry.shown) continue;
      const form = formOf(entry.code), token = entry.name.slice(OUTBOX.length), time = clock(entry.at), body = new FormData();
      if (!entry.shell && csrf()) body.append("csrfmiddlewaretoken", csrf());
      entry.fields.forEach(([name, value]) => body.append(name, value));
      say(form, "offline_sending", { time });
      let answer, page;
      try {
        const stopped = body.has("csrfmiddlewaretoken") ? "" : await fill(body, entry);
        if (stopped) { say(form, stopped); break; }
        if (entry.files) (await kept(entry.name)).forEach(([name, file]) => body.append(name, file, file.name));
      } catch { say(form, "offline_kept"); break; }
      try { answer = await fetch(entry.action, { method: "POST", body }); page = answer.redirected ? "" : await answer.text(); } catch { say(form, "offline_kept"); break; }
      if (answer.redirected && answer.url.includes("/accounts/")) { say(form, "offline_login"); break; }
      if (!answer.ok && answer.status >= 429) { say(form, "offline_kept"); break; }
      if (answer.ok && answer.redirected) {
        store.removeItem(entry.name);
        await drop(entry.name);
        if (parse(TYPED + entry.code)?.token === token) store.removeItem(TYPED + entry.code);
        say(form, "offline_sent", { time });
        if (form && nameOf(form) === entry.name) form.reset(); // autosave.js would keep it once more on the way out
        if (form) next = answer.url;
      } else if ((answer.ok || answer.status === 422) && page.includes(token)) { // the form, with what is wrong
        held.add(entry.name);
        if (form) { open(entry, body); return; }
      } else { // a token of before signing in, too heavy, a page of somebody between: nothing is dropped
        held.add(entry.name);
        if (!answer.ok && form?.hasAttribute("data-shell")) { location.assign(entry.action); return; }
        say(form, "offline_refused", { time });
      }
    }
    busy = false;
    if (next) location.assign(next);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target, submitter = event.submitter;
    if (!forms.includes(form) || form.dataset.reached) return;
    if (form.hasAttribute("data-shell")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      await keepHere(form, submitter);
      send();
      return;
    }
    const old = entryOf(nameOf(form));
    if (!old && !lost.has(form) && navigator.onLine && Date.now() - contact < SURE) return; // nothing to doubt: the browser sends it
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.checking) return;
    form.dataset.checking = "1";
    const slow = setTimeout(() => say(form, "offline_checking"), 800);
    const there = await reachable();
    clearTimeout(slow);
    delete form.dataset.checking;
    if (!there) { await keepHere(form, submitter); return; }
    const uploading = form.querySelector("[data-upload-list] progress"); // upload.js waits for it and presses again
    if ((old || lost.has(form)) && !uploading && (await keep(form, submitter))) { held.delete(nameOf(form)); send(); return; }
    const files = joined(old && !old.shown ? await kept(old.name) : [], lost.get(form) || []);
    for (const input of form.querySelectorAll("input[type=file]")) { // they go with the form
      const bag = new DataTransfer(), chosen = [...input.files].map((file) => [input.name, file]);
      joined(files.filter(([name]) => name === input.name), chosen).forEach(([, file]) => bag.items.add(file));
      if (bag.files.length > chosen.length) input.files = bag.files;
    }
    say(form, "");
    form.dataset.reached = "1";
    form.requestSubmit(submitter || undefined);
    setTimeout(() => { delete form.dataset.reached; }, 0);
  }, true);
  window.addEventListener("online", () => setTimeout(send, 300));
  setInterval(send, 20000);
  sweep();
  send();
})();
