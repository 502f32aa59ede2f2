/* Shows the caption of the moment under a player of sound, for which browsers draw none (templates/files/_players.html). */
(() => {
  document.querySelectorAll("audio[data-lines]").forEach((audio) => {
    const track = audio.textTracks[0], line = audio.parentElement.querySelector("[data-line]");
    if (!track || !line) return;
    track.mode = "hidden"; // loaded, not drawn
    track.addEventListener("cuechange", () => {
      line.textContent = [...(track.activeCues || [])].map((cue) => cue.getCueAsHTML().textContent).join("\n");
    });
    line.hidden = false;
  });
})();
