"""Evidence bundles: what a story ships, its schema, how it is verified and built again."""
