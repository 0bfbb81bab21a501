// Answers for the site while there is no connection: with a copy that somebody chose to keep, or a page that says so.
// It keeps nothing by itself. Copies are put into their cache by keeping.js, and hold nothing of a person.
const KEPT = "kept ";
const AWAY = "/offline/";
const PATIENCE = 4000; // milliseconds until a copy is shown in place of a page that does not come
const NOT_OURS = /^\/(cms|desk|documents|accounts)\//;

async function find(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(KEPT)) continue;
    const kept = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (kept) return kept;
  }
  return undefined;
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function page(request) {
  const address = new URL(request.url).pathname;
  const kept = await find(address);
  const asked = fetch(request);
  if (!kept) return asked.catch(async () => (await find(AWAY)) || Response.error());
  asked.catch(() => {}); // it may fail after the copy was shown
  return Promise.race([asked.catch(() => kept), wait(PATIENCE).then(() => kept)]);
}

const file = async (request) => (await find(request.url)) || fetch(request);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || NOT_OURS.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (["style", "script", "font", "image"].includes(request.destination)) event.respondWith(file(request));
});
