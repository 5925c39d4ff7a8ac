"""A score shown elsewhere: badge, picture and frame, behind addresses that nobody can guess."""
