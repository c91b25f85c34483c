"""Corrections: versions without what was withdrawn (amending), what a visit to a cited page means (deciding), and the
wording by which pages withdraw, correct or hide themselves (notices). Pure; `pipeline/correcting.py` and `recheck.py`
are the shells that read and write."""
