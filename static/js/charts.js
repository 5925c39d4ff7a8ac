// Draws each [data-chart] over its server-rendered drawing, in the colours of the page.
"use strict";

(() => {
  const language = document.documentElement.lang.startsWith("nb") ? "no" : "en";

  const token = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const colours = () => ({
    ink: token("--ink-2"),
    grid: token("--line-colour"),
    surface: token("--surface"),
  });

  const paint = (figure) => {
    const { ink, grid, surface } = colours();
    for (const trace of figure.data) {
      const colour = token(trace.meta.colour);
      trace.line = { ...trace.line, color: colour };
      trace.marker = { ...trace.marker, color: colour };
      if (trace.fill) trace.fillcolor = colour + (trace.meta.alpha ?? "");
    }
    const axis = { gridcolor: grid, linecolor: grid, tickcolor: grid, spikecolor: ink };
    Object.assign(figure.layout, {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, color: ink, size: 13 },
      hoverlabel: { bgcolor: surface, bordercolor: grid, font: { color: token("--ink") } },
      xaxis: { ...figure.layout.xaxis, ...axis },
      yaxis: { ...figure.layout.yaxis, ...axis },
    });
    return figure;
  };

  const draw = (place) => {
    const source = document.getElementById(place.dataset.chart);
    const figure = () => {
      const painted = paint(JSON.parse(source.textContent));
      // Dates need about 75 px each.
      painted.layout.xaxis.nticks = Math.max(3, Math.floor(place.clientWidth / 75));
      return painted;
    };
    const config = { displayModeBar: false, responsive: true, locale: language };
    const { data, layout } = figure();
    Plotly.newPlot(place, data, layout, config).then(() => {
      place.classList.add("drawn");
      place.parentElement.querySelector("[data-drawing]")?.setAttribute("hidden", "");
    });
    const repaint = () => {
      const { data: newData, layout: newLayout } = figure();
      Plotly.react(place, newData, newLayout, config);
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
    document.addEventListener("themechange", repaint);
  };

  for (const place of document.querySelectorAll("[data-chart]")) draw(place);

  // The chart as a picture, on the colour of the card: a transparent one is black in some programs.
  // plotly's own way to a PNG goes through an image at a blob: address, which the content policy
  // refuses; its SVG as a data: address is drawn on a canvas here instead.
  const picture = async (button) => {
    const place = document.querySelector(`[data-chart="${button.dataset.picture}"]`);
    const size = { width: 1280, height: 640 };
    const layout = { ...place.layout, ...size, paper_bgcolor: token("--surface") };
    const drawn = { data: place.data, layout, config: { locale: language } };
    const image = new Image(size.width, size.height);
    image.src = await Plotly.toImage(drawn, { format: "svg", ...size });
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), size);
    canvas.getContext("2d").drawImage(image, 0, 0);
    const link = document.createElement("a");
    link.download = `${button.dataset.name}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  };
  for (const button of document.querySelectorAll("[data-picture]")) {
    button.closest("[data-picture-place]").hidden = false;
    button.addEventListener("click", () => picture(button));
  }

  // The arrow keys lead to the days before and after, but where a key has a use of its own.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable], [tabindex='0']")) return;
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
})();
