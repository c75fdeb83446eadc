"""Any media file becomes a working copy: decoded once, mapped from disk, on the player's clock."""
