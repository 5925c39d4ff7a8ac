// Dropping a file, and how far the upload is; the form works without.
"use strict";

(() => {
  const form = document.querySelector("[data-drop]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const progress = form.querySelector("[data-progress]");
  const problem = form.querySelector("[data-problem]");
  form.querySelector(".drop-hint").hidden = false;

  const complain = (words) => {
    progress.hidden = true;
    problem.hidden = false;
    problem.textContent = words;
    button.disabled = false;
  };

  const send = () => {
    const file = input.files[0];
    if (!file) return;
    problem.hidden = true;
    if (file.size > Number(form.dataset.most)) {
      complain(form.dataset.large);
      return;
    }
    button.disabled = true;
    progress.hidden = false;
    const bar = progress.querySelector("progress");
    const words = progress.querySelector("p");
    words.textContent = form.dataset.sending;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = Math.floor((100 * event.loaded) / event.total);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (answer && answer.go) window.location.assign(answer.go);
      else complain((answer && answer.problem) || form.dataset.lost);
    });
    request.addEventListener("error", () => complain(form.dataset.lost));
    request.send(new FormData(form));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      send();
    }
  });
})();
