"""Lists of people: customers, competitors, a team. Each is seen by its owner only."""
