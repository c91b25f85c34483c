"""Numbered migrations of the store's schema; run by `pipeline.stores.migrate`, never by hand."""
