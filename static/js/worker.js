/* Registers the service worker on staff pages and tells it whose empty one-minute form to keep for times without a network
   ([data-shell-url] on the page says where it is). Without it everything works while there is a network. */
(() => {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const owner = document.body.dataset.owner || "", shell = document.querySelector("[data-shell-url]")?.dataset.shellUrl || "";
  navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
    .then((known) => known.active?.postMessage({ owner, shell })).catch(() => { /* a browser that forbids it */ });
})();
