"""Small, quick servers that answer as networks do, for measuring: any number of like accounts."""
