"""One file per schema version, in order; a file is never changed once it has been released."""
