// The page around a package: it says to the learner what became of each save, and where it goes on. Only the frame's own
// window is listened to, from its own origin, and nothing of what it says is shown: it may choose among our words.
(() => {
  const frame = document.querySelector("iframe.package");
  const status = document.getElementById("package-status");
  if (!frame || !status) return;
  const { origin } = frame.dataset;
  const refused = JSON.parse(document.getElementById("package-words").textContent);
  const OFFLINE = "Not saved: the line is down. Stay on this page; we try again every few seconds.";
  const GONE = "Not saved: this page was open too long, or you're no longer on the course. Go back to the lesson and open it again.";
  const next = document.getElementById("package-next");
  const done = document.getElementById("package-done");

  function say(words, tone) {
    status.textContent = words;
    status.dataset.tone = tone;
  }

  const hear = {
    ready: () => frame.contentWindow.postMessage({ kind: "begin" }, origin),
    kept: (told) => {
      say("Saved.", "good");
      if (told.done === true) done.hidden = false;
      if (next && told.part === true) next.hidden = false;
    },
    lost: (told) => say(refused[told.code] ?? (told.again ? OFFLINE : GONE), "care"),
    next: () => next?.requestSubmit(),
  };

  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    if (Object.hasOwn(hear, event.data?.kind)) hear[event.data.kind](event.data);
  });
  frame.src = frame.dataset.src;
})();
