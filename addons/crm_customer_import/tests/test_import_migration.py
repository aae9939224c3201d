import importlib.util
from pathlib import Path

from odoo.tests import tagged

from .common import ImportCase

FOLDER = Path(__file__).parents[1] / "migrations"


def load(name):
    """The module of a migration script, whose name is no identifier."""
    spec = importlib.util.spec_from_file_location("migration", FOLDER / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestImportMigration(ImportCase):
    def test_previews_of_before_are_read_anew(self):
        """A preview of 19.0.1.0.0: an unknown tag as value, an unknown industry as a
        refusal."""
        rows = [["客户名称", "行业", "标签"], ["甲有限公司", "软件", "新标签"]]
        record = self.preview(rows, user=self.admin)
        record.word_ids.sudo().unlink()
        record.line_ids.sudo().write(
            {
                "decision": "refuse",
                "words": False,
                "values": {"company_name": "甲有限公司", "tags": ["新标签"]},
                "problems": [["industry", "unknown_choice", "软件"]],
            }
        )
        self.env.flush_all()
        load("19.0.1.1.0/post-words.py").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(record.state, "reading")
        self.run_to_end(record)
        self.assertEqual(record.state, "preview")
        self.assertEqual(record.line_ids.decision, "create")
        self.assertEqual(set(record.word_ids.mapped("word")), {"软件", "新标签"})

    def test_what_is_done_stays_done(self):
        record = self.preview([["客户名称"], ["甲有限公司"]])
        record.action_import()
        self.env.flush_all()
        load("19.0.1.1.0/post-words.py").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(record.state, "done")
        self.assertTrue(record.line_ids.is_planned)
