"""My score over time: which days are shown, against what, what happened, goals and notes."""
