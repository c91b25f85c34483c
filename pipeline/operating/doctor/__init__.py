"""What state a desk is in: facts are gathered by a shell that changes nothing, and judged by pure functions."""
