// On the copy of a lesson: what is typed and done waits, locked, until it can be sent. What is typed stays in view
// while this tab is open, and nowhere else.
(() => {
  const SOON = 2000; // milliseconds after the first letter that is not kept yet
  const status = document.getElementById("waits");
  const unkept = new Map();
  const name = (form) => `${location.pathname} ${form.getAttribute("action")}`;

  const say = (form, words) => ((form.querySelector("[data-says]") || status).textContent = words);

  // The opened page, as it is known to what is written on it: the same after a reload of this tab.
  function writer() {
    const made = sessionStorage.getItem("writer") || crypto.randomUUID();
    sessionStorage.setItem("writer", made);
    return made;
  }

  function saying(form) {
    const data = new FormData(form);
    if (form.dataset.waits === "typed") data.append("writer", writer());
    return data;
  }

  async function keep(form, path = form.action) {
    clearTimeout(unkept.get(form));
    unkept.delete(form);
    const data = saying(form);
    const boxes = [...form.querySelectorAll("textarea")].map((box) => box.value);
    if (boxes.length) sessionStorage.setItem(name(form), JSON.stringify(boxes));
    try {
      await waiting.keep(form, path, data);
      say(form, "Kept on this phone, locked. It’s sent when there’s a connection.");
    } catch {
      say(form, "This couldn’t be kept here. Copy your words before you leave.");
      return false;
    }
    waiting.send().then(sent, () => {});
    return true;
  }

  function sent(brought) {
    if (brought.taken.length) status.textContent = "What you did without a connection has been sent.";
    if (brought.refused.length) status.textContent += ` ${brought.refused.length} had no place any more: ${brought.refused[0].why}`;
  }

  function keepSoon(event) {
    const form = event.target.closest("form[data-waits]");
    if (!form || unkept.has(form)) return;
    unkept.set(form, setTimeout(() => keep(form, form.dataset.draft || form.action), SOON));
  }

  async function submit(event) {
    const form = event.target;
    if (!form.matches("form[data-waits]")) return;
    event.preventDefault();
    if ((await keep(form)) && form.dataset.then) location.assign(form.dataset.then);
  }

  function putBack() {
    for (const form of document.querySelectorAll("form[data-waits]")) {
      const typed = JSON.parse(sessionStorage.getItem(name(form)) || "[]");
      form.querySelectorAll("textarea").forEach((box, number) => (box.value = typed[number] ?? ""));
    }
  }

  async function listCourses() {
    const part = document.querySelector("[data-kept-courses]");
    if (!part) return;
    for (const kept of await waiting.copies()) {
      const course = kept.split(" ")[1];
      const told = await (await (await caches.open(kept)).match(`/offline/${course}/files/`))?.json();
      if (!told) continue;
      const link = Object.assign(document.createElement("a"), { href: told.page, textContent: told.title });
      const line = document.createElement("li");
      line.append(link);
      part.querySelector("[data-list]").append(line);
      part.hidden = false;
    }
    part.querySelector("[data-remove-all]").addEventListener("click", async () => {
      if (!(await waiting.mayForget())) return;
      await waiting.forget();
      location.reload();
    });
  }

  async function sayWhatWaits() {
    const count = await waiting.count();
    if (count) status.textContent = `Waiting to be sent: ${count}. They’re locked until then.`;
  }

  document.addEventListener("input", keepSoon);
  document.addEventListener("submit", submit);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const form of unkept.keys()) keep(form, form.dataset.draft || form.action);
  });
  document.addEventListener("waiting:sent", (event) => sent(event.detail));
  putBack();
  listCourses().catch(() => {});
  sayWhatWaits().catch(() => {});
})();
