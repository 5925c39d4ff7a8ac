"""Questions and answers in a topic: asked and answered by people here, thanked for, reported."""
