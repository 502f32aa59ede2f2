/* A paper one question per screen: <form data-quiz data-save="address">. Each choice is kept on the server at once
   and tried again while the network is away. Without this script the whole paper is one form. */
(() => {
  document.querySelectorAll("form[data-quiz]").forEach((form) => {
    const words = form.dataset, questions = [...form.querySelectorAll("[data-question]")];
    const csrf = form.querySelector("input[name=csrfmiddlewaretoken]").value;
    const nav = form.querySelector("[data-nav]"), bar = form.querySelector("progress");
    const state = form.querySelector("[data-state]"), told = form.querySelector("[data-progress]");
    const waiting = new Map();
    let now = 0, busy = false;
    const isDone = (question) => Boolean(question.querySelector("input:checked"));

    const walk = document.createElement("div");
    walk.className = "qz-walk";
    const button = (text, step) => {
      const one = document.createElement("button");
      one.type = "button";
      one.className = "q-btn q-btn--line q-btn--lg";
      one.textContent = text;
      one.addEventListener("click", () => show(now + step, true));
      walk.append(one);
      return one;
    };
    const back = button(words.previous, -1), on = button(words.next, 1);
    on.classList.replace("q-btn--line", "q-btn--soft");
    nav.before(walk);
    questions.forEach((_question, number) => {
      const one = document.createElement("button");
      one.type = "button";
      one.textContent = number + 1;
      one.addEventListener("click", () => show(number, true));
      nav.append(one);
    });
    nav.hidden = false;
    form.querySelector("[data-plain]")?.setAttribute("hidden", "");

    const show = (number, focus = false) => {
      now = Math.min(Math.max(number, 0), questions.length - 1);
      questions.forEach((question, index) => { question.hidden = index !== now; });
      [...nav.children].forEach((one, index) => one.setAttribute("aria-current", index === now ? "step" : "false"));
      back.disabled = now === 0;
      on.disabled = now === questions.length - 1;
      if (focus) questions[now].querySelector("input")?.focus({ preventScroll: true });
    };
    const count = () => {
      const done = questions.filter(isDone).length;
      questions.forEach((question, index) => nav.children[index].classList.toggle("is-done", isDone(question)));
      bar.value = done;
      told.textContent = words.count.replace("{done}", done).replace("{total}", questions.length);
      return done;
    };
    const send = async () => {
      if (busy || !waiting.size) return;
      busy = true;
      const [item, chosen] = waiting.entries().next().value;
      const body = new FormData();
      body.set("item", item);
      chosen.forEach((value) => body.append("chosen", value));
      let again = 0;
      try {
        const answer = await fetch(words.save, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrf, Accept: "application/json" } });
        const said = await answer.json().catch(() => ({}));
        if (said.over) { location.assign(words.result); return; }
        if (said.saved) {
          if (waiting.get(item) === chosen) waiting.delete(item);
          state.textContent = words.saved;
        } else again = answer.status === 429 ? 60000 : 5000;
      } catch { again = 3000; }
      busy = false;
      if (again) { state.textContent = words.unsaved; setTimeout(send, again); } else send();
    };

    form.addEventListener("change", (event) => {
      const question = event.target.closest("[data-question]");
      if (!question) return;
      waiting.set(question.dataset.question, [...question.querySelectorAll("input:checked")].map((box) => box.value));
      count();
      send();
    });
    form.addEventListener("submit", (event) => {
      const missing = questions.length - count();
      if (event.submitter?.value === "submit" && missing && !window.confirm(words.missing.replace("{n}", missing))) {
        event.preventDefault();
        show(questions.findIndex((question) => !isDone(question)), true);
      }
    });
    count();
    show(Math.max(0, questions.findIndex((question) => !isDone(question))));
  });
})();
