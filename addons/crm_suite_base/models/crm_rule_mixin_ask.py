from typing import Any, NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools import conditions
from .crm_rule_mixin import RuleBroken

# a condition on such a field of the record itself is asked in memory
PLAIN_TYPES = {
    "boolean",
    "char",
    "date",
    "datetime",
    "float",
    "integer",
    "many2many",
    "many2one",
    "monetary",
    "selection",
    "text",
}
BY_ID = ("=", "!=", "in", "not in")


class RuleInfo(NamedTuple):
    """A rule as plain values, remembered until a rule changes.

    ``plain``: the condition names nothing but stored fields of the record itself, so
    it is asked in memory and means the same for everybody; any other is asked with the
    rights of ``author`` in ``companies``. ``dated``: it may name a day, which is that
    of the company. ``asks``: the fields of the record that decide.
    """

    id: int
    model: str
    domain: tuple
    base: tuple
    plain: bool
    dated: bool
    asks: frozenset[str]
    author: int
    companies: tuple[int, ...]
    lang: str | None
    company: int

    @property
    def always(self) -> bool:
        return not self.domain and not self.base


class CrmRuleMixin(models.AbstractModel):
    """How a condition is asked: with the rights of its author where it leaves the
    record, in memory where it does not, and never stopping what asks it."""

    _inherit = "crm.rule.mixin"

    # ------------------------------------------------------------
    # THE RULE AS PLAIN VALUES
    # ------------------------------------------------------------

    def _rule_base_domain(self) -> list:
        """Return what holds besides the condition: by default the rule's company. Not
        the author's words, so asked by the superuser."""
        company = "company_id" in self._fields and self.company_id.id
        return [("company_id", "in", [company, False])] if company else []

    def _rule_author(self):
        """Whose rights the condition is asked with; one that is only being typed, with
        those of who types it."""
        return (self.id and (self.author_id or self.write_uid)) or self.env.user

    def _rule_info(self) -> RuleInfo:
        """Return the rule as plain values.

        :raises RuleBroken: it cannot be read, or asks for a field that is gone
        """
        self.ensure_one()
        domain, model = self._asked_condition(), self._rule_model()
        found = [self._look_ahead(leaf) for leaf in conditions.leaves(domain)]
        # sudo: of the author only the companies and the language
        author = self._rule_author().sudo()
        company = "company_id" in self._fields and self.company_id
        return RuleInfo(
            id=self.id,
            model=model,
            domain=tuple(domain),
            base=tuple(self._rule_base_domain()),
            plain=all(plain for plain, _dated, _name in found),
            dated=any(dated for _plain, dated, _name in found),
            asks=frozenset(name for _plain, _dated, name in found),
            author=author.id,
            companies=tuple(author.company_ids.ids),
            lang=author.lang,
            company=(company or author.company_id or self.env.company).id,
        )

    def _asked_condition(self) -> list:
        """Return the condition as it is asked; as it is written, unless a child puts
        something in the place of a word.

        :raises RuleBroken: it cannot be read
        """
        return self._read_condition()

    def _book_entry(self):
        """Return what the rule book keeps of the rule; more than this, where choosing
        a rule asks for more than the condition."""
        return self._rule_info()

    def _look_ahead(self, leaf) -> tuple[bool, bool, str]:
        """Return of a condition whether it is plain, whether it may name a day, and
        the field of the record it begins with.

        :raises RuleBroken: a field is gone
        """
        records = self.env[self._rule_model()]
        names = leaf.path.split(".")
        for name in names:
            field = records._fields.get(name)
            if field is None:
                raise RuleBroken(self._gone(records, name))
            if not field.comodel_name:
                break
            records = self.env[field.comodel_name]
        first = self.env[self._rule_model()]._fields[names[0]]
        plain = len(names) == 1 and self._is_plain(first, leaf)
        return plain, field.type in ("date", "datetime"), names[0]

    @api.model
    def _is_plain(self, field, leaf) -> bool:
        if field.name == "id":
            return leaf.operator in BY_ID
        if not field.store or field.type not in PLAIN_TYPES or field.company_dependent:
            return False
        if field.comodel_name:
            return leaf.operator in BY_ID and not conditions.is_text(leaf.value)
        return not getattr(field, "translate", False)

    # ------------------------------------------------------------
    # ALL RULES IN USE
    # ------------------------------------------------------------

    @api.model
    def _rule_book(self) -> tuple:
        """Return the rules in use as plain values, in their order; one that cannot be
        read any more is stopped on the way."""
        book, broken = self._compiled_rules()
        for rule in self.browse(broken):
            rule._stop_if_broken()
        return book

    def _sound(self):
        """Return those of the rules that can be asked; the others are stopped."""
        for rule in self:
            rule._stop_if_broken()
        return self.filtered(lambda rule: rule.state != "error")

    def _stop_if_broken(self):
        """Stop a rule of which the book can say nothing."""
        rule = self.sudo()  # sudo: the rules are everybody's
        with rule._isolated():
            rule.with_context(lang=rule._person_told().lang)._book_entry()

    @api.model
    @ormcache()
    def _compiled_rules(self) -> tuple[tuple, tuple[int, ...]]:
        # sudo: rules hold for everybody; and the context of whoever asks first must
        # not decide what all get
        used = self.sudo().with_context(active_test=True).search([("state", "=", "ok")])
        book, broken = [], []
        for rule in used:
            try:
                book.append(rule._book_entry())
            except UserError:
                broken.append(rule.id)
        return tuple(book), tuple(broken)

    # ------------------------------------------------------------
    # WHO MATCHES
    # ------------------------------------------------------------

    def _author_env(self, info: RuleInfo | None = None):
        """Return the environment a condition is asked in: the author's rights in all
        of his or her companies, the day of the rule's company."""
        if info is None:
            # sudo: of the author only the companies and the language
            author = self._rule_author().sudo()
            company = "company_id" in self._fields and self.company_id
            company = company or author.company_id or self.env.company
            uid, companies, lang = author.id, author.company_ids.ids, author.lang
        else:
            uid, companies, lang = info.author, list(info.companies), info.lang
            company = self.env["res.company"].browse(info.company)
        context = {"tz": company._zone(), "lang": lang}
        if companies:
            context["allowed_company_ids"] = companies
        return self.env(user=uid, su=False, context=context)

    @api.model
    def _info_domain(self, info: RuleInfo) -> Domain:
        """Return a rule's domain for a search by the superuser: what it sees of other
        records is what its author may see."""
        domain = Domain(list(info.domain))
        own_rights = info.plain or info.author == SUPERUSER_ID
        if info.dated or not own_rights:
            env = self._author_env(info)
            # sudo: a plain condition asks nothing but the records of the search around
            # it; any other keeps the author's rights
            records = env[info.model].sudo(own_rights)
            # archived ones are left out, or not, by the search around it
            domain = Domain("id", "in", records._search(domain, active_test=False))
            if "active" in info.asks:
                domain &= Domain("active", "in", [True, False])
        return Domain(list(info.base)) & domain

    def _rule_domain(self) -> Domain:
        """The same of one rule.

        :raises RuleBroken: it cannot be read any more
        """
        return self._info_domain(self._rule_info())

    @api.model
    def _match(self, info: RuleInfo, records) -> Any:
        """Return those of the records the rule is about; in memory where the condition
        is plain, in one query where it is not.

        :raises Exception: whatever Odoo says of a condition that does not work
        """
        if info.always or not records:
            return records
        base = Domain(list(info.base))
        if info.plain:
            # sudo: whether a rule holds does not depend on who asks; nothing is shown
            seen = records.sudo()
            if info.dated:
                seen = seen.with_context(tz=self._author_env(info).context["tz"])
            found = seen.filtered_domain(base & Domain(list(info.domain)))._ids
            return records.filtered(lambda record, kept=set(found): record.id in kept)
        ids = records._origin.ids
        # sudo: the author's rights are asked inside, see _info_domain
        everything = self.env[info.model].sudo().with_context(active_test=False)
        found = everything.search(self._info_domain(info) & Domain("id", "in", ids))
        kept = set(found._ids)
        return records.filtered(lambda record: record._origin.id in kept)

    @api.model
    def _match_safely(self, info: RuleInfo, records) -> Any:
        """The same; a rule that fails matches nothing, is stopped and its person told.

        A plain one asks the database nothing and needs no savepoint.
        """
        found = records.browse()
        rule = self.browse(info.id)
        if info.plain:
            try:
                found = self._match(info, records)
            except (ValueError, TypeError, KeyError, NotImplementedError) as error:
                rule._set_error(error)
        else:
            with rule._isolated():
                found = self._match(info, records)
        return found
