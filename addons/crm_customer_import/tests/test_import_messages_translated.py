from string import Formatter

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_customer_import.models import messages
from odoo.addons.crm_customer_import.tools import cleaning, errors, planning


@tagged("post_install", "-at_install")
class TestImportMessages(TransactionCase):
    """Every code of the engine has a sentence here, the same, and in Chinese."""

    TABLES = (
        (errors.KINDS, messages.KINDS),
        (errors.MESSAGES, messages.FILE_MESSAGES),
        (cleaning.PROBLEMS, messages.PROBLEMS),
        (planning.REASONS, messages.REASONS),
    )

    def test_sentences_are_those_of_the_engine(self):
        for engine, ours in self.TABLES:
            for code, sentence in engine.items():
                with self.subTest(code=code):
                    names = [name for _t, name, _s, _c in Formatter().parse(sentence)]
                    words = {name: f"%({name})s" for name in names if name}
                    source = sentence.format(**words) if words else sentence
                    self.assertEqual(ours[code]._source, source)

    def test_sentences_are_translated(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        env = self.env(context={"lang": "zh_CN"})
        for _engine, ours in self.TABLES:
            for code, sentence in ours.items():
                with self.subTest(code=code):
                    self.assertNotEqual(env._(sentence), sentence._source)

    def test_sentences_fill_in_their_values(self):
        env = self.env(context={"lang": "zh_CN"})
        values = dict.fromkeys(("sheet", "sheets", "limit", "size", "rows"), "7")
        values |= {"what": "pdf", "detail": "x"}
        for code in messages.FILE_MESSAGES:
            self.assertNotIn("%(", messages.file_message(env, code, values))
        for code in messages.PROBLEMS:
            self.assertNotIn("%(", messages.problem_message(env, code, "文%s"))
        for code in messages.REASONS:
            self.assertNotIn("%(", messages.reason_message(env, code, 12))
