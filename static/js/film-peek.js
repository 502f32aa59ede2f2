/* Looks into a film before it is sent: who would learn after 300 MB that it is too long learns it at once. Reads the heads
   of an MP4 (ISO 14496-12), a few kilobytes of it; whatever cannot be read is left to the server, which has the last word. */
(() => {
  const view = async (file, start, length) => new DataView(await file.slice(start, start + length).arrayBuffer());
  const name = (data, at) => String.fromCharCode(...[4, 5, 6, 7].map((place) => data.getUint8(at + place)));
  const MOST = 32 * 1024 * 1024;

  /* Where the table of the film lies: it may stand behind 300 MB of pictures. */
  async function table(file) {
    let at = 0;
    for (let seen = 0; at + 8 <= file.size && seen < 100; seen += 1) {
      const head = await view(file, at, 16);
      let length = head.getUint32(0);
      if (length === 1) length = Number(head.getBigUint64(8));
      if (length === 0) length = file.size - at;
      if (name(head, 0) === "moov") return length <= MOST ? view(file, at, length) : null;
      if (length < 8) return null;
      at += length;
    }
    return null;
  }

  function* boxes(data, start, end) {
    let at = start;
    while (at + 8 <= end) {
      const length = data.getUint32(at);
      if (length < 8 || at + length > end) return;
      const kind = name(data, at);
      yield { kind, at: at + 8, end: at + length };
      if (kind === "trak") yield* boxes(data, at + 8, at + length);
      at += length;
    }
  }

  function read(data) {
    const found = { seconds: 0, width: 0, height: 0 };
    for (const box of boxes(data, 8, data.byteLength)) {
      const late = data.getUint8(box.at) === 1;
      if (box.kind === "mvhd") found.seconds = late ? Number(data.getBigUint64(box.at + 24)) / data.getUint32(box.at + 20) : data.getUint32(box.at + 16) / data.getUint32(box.at + 12);
      if (box.kind === "tkhd") {
        const size = box.at + (late ? 88 : 76), wide = data.getUint32(size) / 65536, high = data.getUint32(size + 4) / 65536;
        if (wide * high > found.width * found.height) Object.assign(found, { width: Math.round(wide), height: Math.round(high) });
      }
    }
    return found;
  }

  /* {program: true}, {seconds, width, height}, or null for what is no film or cannot be told. */
  window.portalPeekFilm = async (file) => {
    try {
      const head = await view(file, 0, 12);
      if (head.getUint16(0) === 0x4d5a || head.getUint32(0) === 0x7f454c46) return { program: true };
      if (name(head, 0) !== "ftyp") return null;
      const data = await table(file);
      return data && read(data);
    } catch { return null; }
  };
})();
