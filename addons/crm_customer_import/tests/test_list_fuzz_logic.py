import os
from pathlib import Path

from odoo.tests import BaseCase

from ..tools.cleaning import Lookups, clean_row, split_parts
from ..tools.errors import ImportFileError
from ..tools.header import data_rows, find_header, match_headers
from ..tools.planning import PlanInput, Seen, keys_of, plan_rows
from ..tools.workbook import open_table, sheet_names
from .engine_common import CLEANERS, MAKERS
from .list_mutants import MARKER, Maker

# How many mutants, and a folder of further lists to mutate (CRM_SUITE_FUZZ_LISTS).
COUNT = int(os.environ.get("CRM_SUITE_FUZZ", "120"))
FOLDER = os.environ.get("CRM_SUITE_FUZZ_LISTS", "")
SEED = "lists"


class TestListFuzz(BaseCase):
    """# C8: no list breaks the reader, and no word of a person is lost.

    A word is kept when it stands in the customer, in a refused row (which comes back
    as a workbook) or in a row named as no customer. The long run: CRM_SUITE_FUZZ=2000.
    """

    def kept_words(self, content):
        """Read, clean and plan a list as the import does; returns the words kept."""
        names = sheet_names(content)
        table = open_table(content, names[0] if names else None)
        header = find_header(table.head())
        mapping = {
            match.index: match.field
            for match in match_headers(header.labels)
            if match.field
        }
        seen, kept, counted, read = Seen(), [], 0, 0
        for row in table.rows():
            read += row.number > header.row_number
        for row in data_rows(table, header):
            clean = clean_row(row, mapping, CLEANERS, Lookups())
            parts = split_parts(clean.values)
            (plan,) = plan_rows(
                [PlanInput(row.number, keys_of(parts, MAKERS), tuple(clean.problems))],
                {}, "skip", seen,
            )  # fmt: skip
            counted += 1
            created = plan.decision in ("create", "update")
            kept += map(str, (*parts.customer.values(), *parts.contact.values())) if (
                created
            ) else row.cells  # fmt: skip
        self.assertEqual(counted, read)
        return set(MARKER.findall("\n".join(kept)))

    def test_mutated_lists(self):
        maker, readable = Maker(SEED), 0
        for number in range(COUNT):
            mutant = maker.mutant()
            with self.subTest(number=number):
                try:
                    kept = self.kept_words(mutant.content)
                except ImportFileError as error:
                    self.assertFalse(mutant.whole, error)
                    continue
                readable += 1
                if mutant.whole:
                    self.assertFalse(mutant.words - kept)
        self.assertGreater(readable, COUNT // 4)

    # where no folder is named there is no such test, and none that is green
    if FOLDER:

        def test_mutated_lists_of_a_folder(self):
            """Of real lists: no exception, whatever is done to them."""
            files = sorted(Path(FOLDER).rglob("list*"))
            self.assertTrue(files)
            maker = Maker(SEED)
            for number in range(COUNT):
                content = maker.chance.choice(files).read_bytes()
                with self.subTest(number=number):
                    try:
                        self.kept_words(maker.damaged(content))
                    except ImportFileError as error:
                        self.assertTrue(str(error))
