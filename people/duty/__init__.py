"""What waits for operators: told on the admin's start page, and by one e-mail in their morning."""
