"""What is told beside the score: asked of one person's own rows when somebody looks."""
