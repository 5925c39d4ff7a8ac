// Small conveniences; every page works without them.
"use strict";

(() => {
  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName));

  // "/" goes to the look-up box, as on many sites.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) return;
    const box = document.querySelector("[data-search]");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  });

  // A slider says its value while it moves; the server says it anyway.
  for (const slider of document.querySelectorAll(".slider input")) {
    slider.addEventListener("input", () => {
      const value = Number(slider.value);
      const unit = slider.dataset.unit;
      const sign = !unit || value === 0 ? "" : value > 0 ? "+" : "\u2212";
      const number = Math.abs(value);
      slider.parentElement.querySelector("output").textContent =
        unit ? `${sign}${number}\u00a0${unit}` : String(number);
    });
  }

  // The colours change at once; the form still tells the server, so that they stay.
  for (const form of document.querySelectorAll("[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button) return;
      event.preventDefault();
      const theme = button.value;
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      for (const other of form.querySelectorAll("button")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      document.dispatchEvent(new Event("themechange"));
      const body = new FormData(form);
      body.set("theme", theme);
      fetch(form.action, { method: "POST", body, redirect: "manual" });
    });
  }

  // A page for when there is no connection; it keeps nothing of any other page.
  if ("serviceWorker" in navigator) {
    addEventListener("load", () => { navigator.serviceWorker.register("/sw.js").catch(() => {}); });
  }
})();
