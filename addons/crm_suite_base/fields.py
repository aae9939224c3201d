from odoo import fields


class OptionalFloat(fields.Float):
    """A number that may be unknown, such as the hours to an answer nobody gave yet.

    Odoo reads an empty number as 0, and an average in a list counts it. This one reads
    ``False``, which lists show as nothing and leave out of averages; in Python it still
    adds up as 0.
    """

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value
