// While a lesson is read: keeps the reader's place, and saves private writing as it is typed.
// Without this file the place is the last lesson and the last thing answered in it, and a button saves.
const SOON = 2000; // milliseconds after the first letter that is not saved yet
const SETTLED = 3000; // milliseconds in one place before it counts

const stop = document.querySelector("form[data-stop]");
const parts = [...document.querySelectorAll('.prose > [id^="part-"]')];
const unsaved = new Map(); // forms with words that were not sent yet, and the timers that will send them

function notePlace() {
  const behind = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 2);
  const at = Math.max(behind.length - 1, 0);
  stop.elements.place.value = parts[at].id;
  stop.elements.share.value = Math.round((100 * at) / parts.length);
}

function watchPlace() {
  let sent = stop.elements.place.value;
  let waiting;

  const send = () => {
    notePlace();
    if (stop.elements.place.value === sent) return;
    sent = stop.elements.place.value;
    const words = new FormData(stop);
    words.delete("next");
    navigator.sendBeacon(stop.action, words);
  };

  const watcher = new IntersectionObserver(
    () => {
      clearTimeout(waiting);
      waiting = setTimeout(send, SETTLED);
    },
    { rootMargin: "0px 0px -50% 0px" },
  );
  parts.forEach((part) => watcher.observe(part));
  document.addEventListener("visibilitychange", () => document.hidden && send());
  stop.addEventListener("submit", notePlace);
}

function saveSoon(event) {
  const form = event.target.closest("form[data-autosave]");
  if (!form || unsaved.has(form)) return;
  unsaved.set(form, setTimeout(() => save(form), SOON));
}

function save(form) {
  unsaved.delete(form);
  form.dispatchEvent(new Event("autosave"));
}

// The page is leaving: what is not sent yet goes by beacon, which outlives it.
function saveAll() {
  for (const [form, timer] of unsaved) {
    clearTimeout(timer);
    unsaved.delete(form);
    navigator.sendBeacon(form.action, new FormData(form));
  }
}

function sayNotSaved(event) {
  const form = event.target.closest("form[data-autosave]");
  const status = form && form.querySelector('[role="status"]');
  if (status) status.textContent = "Not saved yet. Check your connection, then press Save.";
}

if (stop && parts.length) watchPlace();
document.addEventListener("input", saveSoon);
document.addEventListener("visibilitychange", () => document.hidden && saveAll());
addEventListener("pagehide", saveAll);
document.addEventListener("htmx:responseError", sayNotSaved);
document.addEventListener("htmx:sendError", sayNotSaved);
