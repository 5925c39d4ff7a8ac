"""Up to five people or brands in one chart."""
