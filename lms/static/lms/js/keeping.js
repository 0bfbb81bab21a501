// On a course's page: keep the course on this device, bring the copy up to date, and take it off again.
// Without this file, or where the browser cannot do it, nothing is offered.
(() => {
  const part = document.querySelector("[data-keep]");
  if (!part || !("serviceWorker" in navigator) || !("caches" in globalThis) || !globalThis.waiting) return;
  const [keepIt, removeIt] = ["[data-keep-it]", "[data-remove-it]"].map((name) => part.querySelector(name));
  const progress = part.querySelector("progress");
  const said = part.querySelector("[data-says]");
  const prefix = `${waiting.KEPT}${part.dataset.course} `;
  let list;

  const say = (words) => (said.textContent = words);
  const ours = async () => (await waiting.copies()).filter((name) => name.startsWith(prefix));
  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  async function look() {
    list ??= await (await fetch(part.dataset.keep, { redirect: "error" })).json();
    const kept = await ours();
    keepIt.hidden = kept.length > 0;
    removeIt.hidden = !keepIt.hidden;
    keepIt.disabled = false;
    keepIt.textContent = `Keep this course here (${size(list.size)})`;
    if (kept.length && !kept.includes(prefix + list.digest)) await fetchAll();
  }

  async function fetchAll() {
    const cache = await caches.open(prefix + list.digest);
    const addresses = [...list.pages, ...list.files];
    progress.hidden = false;
    progress.max = addresses.length;
    for (const [done, address] of addresses.entries()) {
      const answer = await fetch(address, { cache: "no-store", redirect: "error" });
      if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
      await cache.put(address, answer);
      progress.value = done + 1;
    }
    for (const [address, copy] of Object.entries(list.stands_for)) await cache.put(address, Response.redirect(copy));
    await cache.put(part.dataset.keep, new Response(JSON.stringify({ title: list.title, page: list.stands_for[location.pathname] })));
    for (const name of await ours()) {
      if (name !== prefix + list.digest) await caches.delete(name);
    }
    progress.hidden = true;
    say("It’s kept here. You can read it without a connection.");
  }

  async function keep() {
    keepIt.disabled = true;
    try {
      await waiting.remember(await (await fetch("/offline/state/", { cache: "no-store" })).json());
      await navigator.serviceWorker.register(part.dataset.worker, { scope: "/" });
      await fetchAll();
    } catch {
      await caches.delete(prefix + list.digest);
      progress.hidden = true;
      say("That didn’t work. Check your connection and the room on this device, then try again.");
    }
    await look();
  }

  async function remove() {
    for (const name of await ours()) await caches.delete(name);
    if (!(await waiting.copies()).length) await waiting.withoutWorker();
    say("Removed. Nothing of this course is kept here.");
    await look();
    keepIt.focus();
  }

  const looked = () => look().catch(() => say("This needs a connection."));
  keepIt.addEventListener("click", keep);
  removeIt.addEventListener("click", remove);
  part.querySelector("details").addEventListener("toggle", looked);
  part.hidden = false;
  ours().then((kept) => kept.length && looked());
})();
