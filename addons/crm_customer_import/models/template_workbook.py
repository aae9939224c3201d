from ..tools import sheets_out
from ..tools.fields import FIELDS, IGNORE, label_of

LONGEST_CHOICE_LIST = 200


class TemplateWorkbook:
    """The workbook to fill in, in the reader's language with today's choices.

    :param env: of the reader
    """

    def __init__(self, env):
        self.env = env

    def content(self) -> bytes:
        texts = sheets_out.TemplateTexts(
            sheet=self.env._("Customers"),
            help_sheet=self.env._("How to fill in"),
            lists_sheet=self.env._("Lists"),
            column=self.env._("Column"),
            explanation=self.env._("What to write"),
            required=self.env._("required"),
            bad_choice=self.env._("Choose a value from the list."),
        )
        names = [name for name in FIELDS if name != IGNORE]
        return sheets_out.template_workbook(
            [self._column(name) for name in names], texts
        )

    def _column(self, name: str) -> sheets_out.TemplateColumn:
        field = FIELDS[name]
        return sheets_out.TemplateColumn(
            label=label_of(name, self.env.lang or "en_US"),
            help=self._help(field),
            choices=self._choices(field),
            required=field.target == "name",
        )

    def _help(self, field) -> str:
        helps = {
            "phone": self.env._("With area code, several separated by a comma."),
            "email": self.env._("Like name@company.com."),
            "credit_code": self.env._("The 18 characters of the business licence."),
            "id_number": self.env._("The 18 characters of the ID card."),
            "choice": self.env._(
                "One value of the list. Other words are decided on in the preview."
            ),
            "tags": self.env._("Several separated by a comma; new ones are created."),
            "date": self.env._("Like 2026-12-31."),
        }
        return helps.get(field.kind, "")

    def _choices(self, field) -> tuple[str, ...]:
        definition = self.env["res.partner"]._fields.get(field.target)
        if field.kind != "choice" or definition is None:
            return ()
        if definition.type == "selection":
            return tuple(x for _k, x in definition._description_selection(self.env))
        if field.target == "user_id":
            return ()  # colleagues' names do not belong into a file that travels
        if field.target == "state_id":
            domain = [("country_id.code", "=", "CN")]
            return tuple(self.env["res.country.state"].search(domain).mapped("name"))
        records = self.env[definition.comodel_name].search([])[:LONGEST_CHOICE_LIST]
        return tuple(records.mapped("display_name"))
