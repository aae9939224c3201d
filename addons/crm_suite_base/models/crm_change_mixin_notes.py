from collections import defaultdict

from odoo import models

from ..tools.token import Token
from .mail_message_subtype import SUBTYPES

# the notes that are collected while Odoo looks at what has changed
NOTES = Token("crm_change_notes")


class CrmChangeMixin(models.AbstractModel):
    """What a change of many records leaves in their histories, written together.

    Odoo writes the note of each record and its lines by themselves: two statements for
    each of a hundred records, most of what such a write costs. What is sent to
    followers goes its own way, record by record, as before.
    """

    _inherit = "crm.change.mixin"

    def _message_track(self, fields_iter, initial_values_dict):
        notes = []
        collecting = super(CrmChangeMixin, NOTES.on(SUBTYPES.on(self, {}), notes))
        tracking = collecting._message_track(fields_iter, initial_values_dict)
        by_author = defaultdict(dict)
        for note in notes:
            author = note.pop("author_id")
            by_author[author][note.pop("record")] = note
        for author, group in by_author.items():
            self._write_notes(author, group)
        return tracking

    def _message_log(self, **kwargs):
        notes = NOTES.value(self.env)
        if notes is None or kwargs.keys() != {
            "body",
            "author_id",
            "tracking_value_ids",
        }:
            return super()._message_log(**kwargs)
        notes.append({"record": self.id, **kwargs})
        return self.env["mail.message"]

    def _write_notes(self, author, notes):
        """Write notes of one author, and their lines, in two statements.

        :param notes: ``{record id: body and commands of lines}``
        """
        messages = self.browse(notes)._message_log_batch(
            {record: note["body"] for record, note in notes.items()}, author_id=author
        )
        # sudo: as Odoo itself does; what was written has been allowed
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for message, note in zip(messages, notes.values(), strict=True)
                for _create, _id, values in note["tracking_value_ids"]
            ]
        )
