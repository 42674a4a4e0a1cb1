"""What only the book's notebooks need: settings, figures, recorded numbers, verdicts."""
