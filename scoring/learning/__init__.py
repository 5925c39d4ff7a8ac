"""How the weights are learned from human judgements, and how good they are: pure mathematics."""
