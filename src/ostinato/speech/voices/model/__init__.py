"""The weights of the network that hears who speaks and their licence."""
