"""Pictures that the server draws: an SVG of our own, as a PNG, with fonts of our own."""
