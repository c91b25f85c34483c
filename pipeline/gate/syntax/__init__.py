"""What the gate reads from a parse: who does what to whom, whatever the order of words."""
