"""How each provider is spoken to: one module for each kit, imported only when a configured model needs it."""
