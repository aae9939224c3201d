"""# A6: no count moves by a record one may not see, whatever is asked for."""

from datetime import timedelta

from planted import PlantedCase

from odoo.fields import Domain

ROLES = ("rep", "agent", "marketing", "portal")
LINES = ("one2many", "many2many")
NUMBERS = ("integer", "float", "monetary")
DATES = ("date", "datetime")
# what many visible records meet
BROAD = (">", "not in")
# how many ids of a hidden record's link are asked for
FEW = 2


class TestPlantedCounts(PlantedCase):
    """Each answer with the hidden records there, and without them.

    Nothing that a spy may see hangs on what is planted here, so whatever differs tells
    that a hidden record exists, or what it holds.
    """

    @classmethod
    def _plant_tied(cls, customer, lead):
        """What a spy may see of a hidden record belongs to the other tests."""

    @classmethod
    def _plant_held(cls):
        cls.planted["customer"].category_id = cls.env["res.partner.category"].create(
            {"name": "Everybody's word"}
        )
        # who reads a follow-up reads which deal it is about
        cls.planted["followup"].lead_id = False

    def test_no_count_moves(self):
        wrong, asked = [], 0
        for role in ROLES:
            hidden = self.hidden(role)
            questions = list(self.questions(role, hidden))
            asked += len(questions)
            there = [self.answer(role, question) for question in questions]
            with self.undone():
                self.remove(hidden)
                gone = [self.answer(role, question) for question in questions]
            wrong += [
                f"{role}: {question}: {before} / {after}"[:400]
                for question, before, after in zip(questions, there, gone, strict=True)
                if before != after
            ]
        self.assertGreater(asked, 2000)
        self.assertFalse(wrong, f"{len(wrong)} of {asked}\n" + "\n".join(wrong))

    def test_the_owners_counts_move(self):
        """Or the other test would find nothing because it asks nothing."""
        everything = list(self.planted.values())
        models = {record._name for record in everything}
        questions = [
            question
            for question in self.questions("other_rep", everything)
            if question[0] in models and question[1] == "search_count"
        ]
        there = [self.answer("other_rep", question) for question in questions]
        with self.undone():
            self.remove(everything)
            gone = [self.answer("other_rep", question) for question in questions]
        moved = {
            question[0]
            for question, before, after in zip(questions, there, gone, strict=True)
            if before != after
        }
        self.assertFalse(models - moved)

    def hidden(self, role):
        return [
            record
            for record in self.planted.values()
            if not record.with_user(self.roles[role]).has_access("read")
        ]

    def remove(self, records):
        """The records go, what hangs on others first."""
        for record in reversed(records):
            record.exists().unlink()
        self.env.flush_all()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # QUESTIONS
    # ------------------------------------------------------------

    def questions(self, role, hidden):
        """Yield ``(model, method, *arguments)``."""
        by_model = {}
        for record in hidden:
            by_model.setdefault(record._name, []).append(record)
        for model in self.each_model():
            spy = self.env[model].with_user(self.roles[role])
            if not spy.has_access("read"):
                continue
            gated = spy._link_gate
            if gated:
                yield model, "name_search", "zq"
            for name, field in spy._fields.items():
                linked = (
                    by_model.get(field.comodel_name, ()) if field.relational else ()
                )
                if not (gated or linked) or not spy._has_field_access(field, "read"):
                    continue
                yield from self.about_field(spy, name, field, by_model, linked)

    def about_field(self, spy, name, field, by_model, linked):
        if field._description_searchable:
            conditions = list(self.conditions(spy._name, name, field, by_model, linked))
            yield spy._name, "search_count", conditions
            if conditions:
                yield spy._name, "web_search_read", conditions[:1]
        if field._description_groupable and spy._link_gate:
            yield spy._name, "formatted_read_group", name

    def conditions(self, model, name, field, by_model, linked):
        for record in by_model.get(model, ()):
            yield from self.about_value(name, field, record.sudo()[name])
        for record in linked:
            yield from self.about_link(name, record)
            if field.type in LINES and field.store:
                yield (name, "not in", record.ids)
                yield (name, "=", False)
        if field.type == "many2one_reference":
            for records in by_model.values():
                yield (name, "=", records[0].id)
                yield (name, ">", records[0].id - 1)

    def about_value(self, name, field, value):
        """Conditions that a hidden record meets."""
        if field.relational:
            for id_ in value.ids[:FEW]:
                yield (name, "=", id_)
                yield (name, "in", [id_])
                yield (name, "child_of", id_)
                yield (name, "any", [("id", "in", [id_])])
        elif field.type in NUMBERS:
            yield (name, "=", value)
            yield (name, ">", (value or 0) - 1)
        elif field.type in DATES and value:
            yield (name, "=", value)
            yield (name, ">", value - timedelta(days=1))
        elif isinstance(value, str) and value:
            yield (name, "=", value)
            yield (name, "in", [value])
            yield (name, "ilike", value[:20])
        elif isinstance(value, bool | int):
            yield (name, "=", value)

    def about_link(self, name, record):
        """Conditions that lead to a hidden record."""
        word = record.sudo().display_name or "zq"
        yield (name, "=", record.id)
        yield (name, "in", record.ids)
        yield (name, "child_of", record.id)
        yield (name, ">", record.id - 1)
        yield (name, "ilike", word)
        yield (name, "any", [("id", "=", record.id)])
        yield (name, "any", [("display_name", "ilike", word)])

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def answer(self, role, question):
        """What the spy is told, an error as its words."""
        model, method, *args = question
        spy = self.env[model].with_user(self.roles[role]).with_context({})
        if method == "search_count":
            return self.counts(spy, *args)
        if method == "web_search_read":
            return self.told(spy, method, *args, {"id": {}}, limit=50)
        if method == "formatted_read_group":
            return self.told(spy, method, [], args, ["__count"])
        return self.told(spy, method, *args, limit=50)

    def counts(self, spy, conditions):
        """All that is precise in one go, which is much faster; where that is an error,
        or for what many visible records meet, each by itself."""
        broad = [one for one in conditions if one[1] in BROAD or one[2] is False]
        precise = [one for one in conditions if one not in broad]
        counted = [(one, self.told(spy, "search_count", [one])) for one in broad]
        together = self.told(
            spy, "search_count", list(Domain.OR([one] for one in precise))
        )
        if isinstance(together, str):
            counted += [(one, self.told(spy, "search_count", [one])) for one in precise]
            return counted
        return [*counted, together]

    def told(self, spy, method, *args, **kwargs):
        try:
            with self.env.cr.savepoint(flush=False):
                return getattr(spy, method)(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever is told is looked at
            return f"{type(error).__name__}: {error}"
