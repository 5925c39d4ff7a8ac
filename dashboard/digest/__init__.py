"""Letters by e-mail: the weekly or monthly digest, and reminders of goals."""
