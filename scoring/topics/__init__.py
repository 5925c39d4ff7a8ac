"""What people are influential about: topics, how they are found in posts, and who leads in them."""
