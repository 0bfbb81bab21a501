// What was typed or done and may not have reached us: it waits on this device, locked so that only we can open it again,
// and is sent when there is a connection. Each thing has an id, so that it counts once however often it is sent.
// Without this file what is not sent is lost with its page; nothing else is missing.
globalThis.waiting = (() => {
  const DATABASE = "waiting";
  const STATE = "/offline/state/";
  const BRING = "/offline/bring/";
  const KEPT = "kept "; // what the names of copies begin with
  const PATIENCE = 20_000; // milliseconds; a line that says nothing for so long is down
  const AT_ONCE = 50; // things
  const LONGEST = 500_000; // characters of all that is sent at once
  const slots = new WeakMap(); // a form waits once: what it says later takes the place of what it said before
  let last = Promise.resolve(); // one thing after the other, or what was typed first could arrive last

  // --- Where it waits -------------------------------------------------------------------------------

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(DATABASE, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("facts", { keyPath: "slot" });
        asked.result.createObjectStore("known");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function ask(store, mode, deed) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const work = database.transaction(store, mode);
        const asked = deed(work.objectStore(store));
        work.oncomplete = () => resolve(asked.result);
        work.onerror = work.onabort = () => reject(work.error);
      });
    } finally {
      database.close();
    }
  }

  // Whose words these are, and the lock for them: told by the page, or remembered from the last one that told.
  async function known() {
    const told = document.querySelector("[data-lock]");
    if (told) return { whose: told.dataset.whose, lock: told.dataset.lock };
    return ask("known", "readonly", (store) => store.get("phone"));
  }

  const remember = (state) =>
    ask("known", "readwrite", (store) => store.put({ whose: state.whose, lock: state.lock }, "phone"));

  // --- Locking --------------------------------------------------------------------------------------

  const inBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  async function locked(words, lock) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const ours = await crypto.subtle.importKey("raw", fromBase64(lock), curve, false, []);
    const once = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
    const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: ours }, once.privateKey, 256);
    const stretched = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const info = new TextEncoder().encode("hearth: words locked on a phone");
    const how = { name: "HKDF", hash: "SHA-256", salt: point, info };
    const key = await crypto.subtle.deriveKey(how, stretched, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(words));
    return inBase64([...point, ...iv, ...new Uint8Array(made)]);
  }

  // --- Keeping and letting go -----------------------------------------------------------------------

  function slotOf(form) {
    if (!slots.has(form)) slots.set(form, crypto.randomUUID());
    return slots.get(form);
  }

  // Keep what a form says now, for the address it would be sent to; answers its id.
  function keep(form, path, data) {
    const id = crypto.randomUUID();
    const at = new Date().toISOString();
    const fields = [...data].filter(([name]) => name !== "csrfmiddlewaretoken").map(([n, v]) => [n, String(v)]);
    const slot = slotOf(form);
    const put = async () => {
      const phone = await known();
      const words = JSON.stringify({ whose: phone.whose, path: new URL(path, location.href).pathname, fields });
      const row = { slot, id, at, whose: phone.whose, locked: await locked(words, phone.lock) };
      await ask("facts", "readwrite", (store) => store.put(row));
      return id;
    };
    last = last.then(put, put);
    return last;
  }

  // Let go of it, unless something newer has taken its place.
  async function drop(rows) {
    const gone = new Set(rows);
    const kept = await ask("facts", "readonly", (store) => store.getAll());
    for (const { slot, id } of kept) {
      if (gone.has(id)) await ask("facts", "readwrite", (store) => store.delete(slot));
    }
  }

  const all = () => ask("facts", "readonly", (store) => store.getAll());
  const count = async () => (await all()).length;

  // --- Sending --------------------------------------------------------------------------------------

  async function send() {
    const state = await (await fetch(STATE, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).json();
    await tidy(state);
    if (!state.signed_in) return { taken: [], refused: [] };
    const rows = some((await all()).filter((row) => row.whose === state.whose));
    if (!rows.length) return { taken: [], refused: [] };
    const facts = rows.map(({ id, at, locked }) => ({ id, at, locked }));
    const answer = await fetch(BRING, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "Content-Type": "application/json", "X-CSRFToken": state.token },
      body: JSON.stringify({ clock: new Date().toISOString(), facts }),
    });
    if (!answer.ok) throw new Error(`not brought: ${answer.status}`);
    const brought = await answer.json();
    await drop([...brought.taken, ...brought.refused.map((one) => one.id)]);
    document.dispatchEvent(new CustomEvent("waiting:sent", { detail: brought }));
    return brought;
  }

  // The oldest of it: as much as fits into one sending.
  function some(rows) {
    let length = 0;
    const fits = ({ locked }, number) => (length += locked.length) <= LONGEST || number === 0;
    return rows.sort((one, other) => (one.at < other.at ? -1 : 1)).slice(0, AT_ONCE).filter(fits);
  }

  const copies = async () => ("caches" in globalThis ? (await caches.keys()).filter((name) => name.startsWith(KEPT)) : []);

  // Who is signed out, or off a course, keeps no copy of it. What waits locked stays until its writer is back.
  async function tidy(state) {
    const mine = new Set(state.signed_in ? state.courses : []);
    for (const name of await copies()) {
      if (!mine.has(name.split(" ")[1])) await caches.delete(name);
    }
    if (!(await copies()).length) await withoutWorker();
  }

  async function withoutWorker() {
    const found = "serviceWorker" in navigator ? await navigator.serviceWorker.getRegistrations() : [];
    for (const registration of found) {
      if (registration.active?.scriptURL.endsWith("/offline/worker.js")) await registration.unregister();
    }
  }

  // Take everything off this device.
  async function forget() {
    for (const name of await copies()) await caches.delete(name);
    await withoutWorker();
    await ask("facts", "readwrite", (store) => store.clear());
    await ask("known", "readwrite", (store) => store.clear());
    sessionStorage.clear();
  }

  const QUESTION = "Some of what you typed hasn’t been sent yet. If you go on, it’s gone. Go on?";

  // Send what waits, if that can be; ask before anything is lost. Answers whether everything may go.
  async function mayForget() {
    if (await count()) await send().catch(() => {});
    return !(await count()) || confirm(QUESTION);
  }

  async function signOut(form) {
    if (!(await mayForget().catch(() => true))) return;
    await forget().catch(() => {});
    form.submit();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.action?.endsWith("/accounts/logout/")) return;
    event.preventDefault();
    signOut(event.target);
  });

  async function sendIfNeeded() {
    if ((await count()) || (await copies()).length) await send();
  }

  addEventListener("load", () => sendIfNeeded().catch(() => {}));
  addEventListener("online", () => sendIfNeeded().catch(() => {}));

  return { keep, drop, count, send, copies, remember, forget, mayForget, withoutWorker, KEPT };
})();
