"""Back-tests: known changes are planted into series and stores, the detectors run over them night by night, and what
they found, missed and made up is counted.

planting: series of many shapes and changes of known size. worlds: a desk made of such series, as it stands on a night.
findings: storylines whose findings change, or only seem to. replaying: the nights of a world or a store, one after the
other, through the detectors of the product. scoring: precision, recall, delay, false signals a night, calibration.
"""
