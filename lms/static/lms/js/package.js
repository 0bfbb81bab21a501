// The page around a package: it alone may speak to the server. Only the frame's own window is listened to, from its
// own origin; what it tells is sent in order, one after the other.
(() => {
  const frame = document.querySelector("iframe[data-tell]");
  const status = document.getElementById("package-status");
  if (!frame || !status) return;
  const { tell, origin, launch } = frame.dataset;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const SMALL = 60000; // characters that a browser still sends while the page is being closed
  let last = Promise.resolve();

  function say(words, tone) {
    status.textContent = words;
    status.dataset.tone = tone;
  }

  function reply(kind) {
    frame.contentWindow?.postMessage({ kind }, origin);
  }

  async function send(told) {
    const body = JSON.stringify({ ...told, launch });
    say("Saving…", "");
    try {
      const answer = await fetch(tell, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        keepalive: body.length < SMALL,
      });
      const said = await answer.json();
      say(said.message, answer.ok ? "good" : "care");
      reply(answer.ok ? "kept" : "lost");
      if (said.done) document.getElementById("package-done").hidden = false;
    } catch {
      say("Not saved: the line is down. Stay on this page; we try again with the next step.", "care");
      reply("lost");
    }
  }

  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const { kind, ...told } = event.data;
    if (kind === "ready") reply("begin");
    if (kind === "tell") last = last.then(() => send(told));
  });
  frame.src = frame.dataset.src;
})();
