"""Entities: what records name, under one id whatever the spelling, in a register that profiles no private person.

`sighting` reads one record, `renaming` what it says of two names; `registry` puts a night's sightings to the register.
"""
