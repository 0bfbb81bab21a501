// A passkey needs a script, so its button shows only where one runs; and a passkey that fails says so in words.
for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const words of document.querySelectorAll("[data-passkey-trouble]")) words.hidden = false;
});
