"""The weights of the network that hears who speaks, with their licence and their recipe."""
