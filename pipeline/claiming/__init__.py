"""From text to claims, and what two claims have to do with each other."""
