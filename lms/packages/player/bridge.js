// The run-time of a package, inside its own origin: the whole state is here from the start, so that every question of
// the package is answered at once. What it tells goes to the one address that may be asked here, and the page around the
// frame is told what became of it. A package that asks for its words to be kept is answered only when they are.
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const is12 = told.standard === "1.2";
  const names = is12
    ? { set: "LMSSetValue", commit: "LMSCommit", end: "LMSFinish", fault: "LMSGetLastError" }
    : { set: "SetValue", commit: "Commit", end: "Terminate", fault: "GetLastError" };
  const NOT_KEPT = is12 ? "101" : "391";
  const OVER = is12 ? "301" : "133";
  const quiet = { autocommit: false, logLevel: 5 };
  const api = is12 ? new window.Scorm12API(quiet) : new window.Scorm2004API(quiet);
  api.loadFromJSON(told.state, "cmi");

  const SAVE_AFTER = 4000; // milliseconds after the last word of the package
  const TRY_AGAIN = 5000; // milliseconds after a word that the line did not carry
  const SMALL = 60000; // characters that a browser still sends while a page is being closed
  const TELL = "../tell";
  let origin = null;
  let sequence = 0;
  let isOver = false;
  let isLeaving = false;
  let goesOn = false; // whether it asks for the part after it
  let fault = ""; // of our own, until the package's next call
  let timer = 0;

  function say(words) {
    parent.postMessage(words, origin);
  }

  function next(isFinished) {
    clearTimeout(timer);
    timer = 0;
    sequence += 1;
    const { cmi } = api.renderCMIToJSONObject();
    return JSON.stringify({ launch: told.launch, part: told.part, sequence, finished: isFinished, cmi });
  }

  function read(text) {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  }

  function heard(status, text, body) {
    const again = status === 0 || status >= 500;
    say({ ...read(text), kind: status === 200 ? "kept" : "lost", again });
    if (again) timer = setTimeout(() => later(body), TRY_AGAIN);
    return status === 200;
  }

  async function later(body) {
    timer = 0;
    try {
      const answer = await fetch(TELL, { method: "POST", body, keepalive: body.length < SMALL });
      heard(answer.status, await answer.text(), body);
    } catch {
      heard(0, "", body);
    }
  }

  // The package waits for this answer: nothing else can tell it whether its words were kept.
  function atOnce(body) {
    if (isLeaving) return navigator.sendBeacon(TELL, body);
    const ask = new XMLHttpRequest();
    try {
      ask.open("POST", TELL, false);
      ask.send(body);
    } catch {
      return navigator.sendBeacon(TELL, body) && heard(0, "", body);
    }
    return heard(ask.status, ask.responseText, body);
  }

  function kept(isFinished) {
    const isKept = told.review || atOnce(next(isFinished));
    if (!isKept) fault = NOT_KEPT;
    return isKept ? "true" : "false";
  }

  const does = Object.fromEntries(Object.entries(names).map(([deed, name]) => [deed, api[name].bind(api)]));
  api[names.set] = (name, value) => {
    fault = isOver ? OVER : "";
    if (isOver) return "false"; // the engine would take it
    const said = String(does.set(name, value));
    if (said === "true" && !told.review) {
      clearTimeout(timer);
      timer = setTimeout(() => later(next(false)), SAVE_AFTER);
    }
    return said;
  };
  api[names.commit] = (nothing) => {
    fault = "";
    const said = String(does.commit(nothing));
    return said === "true" && !isOver ? kept(false) : said;
  };
  api[names.end] = (nothing) => {
    fault = "";
    const said = String(does.end(nothing));
    if (said !== "true") return said;
    isOver = true;
    const isKept = kept(true);
    if (goesOn && isKept === "true") say({ kind: "next" });
    return isKept;
  };
  api[names.fault] = () => fault || does.fault();
  api.on("SequenceNext", () => (goesOn = true));
  window[is12 ? "API" : "API_1484_11"] = api;

  function leave() {
    isLeaving = true;
    if (timer) atOnce(next(isOver));
  }

  addEventListener("beforeunload", leave);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (timer && document.visibilityState === "hidden") later(next(isOver));
  });
  addEventListener("message", (event) => {
    if (event.source !== parent || !told.origins.includes(event.origin) || origin !== null) return;
    origin = event.origin;
    document.getElementById("part").src = told.href;
  });
  told.origins.forEach((one) => parent.postMessage({ kind: "ready" }, one));
})();
