"""What a text says, read without a model: words, sentences, numbers, dates, names, hedges, quotations, speakers.

Every function is total: any string gives an answer, offsets count code points, and no work grows faster than the text.
"""
