"""Where images and files come from."""
