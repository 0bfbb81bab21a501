// The run-time of a package, inside its own origin: the whole state is here from the start, so that every question of
// the package is answered at once. What it tells goes to the page around it, which keeps it and says so to the learner.
// While the window closes that page hears nothing any more: then the last word goes straight to its one address here.
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const is12 = told.standard === "1.2";
  const names = is12
    ? { get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", end: "LMSFinish" }
    : { get: "GetValue", set: "SetValue", commit: "Commit", end: "Terminate" };
  const quiet = { autocommit: false, logLevel: 5 };
  const api = is12 ? new window.Scorm12API(quiet) : new window.Scorm2004API(quiet);
  api.loadFromJSON(told.state, "cmi");

  const SAVE_AFTER = 4000; // milliseconds after the last word of the package
  let origin = null;
  let sequence = 0;
  let isOver = false;
  let isLost = false; // whether the last thing told could not be kept
  let isLeaving = false;
  let timer = 0;

  function tell(isFinished) {
    clearTimeout(timer);
    timer = 0;
    if (told.review || origin === null) return;
    sequence += 1;
    const { cmi } = api.renderCMIToJSONObject();
    const said = { part: told.part, sequence, finished: isFinished, cmi };
    parent.postMessage({ kind: "tell", ...said }, origin);
    if (isLeaving) navigator.sendBeacon("../tell", JSON.stringify({ ...said, launch: told.launch }));
  }

  const does = Object.fromEntries(Object.entries(names).map(([deed, name]) => [deed, api[name].bind(api)]));
  api[names.set] = (name, value) => {
    if (isOver) return "false"; // the engine would take it
    const said = does.set(name, value);
    if (String(said) === "true") {
      clearTimeout(timer);
      timer = setTimeout(() => tell(false), SAVE_AFTER);
    }
    return said;
  };
  api[names.commit] = (nothing) => {
    const said = does.commit(nothing);
    if (String(said) !== "true" || isOver) return said;
    tell(false);
    return isLost ? "false" : said;
  };
  api[names.end] = (nothing) => {
    const said = does.end(nothing);
    if (String(said) === "true") {
      isOver = true;
      tell(true);
    }
    return said;
  };
  window[is12 ? "API" : "API_1484_11"] = api;

  function leave() {
    isLeaving = true;
    if (timer) tell(false);
  }

  addEventListener("beforeunload", leave);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => timer && document.visibilityState === "hidden" && tell(false));
  addEventListener("message", (event) => {
    if (event.source !== parent || !told.origins.includes(event.origin)) return;
    if (event.data.kind === "begin" && origin === null) {
      origin = event.origin;
      document.getElementById("part").src = told.href;
    }
    if (event.data.kind === "kept") isLost = false;
    if (event.data.kind === "lost") isLost = true;
  });
  told.origins.forEach((one) => parent.postMessage({ kind: "ready" }, one));
})();
