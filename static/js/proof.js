/* Proof of work for <div data-proof='{challenge}'>: solves the puzzle in a worker as soon as somebody types, then hides the sum. */
(() => {
  const box = document.querySelector("[data-proof]");
  if (!box || !window.crypto?.subtle || !window.Worker) return;
  const work = `onmessage = async ({ data: p }) => {
    const enc = new TextEncoder();
    for (let n = 0; n <= p.maxNumber; n++) {
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", enc.encode(p.salt + n)));
      let hex = ""; for (const b of hash) hex += b.toString(16).padStart(2, "0");
      if (hex === p.challenge) { postMessage(n); return; }
    }
    postMessage(-1);
  };`;
  const puzzle = JSON.parse(box.dataset.proof);
  puzzle.maxNumber = puzzle.maxNumber ?? puzzle.maxnumber ?? puzzle.max_number ?? 50000;
  const question = box.querySelector("[data-proof-question]"), done = box.querySelector("[data-proof-done]");
  let worker = null;
  const start = () => {
    if (worker) return;
    const url = URL.createObjectURL(new Blob([work], { type: "text/javascript" }));
    try { worker = new Worker(url); } catch { return; }
    worker.onmessage = ({ data: number }) => {
      worker.terminate(); URL.revokeObjectURL(url);
      if (number < 0) return;
      const { algorithm, challenge, salt, signature } = puzzle;
      box.querySelector("[name=altcha]").value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      question.hidden = true;
      done.hidden = false;
    };
    worker.onerror = () => worker.terminate();
    worker.postMessage(puzzle);
  };
  const form = box.closest("form") || document;
  form.addEventListener("focusin", start, { once: true });
  form.addEventListener("input", start, { once: true });
  if ("requestIdleCallback" in window) window.requestIdleCallback(start, { timeout: 3000 }); else setTimeout(start, 1500);
})();
