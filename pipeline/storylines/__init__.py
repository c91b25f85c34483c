"""How claims become storylines that keep their identity, split, merge and end, and which beats they are of."""
