/* <div data-sign hidden><canvas></canvas><button data-sign-clear></div> beside input[data-sign-value]: a signature drawn
   with finger, pen or mouse, sent as a picture. Without script, or left empty, the tick alone signs. */
(() => {
  document.querySelectorAll("[data-sign]").forEach((box) => {
    const canvas = box.querySelector("canvas"), value = box.closest("form")?.querySelector("[data-sign-value]");
    const pen = canvas?.getContext("2d");
    if (!pen || !value) return;
    box.hidden = false;
    canvas.width = 900;
    canvas.height = 330;
    Object.assign(pen, { lineWidth: 7, lineCap: "round", lineJoin: "round", strokeStyle: "#1F2629" });
    let last = null, drawn = false;
    const at = (event) => {
      const edge = canvas.getBoundingClientRect();
      return [((event.clientX - edge.left) / edge.width) * canvas.width, ((event.clientY - edge.top) / edge.height) * canvas.height];
    };
    const state = () => box.classList.toggle("is-empty", !value.value);
    const stroke = (event) => {
      const next = at(event);
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...next);
      pen.stroke();
      last = next;
      drawn = true;
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      stroke(event);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => { if (last) stroke(event); });
    const end = () => {
      last = null;
      if (drawn) value.value = canvas.toDataURL("image/png");
      state();
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    box.querySelector("[data-sign-clear]")?.addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      drawn = false;
      value.value = "";
      state();
    });
    if (value.value.startsWith("data:image/png;base64,")) {
      const before = new Image();
      before.addEventListener("load", () => pen.drawImage(before, 0, 0));
      before.src = value.value;
    }
    state();
  });
})();
