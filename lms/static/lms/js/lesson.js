// Keeps the reader's place while they read, and says so when private writing could not be saved.
// Without this file the place is the last lesson and the last thing answered in it.
const stop = document.querySelector("form[data-stop]");
const parts = [...document.querySelectorAll('.prose > [id^="part-"]')];
const SOON = 3000; // milliseconds in one place before it counts

function inView() {
  const behind = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 2);
  return Math.max(behind.length - 1, 0);
}

if (stop && parts.length) {
  let sent = stop.elements.place.value;
  let waiting;

  const note = () => {
    const at = inView();
    stop.elements.place.value = parts[at].id;
    stop.elements.share.value = Math.round((100 * at) / parts.length);
  };

  const send = () => {
    note();
    if (stop.elements.place.value === sent) return;
    sent = stop.elements.place.value;
    const words = new FormData(stop);
    words.delete("next");
    navigator.sendBeacon(stop.action, words);
  };

  const watcher = new IntersectionObserver(
    () => {
      clearTimeout(waiting);
      waiting = setTimeout(send, SOON);
    },
    { rootMargin: "0px 0px -50% 0px" },
  );
  parts.forEach((part) => watcher.observe(part));
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());
  stop.addEventListener("submit", note);
}

function notSaved(event) {
  const form = event.target.closest("form[data-autosave]");
  const status = form && form.querySelector('[role="status"]');
  if (status) status.textContent = "Not saved yet. Check your connection, then press Save.";
}

document.addEventListener("htmx:responseError", notSaved);
document.addEventListener("htmx:sendError", notSaved);
