"""What may be said of people: allegations, private persons, minors, victims, private facts; what waits for a person.

`rule.judge` is the rule, pure, from a sentence and its cited spans; `charges` finds what is laid to somebody,
`persons` to whom, `traits` what is nobody's business; `held` keeps what waits, `takedown` what is never printed.
"""
