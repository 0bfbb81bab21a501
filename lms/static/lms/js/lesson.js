// While a lesson is read: keeps the reader's place, and saves private writing and answers as they are typed. What is on
// its way waits on this device too, locked, until we have it: see waiting.js.
// Without this file the place is the last lesson and the last thing answered in it, and a button saves.
const SOON = 2000; // milliseconds after the first letter that is not saved yet
const SETTLED = 3000; // milliseconds in one place before it counts

const stop = document.querySelector("form[data-stop]");
const parts = [...document.querySelectorAll('.prose > [id^="part-"]')];
const unsaved = new Map(); // forms with words that were not sent yet, and the timers that will send them
const waits = new WeakMap(); // forms, and the ids under which their words wait on this device
const sentWith = new WeakMap(); // requests, and what waited when they were sent
let touched = false; // whether anything was typed on this page

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
  const form = event.target.closest("form[data-autosave], form[data-draft]");
  if (!form) return;
  touched = true;
  if (!unsaved.has(form)) unsaved.set(form, setTimeout(() => save(form), SOON));
}

const path = (form) => form.dataset.draft || form.action;

function wait(form) {
  waits.set(form, globalThis.waiting?.keep(form, path(form), new FormData(form)).catch(() => undefined));
}

async function letGo(id) {
  if (await id) await waiting.drop([await id]);
}

function save(form) {
  unsaved.delete(form);
  wait(form);
  if (form.dataset.draft) saveDraft(form).catch(() => {}); // it waits, and is sent when there is a connection
  else form.dispatchEvent(new Event("autosave"));
}

async function saveDraft(form) {
  const id = waits.get(form);
  const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form) });
  if (answer.status === 204) await letGo(id);
}

// The page is leaving: what is not sent yet goes by beacon, which outlives it.
function saveAll() {
  for (const [form, timer] of unsaved) {
    clearTimeout(timer);
    unsaved.delete(form);
    wait(form);
    navigator.sendBeacon(path(form), new FormData(form));
  }
}

// A button was pressed: what the form says is on its way, and no half of it may come after.
function sending(event) {
  clearTimeout(unsaved.get(event.target));
  unsaved.delete(event.target);
}

async function heard(event) {
  const { xhr, successful } = event.detail;
  if (successful && !xhr.getResponseHeader("HX-Retarget")) await letGo(sentWith.get(xhr));
}

// Somebody who signed in again in another tab has another token: take it, and save once more.
async function notSaved(event) {
  const form = event.target.closest("form[data-autosave]");
  const status = form && form.querySelector('[role="status"]');
  if (!status) return;
  status.textContent = "Not saved yet. Check your connection, then press Save.";
  if (event.detail.xhr?.status !== 403 || form.dataset.renewed) return;
  form.dataset.renewed = "once";
  const { token } = await (await fetch("/offline/state/", { cache: "no-store" })).json();
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
  if (token) save(form);
}

if (stop && parts.length) watchPlace();
document.addEventListener("input", saveSoon);
document.addEventListener("visibilitychange", () => document.hidden && saveAll());
addEventListener("pagehide", saveAll);
document.addEventListener("submit", sending);
document.addEventListener("htmx:beforeRequest", ({ detail }) => sentWith.set(detail.xhr, waits.get(detail.elt)));
document.addEventListener("htmx:afterRequest", heard);
document.addEventListener("htmx:responseError", notSaved);
document.addEventListener("htmx:sendError", notSaved);
// What waited from before is in its place now: show it, unless there is something new already.
document.addEventListener("waiting:sent", ({ detail }) => detail.taken.length && !touched && location.reload());
