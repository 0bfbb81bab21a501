// While a video or a recording plays: tells which seconds of it were watched, at any speed, every ten seconds, when it
// stops and when its page is left. What is jumped over was not watched. Without this file a button says that the
// transcript was read, and the player begins where it was left all the same.
const EVERY = 10000; // milliseconds

function fill(form, player) {
  const ranges = [];
  for (let n = 0; n < player.played.length; n += 1) {
    ranges.push(`${player.played.start(n).toFixed(1)}-${player.played.end(n).toFixed(1)}`);
  }
  const { piece, ranges: told, last, duration } = form.elements;
  told.value = ranges.join(",");
  last.value = player.currentTime.toFixed(1);
  duration.value = player.duration;
  piece.value = crypto.randomUUID();
}

function follow(form) {
  const player = form.closest("figure").querySelector("video, audio");
  let told = "";
  let timer;

  const isNew = () => {
    fill(form, player);
    const now = `${form.elements.ranges.value} ${form.elements.last.value}`;
    if (!form.elements.ranges.value || now === told) return false;
    told = now;
    return true;
  };
  const tell = () => isNew() && form.dispatchEvent(new Event("watched"));
  const leave = () => isNew() && navigator.sendBeacon(form.action, new FormData(form));

  player.addEventListener("playing", () => {
    clearInterval(timer);
    timer = setInterval(tell, EVERY);
  });
  for (const stops of ["pause", "ended"]) {
    player.addEventListener(stops, () => {
      clearInterval(timer);
      tell();
    });
  }
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("pagehide", leave);
}

document.querySelectorAll("form[data-watching]").forEach(follow);
