// Draws the frame over a photo and writes its edges, in percent, into the four number fields of [data-crop].
(() => {
  const NS = "http://www.w3.org/2000/svg";
  const clamp = (value) => Math.max(0, Math.min(100, Math.round(value)));

  function start(box) {
    const stage = box.querySelector("[data-crop-stage]");
    const fields = ["left", "top", "right", "bottom"].map((name) => box.querySelector(`[name=${name}]`));
    if (!stage || fields.some((field) => !field)) return;
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const shade = document.createElementNS(NS, "path");
    shade.setAttribute("fill", "#14191B");
    shade.setAttribute("fill-opacity", ".45");
    shade.setAttribute("fill-rule", "evenodd");
    const frame = document.createElementNS(NS, "path");
    frame.setAttribute("fill", "none");
    frame.setAttribute("stroke", "#fff");
    frame.setAttribute("stroke-width", "2");
    frame.setAttribute("vector-effect", "non-scaling-stroke");
    svg.append(shade, frame);
    stage.append(svg);

    const draw = () => {
      const [l, t, r, b] = fields.map((field, n) => (field.value === "" ? (n < 2 ? 0 : 100) : clamp(Number(field.value))));
      const inner = `M${l} ${t}H${r}V${b}H${l}Z`;
      shade.setAttribute("d", `M0 0H100V100H0Z${inner}`);
      frame.setAttribute("d", inner);
    };
    const at = (event) => {
      const area = svg.getBoundingClientRect();
      return [((event.clientX - area.left) * 100) / area.width, ((event.clientY - area.top) * 100) / area.height];
    };
    let from = null;
    svg.addEventListener("pointerdown", (event) => {
      from = at(event);
      svg.setPointerCapture(event.pointerId);
      const hand = box.closest("form").querySelector("[name=lettering][value=handwritten]");
      if (hand) hand.checked = true;
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = at(event);
      if (Math.abs(to[0] - from[0]) < 3 || Math.abs(to[1] - from[1]) < 3) return;
      const edges = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
      edges.forEach((edge, n) => { fields[n].value = clamp(edge); });
      draw();
    });
    const stop = () => { from = null; };
    svg.addEventListener("pointerup", stop);
    svg.addEventListener("pointercancel", stop);
    fields.forEach((field) => field.addEventListener("input", draw));
    draw();
  }

  document.querySelectorAll("[data-crop]").forEach(start);
})();
