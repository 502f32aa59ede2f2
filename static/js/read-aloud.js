/* Reads the page out with the browser's own voice; the button shows only where there is one. */
(() => {
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;
  document.querySelectorAll("[data-read-aloud]").forEach((button) => {
    const words = button.querySelector("span"), first = words.textContent;
    const stop = () => { voice.cancel(); words.textContent = first; button.setAttribute("aria-pressed", "false"); };
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      if (voice.speaking) { stop(); return; }
      const main = document.getElementById("main");
      (main.innerText.match(/[^。！？\n]{1,180}[。！？]?/g) || []).forEach((part) => {
        const line = new SpeechSynthesisUtterance(part);
        line.lang = document.documentElement.lang; line.rate = 0.95;
        voice.speak(line);
      });
      const end = new SpeechSynthesisUtterance(" ");
      end.onend = stop;
      voice.speak(end);
      words.textContent = window.portalWord("stop_reading");
      button.setAttribute("aria-pressed", "true");
    });
    window.addEventListener("pagehide", () => voice.cancel());
  });
})();
