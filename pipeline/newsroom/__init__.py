"""What is written tonight: candidates, their order, their papers, what relates them, what was told before."""
