// "Exit this page" without leaving this page in the way back. Shift three times within a few seconds does the same.
// Without this file the link is a plain link. The browser's history keeps the pages seen before: we say so.
(() => {
  const link = document.querySelector("a.exit");
  if (!link) return;
  let presses = [];

  function leave(event) {
    event.preventDefault();
    document.documentElement.hidden = true;
    document.title = "";
    sessionStorage.clear(); // what was typed on a copy of a lesson stays in view only until here
    location.replace(link.href);
  }

  link.addEventListener("click", leave);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    presses = [...presses, event.timeStamp].filter((time) => event.timeStamp - time < 3000);
    if (presses.length === 3) leave(event);
  });
})();
