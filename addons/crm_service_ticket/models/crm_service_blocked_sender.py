from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.crm_customer_center.tools.webmail import house_of


class CrmServiceBlockedSender(models.Model):
    """An address or a domain whose mail becomes no ticket. What it sends stands in the
    list of stopped mails: a block that was wrong loses nothing."""

    _name = "crm.service.blocked.sender"
    _description = "Blocked Sender"
    _order = "name"

    name = fields.Char(
        "Address or Domain",
        required=True,
        help="someone@spam.example, or spam.example for everybody there.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Whose tickets it writes no longer.",
    )
    ticket_id = fields.Many2one(
        "crm.service.ticket",
        "Because Of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    note = fields.Char("Why")
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "This sender is in the list already."
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.constrains("name")
    def _check_name(self):
        """:raises ValidationError: for what is no address or domain, for a domain that
        everybody shares, and for one of us"""
        for sender in self:
            address = email_normalize(sender.name) or ""
            if "@" in (sender.name or "") and address != sender.name:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is no mail address. Write one like "
                        "someone@spam.example, or a domain like spam.example.",
                        name=sender.name,
                    )
                )
            if address:
                continue
            if "." not in sender.name or set(sender.name) & set(" ,;<>/\\"):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is neither a mail address nor a domain. Write one "
                        "like someone@spam.example or spam.example.",
                        name=sender.name,
                    )
                )
            if not house_of(f"x@{sender.name}"):
                raise ValidationError(
                    self.env._(
                        "%(name)s belongs to a public mail provider: everybody writes "
                        "from there. Block the address instead.",
                        name=sender.name,
                    )
                )

    @api.model
    def _as_name(self, text):
        return (text or "").strip().lower().removeprefix("@").strip("<>").strip()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self._as_name(vals.get("name"))
        return super().create(vals_list)

    def write(self, vals):
        if "name" in vals:
            vals = {**vals, "name": self._as_name(vals["name"])}
        return super().write(vals)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _block(self, addresses, company, ticket=None):
        """Block some addresses in a company.

        :param ticket: because of which
        :return: the rows
        :raises UserError: for a colleague
        """
        names = {email_normalize(address) for address in addresses} - {False, ""}
        # sudo: whether one of these is one of us
        ours = self.env["crm.service.mail"].sudo()._colleagues(names)
        if ours:
            raise UserError(
                self.env._(
                    "%(address)s belongs to a colleague and cannot be blocked.",
                    address=ours[0].email_normalized,
                )
            )
        # sudo: rows of a list that agents fill by their button only
        senders = self.sudo().with_context(active_test=False)
        found = senders.search(
            [("name", "in", sorted(names)), ("company_id", "=", company.id)]
        )
        values = {"active": True, "ticket_id": ticket.id if ticket else False}
        found.filtered(lambda sender: not sender.active).write(values)
        missing = sorted(names - set(found.mapped("name")))
        return found | senders.create(
            [{"name": name, "company_id": company.id, **values} for name in missing]
        )

    @api.model
    def _release(self, addresses, company):
        """Let senders write again whom the button of a ticket has blocked; what was
        entered into the list stays.

        :return: which of the addresses are blocked all the same
        """
        # sudo: rows that the button made, agents do not write the list
        made = self.sudo()._of(addresses, company).filtered("ticket_id")
        made.action_archive()
        return self._matching(addresses, company)

    @api.model
    def _of(self, addresses, company=None):
        """The rows that block some addresses, by address or domain."""
        names = {address for address in addresses if address}
        names |= {name.partition("@")[2] for name in names}
        domain = Domain("name", "in", sorted(names))
        if company:
            domain &= Domain("company_id", "=", company.id)
        return self.search(domain)

    @api.model
    def _matching(self, addresses, company=None) -> set[str]:
        """Return which of some addresses are blocked."""
        # sudo: a yes or no about a sender, whoever asks
        names = set(self.sudo()._of(addresses, company).mapped("name"))
        return {
            address
            for address in addresses
            if address and {address, address.partition("@")[2]} & names
        }
