/* Sends each chosen picture at once, with progress, and lists it; the form then carries only its token.
   Bound to [data-upload] (templates/files/widgets/photos.html). Without it the files travel with the form. */
(() => {
  const MB = 1048576;
  const size = (bytes) => (bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);
  const fill = (text, values) => Object.entries(values).reduce((done, [name, value]) => done.replaceAll(`{${name}}`, value), text);

  function start(box) {
    const form = box.closest("form"), input = box.querySelector("input[type=file]"), list = box.querySelector("[data-upload-list]");
    const token = form?.querySelector("input[name=form_token]"), csrf = form?.querySelector("input[name=csrfmiddlewaretoken]");
    const status = box.querySelector("[data-upload-status]"), errors = box.querySelector("[data-upload-errors]");
    if (!input || !token?.value || !csrf || !window.XMLHttpRequest || !window.DataTransfer) return;
    const say = (key, values) => fill(box.dataset[key] || "", values);
    const most = Number(box.dataset.maxCount), limit = Number(box.dataset.maxMb);
    let running = 0, waiting = null;

    const complain = (text) => {
      const line = document.createElement("div");
      line.className = "invalid-feedback d-block";
      line.textContent = text;
      errors.append(line);
    };
    const count = () => [...list.children].filter((row) => !row.querySelector("input[type=checkbox]:checked")).length;

    function go() {
      if (running || !waiting) return;
      const button = waiting.submitter;
      waiting = null;
      form.requestSubmit(button || undefined);
    }

    function row(file) {
      const item = document.createElement("li"), name = document.createElement("span"), small = document.createElement("small"), bar = document.createElement("progress");
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = file.name;
      picture.addEventListener("error", () => { picture.hidden = true; });
      name.className = "nm";
      name.textContent = file.name;
      small.textContent = size(file.size);
      bar.max = 100;
      bar.value = 0;
      bar.className = "w-100";
      bar.setAttribute("aria-label", say("textUploading", { name: file.name }));
      name.append(small, bar);
      item.append(picture, name);
      list.append(item);
      return { item, name, bar, picture };
    }

    function finish(view, answer) {
      view.bar.remove();
      view.item.dataset.file = answer.id;
      view.item.dataset.staged = "";
      const id = `c-${answer.id}`, label = document.createElement("label"), caption = document.createElement("input"), button = document.createElement("button");
      label.htmlFor = id;
      label.className = "vh";
      label.textContent = `${box.dataset.textCaption} ${answer.name}`;
      caption.id = id;
      caption.className = "form-control";
      caption.maxLength = 100;
      caption.placeholder = box.dataset.textCaptionHint;
      caption.name = `${box.dataset.name}_caption_${answer.id}`;
      if (!("noCaptions" in box.dataset)) view.name.append(label, caption);
      button.type = "button";
      button.className = "q-btn q-btn--line q-btn--sm";
      button.dataset.drop = "";
      button.textContent = box.dataset.textRemove;
      button.setAttribute("aria-label", `${box.dataset.textRemove} ${answer.name}`);
      view.item.append(button);
      status.textContent = say("textDone", { name: answer.name });
    }

    function send(file) {
      const view = row(file), body = new FormData(), request = new XMLHttpRequest();
      body.append("csrfmiddlewaretoken", csrf.value);
      body.append("form_token", token.value);
      body.append("spec", box.dataset.spec);
      body.append("file", file);
      running += 1;
      status.textContent = say("textUploading", { name: file.name });
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) view.bar.value = (event.loaded / event.total) * 100; });
      request.addEventListener("loadend", () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* not ours: a proxy's page */ }
        if (request.status === 201) {
          finish(view, answer);
        } else if (!request.status && !form.dispatchEvent(new CustomEvent("unsent", { detail: { name: input.name, file }, cancelable: true }))) {
          view.bar.remove(); // offline.js keeps it on this device until the form is sent
        } else {
          URL.revokeObjectURL(view.picture.src);
          view.item.remove();
          complain(answer.error || say("textOffline", { name: file.name }));
        }
        running -= 1;
        go();
      });
      request.open("POST", box.dataset.uploadUrl);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    }

    async function lighter(file) {
      running += 1;
      status.textContent = say("textShrinking", { name: file.name });
      const fit = window.portalShrink ? await window.portalShrink(file, limit * MB) : null;
      running -= 1;
      if (fit) send(fit);
      else { complain(say("textTooBig", { name: file.name, size: (file.size / MB).toFixed(1), limit })); go(); }
    }

    input.addEventListener("change", () => {
      errors.replaceChildren();
      if ("holdFiles" in form.dataset) return; // a child's, before the guardian agrees: they stay in this browser until the form is sent
      let room = most - count(), refused = false;
      for (const file of input.files) {
        if (/\.hei[cf]$/i.test(file.name)) complain(say("textHeic", { name: file.name }));
        else if (room <= 0) refused = true;
        else { room -= 1; (file.size > limit * MB ? lighter : send)(file); }
      }
      if (refused) complain(say("textTooMany", { limit: most }));
      input.value = "";
    });

    function drop(item) {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", csrf.value);
      body.append("form_token", token.value);
      body.append("id", item.dataset.file);
      fetch(box.dataset.discardUrl, { method: "POST", body, headers: { Accept: "application/json" } });
      status.textContent = say("textRemoved", { name: item.querySelector("img")?.alt || "" });
      item.remove();
      input.focus();
    }
    list.addEventListener("click", (event) => { if (event.target.closest("[data-drop]")) drop(event.target.closest("li")); });
    list.addEventListener("change", (event) => { if (event.target.checked && event.target.closest("li[data-staged]")) drop(event.target.closest("li")); });

    form.addEventListener("submit", (event) => {
      if (!running) return;
      event.preventDefault();
      waiting = { submitter: event.submitter };
      status.textContent = box.dataset.textWait;
      status.classList.remove("vh");
    }, true);
  }

  document.querySelectorAll("[data-upload]:not([data-upload-on])").forEach((box) => { box.dataset.uploadOn = ""; start(box); });
})();
