"""The page on which a person listens and corrects, served to the browser of this machine alone."""
