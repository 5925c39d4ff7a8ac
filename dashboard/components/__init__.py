"""/components/: every part of the pages at once, by the templates and builders of the pages."""
