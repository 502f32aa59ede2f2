/* A photo that is too heavy to send is made smaller on the device: window.portalShrink(file, bytes) → Promise of a JPEG
   file that fits, or null when it cannot be done (then the person is told what to do). */
(() => {
  const EDGES = [4096, 3000, 2200], TYPES = ["image/jpeg", "image/png", "image/webp"];
  const drawn = async (file, edge) => {
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, edge / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(whole.width * scale);
    canvas.height = Math.round(whole.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    return new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.88); });
  };
  window.portalShrink = async (file, bytes) => {
    if (!window.createImageBitmap || !TYPES.includes(file.type)) return null;
    for (const edge of EDGES) {
      try {
        const blob = await drawn(file, edge);
        if (blob && blob.size <= bytes) return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
      } catch { return null; }
    }
    return null;
  };
})();
