"""What is left of the film becomes stretches of speech, and who says of what kind they are."""
