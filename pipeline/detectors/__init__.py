"""The detectors: pure functions of what came tonight and what came before, one module for each family."""
