from odoo.tools import SQL

from ..tools.fields import label_of
from .messages import problem_message

# as many as one looks through; the next ones follow when these are put right
SHOWN_CELLS = 50


class CellPanel:
    """What a person sees of the wrong cells of an import: each text of a column once,
    with what is wrong with it and its number of rows.

    :param record: the import, as the reader
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        columns = record.column_ids
        self.headers = {column.index: column.header for column in columns}

    def content(self) -> dict:
        """See ``get_wrong_cells``."""
        wrong, corrected = self._wrong(), self._corrected()
        return {
            "rows": self._count([("decision", "=", "refuse"), ("wrong_count", ">", 0)]),
            "others": self._count(
                [("decision", "=", "refuse"), ("wrong_count", "=", 0)]
            ),
            "corrected_rows": self._count([("is_corrected", "=", True)]),
            "rest": max(0, len(wrong) - SHOWN_CELLS),
            "cells": [self._wrong_cell(*row) for row in wrong[:SHOWN_CELLS]],
            "corrected": [self._corrected_cell(*row) for row in corrected],
        }

    def _count(self, domain: list) -> int:
        own = [("import_id", "=", self.record.id), *domain]
        return self.env["crm.customer.import.line"].search_count(own)

    def _wrong(self) -> list[tuple]:
        """(column, text, code, value, rows, first row, its line). An empty cell is one
        of its row alone."""
        self.env["crm.customer.import.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT (cell->>'column')::int, cell->>'text', cell->>'code',
                          min(cell->>'value'), count(*), min(line.row_number),
                          (array_agg(line.id ORDER BY line.row_number))[1]
                     FROM crm_customer_import_line line,
                          jsonb_array_elements(line.wrong_cells) cell
                    WHERE line.import_id = %s AND line.decision = 'refuse'
                      AND jsonb_typeof(line.wrong_cells) = 'array'
                 GROUP BY 1, 2, 3,
                          CASE WHEN cell->>'text' = '' THEN line.id ELSE 0 END
                 ORDER BY 6, 1""",
                self.record.id,
            )
        )

    def _wrong_cell(self, column, text, code, value, rows, row_number, line_id) -> dict:
        line = self.env["crm.customer.import.line"].browse(line_id)
        source = line._way(column)[0]
        return {
            "key": f"{line_id}:{column}:{code}",
            "line": line_id,
            "column": column,
            "header": self._header(column),
            "text": text,
            "source": source if source != text else "",
            "is_corrected": source != text,
            "rows": rows,
            "row": row_number,
            "title": line.title or "",
            "sentence": self._sentence(column, code, value),
        }

    def _header(self, column: int) -> str:
        return self.headers.get(column) or self.env._(
            "Column %(number)s", number=column + 1
        )

    def _sentence(self, column: int, code: str, value: str) -> str:
        """As the row says it: which field, and what is wrong."""
        field = next(
            (c.target for c in self.record.column_ids if c.index == column), ""
        )
        label = label_of(field, self.env.lang or "en_US") if field else ""
        sentence = problem_message(self.env, code, value)
        return f"{label}: {sentence}" if label else sentence

    def _corrected(self) -> list[tuple]:
        """(column, source, text, rows, first line) of cells that are right now."""
        return self.env.execute_query(
            SQL(
                """SELECT cell.key::int,
                          COALESCE(line.source_values->>(cell.key::int), ''),
                          cell.value, count(*),
                          (array_agg(line.id ORDER BY line.row_number))[1]
                     FROM crm_customer_import_line line,
                          jsonb_each_text(line.corrections) cell
                    WHERE line.import_id = %s AND line.is_corrected
                      AND NOT COALESCE(line.wrong_cells @> jsonb_build_array(
                              jsonb_build_object('column', cell.key::int)), false)
                 GROUP BY 1, 2, 3
                 ORDER BY min(line.row_number), 1
                    LIMIT %s""",
                self.record.id,
                SHOWN_CELLS,
            )
        )

    def _corrected_cell(self, column, source, text, rows, line_id) -> dict:
        return {
            "key": f"{line_id}:{column}",
            "line": line_id,
            "column": column,
            "header": self._header(column),
            "source": source,
            "text": text,
            "rows": rows,
            "title": self.env["crm.customer.import.line"].browse(line_id).title or "",
        }
