/* The portal's service worker. It answers from this device only when the network does not answer at all: the page that says
   so, and the empty one-minute form (no name, no record, no token) of whoever was signed in last. Nothing else is kept:
   no staff page, no answer to a form. The form is forgotten at sign-out, at the sign-in page and for another account. */
const CACHE = "portal-{{ version }}", STATIC = "{{ static_url }}", SHELL = "/kept-shell", OWNER = "/kept-owner";
const FORM = "{{ form_url }}", OFFLINE = "{{ offline_url }}", LOGIN = "/accounts/login/", LOGOUT = "/accounts/logout/";
const FRESH = 600000, PATIENCE = 20000;

/* Keeping and forgetting happen one after the other: two pages that load at once must not throw away what the other has just
   kept, and a form still on its way when somebody signs out is kept first and then forgotten. */
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));

const found = (text, pattern, base) => [...text.matchAll(pattern)].map((hit) => new URL(hit[1].replaceAll("&amp;", "&"), base))
  .filter((url) => url.origin === location.origin && url.pathname.startsWith(STATIC)).map((url) => url.href);

async function addAssets(cache, html) {
  await Promise.allSettled(found(html, /(?:href|src)="([^"]+)"/g, location.origin).map(async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) return;
    if (url.includes(".css")) {
      const inside = found(await answer.clone().text(), /url\(["']?([^"')]+\.woff2[^"')]*)/g, url);
      await Promise.allSettled(inside.map((font) => cache.add(font)));
    }
    await cache.put(url, answer);
  }));
}

async function keep(address, name) {
  const stop = new AbortController(); // older WebViews have no signal that is a clock itself
  setTimeout(() => stop.abort(), PATIENCE);
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: stop.signal });
  if (!answer.ok || answer.redirected) return false;
  const html = await answer.clone().text(), cache = await caches.open(CACHE);
  await addAssets(cache, html);
  await cache.put(name, new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "X-Kept-At": String(Date.now()) } }));
  return true;
}

async function drop() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.delete(SHELL), cache.delete(OWNER)]);
}

async function keepShell(owner, address) {
  const cache = await caches.open(CACHE), known = await cache.match(OWNER);
  const same = known && (await known.text()) === owner, old = await cache.match(SHELL);
  if (!same) await drop();
  if (!owner || !address || (same && old && Date.now() - Number(old.headers.get("X-Kept-At")) < FRESH)) return;
  if (await keep(address, SHELL)) await cache.put(OWNER, new Response(owner));
}

async function withoutNetwork(path) {
  const cache = await caches.open(CACHE);
  return (path === FORM && (await cache.match(SHELL))) || (await cache.match(OFFLINE)) || Response.error();
}

self.addEventListener("install", (event) => { self.skipWaiting(); event.waitUntil(keep(OFFLINE, OFFLINE)); });
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("portal-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));
self.addEventListener("message", (event) => event.waitUntil(inTurn(() => keepShell(String(event.data?.owner || ""), String(event.data?.shell || "")))));
self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname === LOGIN || (url.pathname === LOGOUT && request.method === "POST")) event.waitUntil(inTurn(drop));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => withoutNetwork(url.pathname)));
  else if (url.pathname.startsWith(STATIC)) event.respondWith(fetch(request).catch(async () => (await caches.match(request.url)) || Response.error()));
});
