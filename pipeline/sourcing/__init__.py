"""Sources before and while they are read: finding, checking, choosing, reading, their health; what is said of them."""
