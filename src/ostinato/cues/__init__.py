"""A film and a song become occurrences of the song in the film."""
