"""Write static/css/plotly.css: the rules that plotly.js would add as an inline style sheet."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dashboard.browser import browser

_RULES = """() => {
  Plotly.newPlot("chart", [{ y: [1, 2, 3] }]);
  const rules = document.getElementById("plotly.js-style-global").sheet.cssRules;
  return [...rules].map((rule) => rule.cssText);
}"""


class Command(BaseCommand):
    help = "Write static/css/plotly.css from the vendored plotly.js (after an upgrade of it)."

    def handle(self, *args: Any, **options: Any) -> None:
        static = Path(settings.BASE_DIR) / "static"
        with browser() as chromium:
            page = chromium.new_page()
            page.set_content('<div id="chart"></div>')
            page.add_script_tag(path=static / "vendor/plotly/plotly-basic.min.js")
            version = page.evaluate("Plotly.version")
            rules: list[str] = page.evaluate(_RULES)
        head = (
            f"/* Written by `manage.py plotly_css` from plotly.js {version}: "
            "its own rules, as a file for the strict CSP. */\n"
        )
        target = static / "css/plotly.css"
        target.write_text(head + "\n".join(rules) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(rules)} rules of plotly.js {version} in {target.name}.")
