// Suggestions under the search boxes: an ARIA combobox. Without it the form leads to a page.
"use strict";

(() => {
  const PAUSE_MS = 120;
  const SHORTEST = 2;

  const combobox = (form) => {
    const field = form.querySelector("[data-search]");
    const list = document.createElement("div");
    const said = document.createElement("p");
    list.id = `${field.id}-list`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.listName);
    list.hidden = true;
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    form.append(list, said);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) field.setAttribute(name, value);

    let timer = 0;
    let asking = null;
    let active = -1;

    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      list.replaceChildren();
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };

    const optionsOf = () => [...list.querySelectorAll("[role=option]")];

    const choose = (number) => {
      const options = optionsOf();
      if (!options.length) return;
      // One place beyond the last, and before the first, is the field itself.
      active = (number + options.length + 1) % (options.length + 1);
      for (const [n, option] of options.entries()) {
        option.setAttribute("aria-selected", String(n === active));
      }
      if (active < options.length) {
        field.setAttribute("aria-activedescendant", options[active].id);
        options[active].scrollIntoView({ block: "nearest" });
      } else {
        active = -1;
        field.removeAttribute("aria-activedescendant");
      }
    };

    const optionOf = (link, number) => {
      const option = document.createElement("div");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.address = link.getAttribute("href");
      option.append(...[...link.childNodes].map((node) => document.importNode(node, true)));
      return option;
    };

    const show = (html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      const people = [...page.querySelectorAll("[data-found] a")];
      const topics = [...page.querySelectorAll("[data-found-topics] a")];
      said.textContent = page.querySelector("[data-said]")?.textContent ?? "";
      active = -1;
      field.removeAttribute("aria-activedescendant");
      list.replaceChildren(...people.map(optionOf));
      if (topics.length) {
        // A group with a name, so that it is told and seen apart from the people.
        const group = document.createElement("div");
        const head = document.createElement("span");
        head.textContent = page.querySelector("[data-found-topics]").getAttribute("aria-label");
        head.id = `${list.id}-topics`;
        group.setAttribute("role", "group");
        group.setAttribute("aria-labelledby", head.id);
        group.append(head, ...topics.map((link, number) => optionOf(link, people.length + number)));
        list.append(group);
      }
      list.hidden = !people.length && !topics.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
    };

    const ask = async () => {
      const typed = field.value.trim();
      asking?.abort();
      if (typed.length < SHORTEST) { close(); return; }
      asking = new AbortController();
      try {
        const address = `${form.dataset.searchBox}?q=${encodeURIComponent(typed)}`;
        const answer = await fetch(address, {
          headers: { "HX-Request": "true" }, signal: asking.signal,
        });
        const html = await answer.text();
        if (answer.ok && field.value.trim() === typed && document.activeElement === field) show(html);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        if (!list.hidden) { event.preventDefault(); close(); }
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) return;
        event.preventDefault();
        if (active === -1) choose(event.key === "ArrowDown" ? 0 : optionsOf().length - 1);
        else choose(active + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        location.assign(optionsOf()[active].dataset.address);
      }
    });
    list.addEventListener("mousedown", (event) => {
      // The field keeps the focus, so that the list is still there for the click.
      event.preventDefault();
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.address);
    });
    field.addEventListener("blur", close);
  };

  for (const form of document.querySelectorAll("[data-search-box]")) combobox(form);
})();
