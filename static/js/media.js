/* Sends sound and video in parts that can be taken up again. Bound to [data-media] (templates/files/widgets/media.html).
   Where a part ends is said by the server; this browser only remembers which upload was which file, so that a closed
   tab or another form can go on. Without this script the file travels with the form. */
(() => {
  const MB = 1048576, KEPT = "portal.uploads", WAITS = [1, 2, 4, 8, 15, 30];
  const fill = (text, values) => Object.entries(values).reduce((done, [name, value]) => done.replaceAll(`{${name}}`, value), text || "");
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (blob) => (crypto.subtle ? hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())) : "");
  const pause = (seconds) => new Promise((go) => {
    const timer = setTimeout(go, seconds * 1000);
    addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });
  const remembered = () => { try { return JSON.parse(localStorage.getItem(KEPT) || "{}"); } catch { return {}; } };
  const remember = (print, value) => {
    const all = remembered();
    delete all[print];
    if (value) all[print] = value;
    try { localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-20)))); } catch { /* private window: only this page goes on */ }
  };

  /* Name, size, date and both ends: enough to know the file again without reading all of it. */
  async function fingerprint(file) {
    const ends = new Blob([file.slice(0, 65536), file.slice(-65536), `${file.name}|${file.size}|${file.lastModified}`]);
    const whole = await digest(ends);
    if (whole) return whole;
    let mark = 7;
    for (const byte of new Uint8Array(await ends.arrayBuffer())) mark = (mark * 31 + byte) % 4294967291;
    return `x${mark.toString(16)}-${file.size}-${file.lastModified}`.slice(0, 64);
  }

  function start(box) {
    const form = box.closest("form"), input = box.querySelector("input[type=file]"), list = box.querySelector("[data-media-list]");
    const token = form?.querySelector("input[name=form_token]"), csrf = form?.querySelector("input[name=csrfmiddlewaretoken]");
    const status = box.querySelector("[data-media-status]"), errors = box.querySelector("[data-media-errors]");
    if (!input || !token?.value || !csrf || !window.DataTransfer || !Blob.prototype.arrayBuffer) return;
    const say = (key, values = {}) => fill(box.dataset[key], values);
    const most = Number(box.dataset.maxCount), limit = Number(box.dataset.maxMb);
    let running = 0, waiting = null;

    const complain = (text) => {
      const line = document.createElement("div");
      line.className = "invalid-feedback d-block";
      line.textContent = text;
      errors.append(line);
    };
    const count = () => [...list.children].filter((row) => !row.querySelector("input[type=checkbox]:checked")).length;

    function row(file) {
      const item = document.createElement("li"), name = document.createElement("span"), small = document.createElement("small");
      const bar = document.createElement("progress"), button = document.createElement("button");
      name.className = "nm";
      name.textContent = file.name;
      bar.max = 100;
      bar.value = 0;
      bar.className = "w-100";
      bar.setAttribute("aria-label", file.name);
      button.type = "button";
      button.className = "q-btn q-btn--line q-btn--sm";
      button.textContent = box.dataset.textRemove;
      button.setAttribute("aria-label", `${box.dataset.textRemove} ${file.name}`);
      name.append(small, bar);
      item.append(name, button);
      list.append(item);
      const view = { item, small, bar, button, stopped: false, url: "", percent: 0 };
      view.show = (percent, key) => { view.percent = percent; bar.value = percent; small.textContent = say(key, { percent }); };
      button.addEventListener("click", () => { view.stopped = true; forget(view, file.name); });
      return view;
    }

    function post(url, fields, view, base, size) {
      const body = new FormData(), request = new XMLHttpRequest();
      body.append("csrfmiddlewaretoken", csrf.value);
      body.append("form_token", token.value);
      Object.entries(fields).forEach(([name, value]) => body.append(name, value));
      if (view) request.upload.addEventListener("progress", (event) => view.show(Math.min(99, Math.floor(((base + event.loaded) / size) * 100)), "textSending"));
      return new Promise((done) => {
        request.addEventListener("loadend", () => {
          let answer = {};
          try { answer = JSON.parse(request.responseText); } catch { /* not ours: a proxy's page */ }
          done({ code: request.status, answer });
        });
        request.open("POST", url);
        request.setRequestHeader("Accept", "application/json");
        request.timeout = 120000;
        request.send(body);
      });
    }

    function forget(view, name) {
      if (view.url) post(`${view.url}drop/`, {});
      view.item.remove();
      status.textContent = say("textRemoved", { name });
      input.focus();
    }

    function finish(view, answer) {
      view.bar.remove();
      view.item.dataset.file = answer.id;
      view.item.dataset.staged = "";
      view.small.textContent = `${say("textDone")}${answer.length ? ` · ${answer.length}` : ""}`;
      view.url = "";
      const fresh = view.button.cloneNode(true);
      fresh.dataset.drop = "";
      view.button.replaceWith(fresh);
    }

    /* Ask where to go on, send from there; wait longer each time the way is blocked. Ends with true, or with a sentence. */
    async function carry(file, view, print) {
      let blocked = 0;
      while (!view.stopped) {
        const old = remembered()[print] || {};
        const begun = await post(box.dataset.beginUrl, { spec: box.dataset.spec, name: file.name, size: file.size, fingerprint: print, resume: old.upload || "", key: old.key || "" });
        if (begun.code === 201) return done(begun.answer, view, print);
        if (begun.code === 200) {
          remember(print, { upload: begun.answer.upload, key: begun.answer.key });
          view.url = `${box.dataset.beginUrl}${begun.answer.upload}/`;
          let at = begun.answer.received;
          while (!view.stopped) {
            const part = file.slice(at, Math.min(file.size, at + begun.answer.part));
            view.show(Math.floor((at / file.size) * 100), "textSending");
            const sent = await post(view.url, { offset: at, sha256: await digest(part), part }, view, at, file.size);
            if (sent.code === 201) return done(sent.answer, view, print);
            if (sent.code === 200 || sent.code === 409) { at = sent.answer.received; blocked = 0; continue; }
            if (sent.code === 422 && sent.answer.code === "part_damaged" && blocked < 3) { blocked += 1; continue; }
            if (sent.code === 422 || sent.code === 400) { remember(print); return sent.answer.error; }
            if (sent.code === 507) view.show(view.percent, "textFull"); else if (sent.code !== 404) view.show(view.percent, "textWaiting");
            break;
          }
        } else if (begun.code === 422 || begun.code === 400) return begun.answer.error;
        else view.show(view.percent, begun.code === 507 ? "textFull" : "textWaiting");
        if (view.stopped) break;
        if (blocked > 60) return say("textFailed", { name: file.name });
        await pause(WAITS[Math.min(blocked, WAITS.length - 1)]);
        blocked += 1;
      }
      return view.stopped;
    }

    function done(answer, view, print) {
      remember(print);
      finish(view, answer);
      return true;
    }

    /* What the server would refuse after the whole way, said before it begins. */
    async function fault(file) {
      const seen = window.portalPeekFilm ? await window.portalPeekFilm(file) : null;
      if (!seen) return "";
      const quote = (text) => `“${file.name}”：${text}`, [long, short] = (box.dataset.least || "0x0").split("x").map(Number);
      if (seen.program) return quote(box.dataset.textProgram);
      if (seen.seconds >= Number(box.dataset.minutes) * 60 + 1) return quote(say("textLong", { length: `${Math.floor(seen.seconds / 60)}:${String(Math.floor(seen.seconds % 60)).padStart(2, "0")}` }));
      const wide = Math.max(seen.width, seen.height), high = Math.min(seen.width, seen.height);
      return wide && (wide < long || high < short) ? quote(say("textSmall", { width: seen.width, height: seen.height })) : "";
    }

    async function send(file) {
      running += 1;
      const why = await fault(file);
      running -= 1;
      if (why) {
        complain(why);
        if (!running) waiting = null; // somebody has pressed send already: they read why first
        return;
      }
      [...list.querySelectorAll(`[data-upload-id][data-size="${file.size}"]`)].forEach((item) => item.remove());
      const view = row(file);
      view.show(0, "textSending");
      running += 1;
      let end;
      try { end = await carry(file, view, await fingerprint(file)); } catch { end = say("textFailed", { name: file.name }); }
      running -= 1;
      if (end !== true) { view.item.remove(); complain(end || say("textFailed", { name: file.name })); }
      if (waiting && !running) {
        const button = waiting.submitter;
        waiting = null;
        if (end === true) form.requestSubmit(button || undefined);
      }
    }

    input.addEventListener("change", () => {
      errors.replaceChildren();
      if ("holdFiles" in form.dataset) return; // a child's, before the guardian agrees: it stays in this browser until the form is sent
      let room = most - count() + list.querySelectorAll("[data-upload-id]").length, refused = false;
      for (const file of input.files) {
        if (room <= 0) refused = true;
        else if (file.size > limit * MB) complain(say("textTooBig", { name: file.name, size: (file.size / MB).toFixed(1), limit }));
        else { room -= 1; send(file); }
      }
      if (refused) complain(say("textTooMany", { limit: most }));
      input.value = "";
    });
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-drop]")?.closest("li");
      if (item) { post(box.dataset.discardUrl, { id: item.dataset.file }); item.remove(); input.focus(); }
    });
    form.addEventListener("submit", (event) => {
      if (!running) return;
      event.preventDefault();
      waiting = { submitter: event.submitter };
      status.textContent = box.dataset.textWait;
    }, true);
    addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  }

  document.querySelectorAll("[data-media]:not([data-media-on])").forEach((box) => { box.dataset.mediaOn = ""; start(box); });
})();
