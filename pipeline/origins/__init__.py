"""Who told what first: copies, twins, voices, and the origins that sources are counted in."""
