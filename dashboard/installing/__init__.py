"""What makes the site installable: manifest, icons, and a page for when there is no connection."""
