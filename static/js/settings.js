// Copies what is to be pasted elsewhere, and proposes the device's time zone.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      source.select();
      try {
        await navigator.clipboard.writeText(source.value);
      } catch {
        // Without https there is no clipboard for scripts: the text is selected, at least.
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }

  const hint = document.querySelector("[data-zone-suggestion]");
  const select = document.querySelector("select[name=time_zone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (hint && select && zone !== select.value &&
      [...select.options].some((option) => option.value === zone)) {
    const button = hint.querySelector("button");
    button.textContent = zone.replaceAll("_", " ");
    button.addEventListener("click", () => {
      select.value = zone;
      hint.hidden = true;
      select.focus();
    });
    hint.hidden = false;
  }
})();
