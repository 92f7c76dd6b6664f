"""Reading a text: contact and payment data, quantities, dates, goods, direction, duplicates.

Everything here is a pure function of text and given values, for Chinese and English.
"""
