from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.crm_customer_center.tools.duplicate_keys import phone_key
from odoo.addons.crm_suite_base.tools.changes import follows


class CrmServiceTicket(models.Model):
    """Whose ticket it is: the customer found by e-mail or phone."""

    _inherit = "crm.service.ticket"

    customer_level_id = fields.Many2one(
        "crm.customer.level",
        "Customer Level",
        related="customer_id.customer_level_id",
        related_sudo=False,
    )
    customer_level_color = fields.Integer(
        related="customer_id.customer_level_color", related_sudo=False
    )
    suggested_partner_id = fields.Many2one(
        "res.partner",
        "May Be",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="crm_customer_center.group_service_agent",
        help="Whose phone number the sender gave. Anybody can give one: it proves "
        "nothing until one of us has asked.",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"suggested_partner_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Find customers for all tickets at once, by what the sender left."""
        suggested = self._complete_customers(vals_list)
        tickets = super().create(vals_list)
        for place, partner in suggested.items():
            # sudo: a system field
            tickets[place].sudo().suggested_partner_id = partner
        return tickets

    @follows(30, "partner_id", new=True)
    def _customer_is_known(self, change):
        if change.is_new or change.vals["partner_id"]:
            self._let_customers_follow()
            # sudo: what was to be decided is decided
            open_ = self.sudo().filtered("suggested_partner_id")
            open_.suggested_partner_id = False

    def action_accept_partner(self):
        """The sender is whose phone number he gave: one of us has asked him."""
        self.ensure_one()
        partner = self.suggested_partner_id
        if not partner:
            raise UserError(self.env._("Somebody decided that already."))
        partner.check_access("read")
        self.partner_id = partner

    def action_refuse_partner(self):
        """The sender is somebody else; he becomes a contact where the team wants it."""
        self.ensure_one()
        self.check_access("write")
        # sudo: a system field, of a ticket the user may change
        ticket = self.sudo()
        ticket.suggested_partner_id = False
        if not ticket.partner_id:
            left = ("partner_name", "partner_email", "partner_phone")
            vals = {"team_id": ticket.team_id.id, **{n: ticket[n] for n in left}}
            ticket._create_customers([vals])
            if vals.get("partner_id"):
                ticket.partner_id = vals["partner_id"]

    def _let_customers_follow(self):
        """What we answer reaches the customer, whoever writes it."""
        pairs = [(ticket.id, ticket.partner_id.id) for ticket in self]
        # sudo: followers of tickets the user has just written
        self.env["mail.followers"].sudo()._follow_pairs(self._name, pairs)

    @api.model
    def _complete_customers(self, vals_list: list[dict]) -> dict:
        """Put ``partner_id`` into values that have an e-mail or a phone only.

        Mail goes to the address alone, so the address says who it is. A phone number
        typed by a stranger says nothing: it may be another's, who would be answered for
        him. Whose it is, is proposed to the agent.

        :return: the partners that are proposed, by place in the list
        """
        if self.env.context.get("default_partner_id"):
            return {}
        open_vals = [
            (place, vals)
            for place, vals in enumerate(vals_list)
            if not vals.get("partner_id")
            and (vals.get("partner_email") or vals.get("partner_phone"))
        ]
        contacts = [
            (vals.get("partner_email") or "", vals.get("partner_phone") or "")
            for _place, vals in open_vals
        ]
        companies = [self._company_of(vals) for _place, vals in open_vals]
        found = self._find_customers(contacts, companies)
        suggested, strangers = {}, []
        for (place, vals), (by_email, by_phone) in zip(open_vals, found, strict=True):
            told = by_email or (self._is_told_by_us(vals) and by_phone)
            if told:
                vals["partner_id"] = told.id
            elif by_phone:
                suggested[place] = by_phone
            else:
                strangers.append(vals)
        self._create_customers(strangers)
        return suggested

    @api.model
    def _is_told_by_us(self, vals) -> bool:
        """Whether one of us writes down what somebody says, and has asked who it is."""
        is_spoken = vals.get("channel", "agent") in ("agent", "phone")
        return is_spoken and self.env.user._is_internal()

    @api.model
    def _company_of(self, vals):
        """The company whose ticket it will be: the team's, whoever runs the gateway."""
        # sudo: of any team
        teams = self.env["crm.service.team"].sudo()
        team = teams.browse(vals["team_id"]) if vals.get("team_id") else teams
        companies = team.company_id.browse(vals.get("company_id") or [])
        return team.company_id or companies or self.env.company

    @api.model
    def _find_customers(self, contacts: list[tuple[str, str]], companies=None) -> list:
        """Return the partners of each pair (e-mail, phone): whose address it is, and
        whose phone; empty where there is none or where several customers share it,
        which a person has to decide.

        Two queries for any number of pairs.

        :param companies: of each pair, by default the present one
        """
        companies = companies or [self.env.company] * len(contacts)
        keys = [
            (
                email_normalize(email) or "",
                phone_key(phone, company.country_id.code or "CN"),
                company,
            )
            for (email, phone), company in zip(contacts, companies, strict=True)
        ]
        every = self.env["res.company"].union(*companies)
        emails, phones = {key[0] for key in keys}, {key[1] for key in keys}
        by_email = self._partners_by("email_normalized", emails, every)
        by_phone = self._partners_by("phone_sanitized", phones, every)
        nobody = self.env["res.partner"]
        return [
            (
                self._best_partner(by_email.get(email, nobody), company),
                self._best_partner(by_phone.get(phone, nobody), company),
            )
            for email, phone, company in keys
        ]

    @api.model
    def _partners_by(self, column: str, values: set[str], companies) -> dict:
        """Return ``{value: partners}`` of the companies' partners and the common ones
        with these values."""
        values.discard("")
        if not values:
            return {}
        # sudo: a stranger's mail finds the customer whoever receives it
        partners = self.env["res.partner"].sudo()
        known = Domain("company_id", "in", [*companies.ids, False])
        result = defaultdict(partners.browse)
        for partner in partners.search(Domain(column, "in", list(values)) & known):
            result[partner[column]] |= partner
        return result

    @api.model
    def _best_partner(self, partners, company):
        """The one meant by an address: the company's own contact before common ones,
        customers before others, one customer only."""
        own = partners.filtered(lambda partner: partner.company_id == company)
        partners = own or partners.filtered(lambda partner: not partner.company_id)
        customers = partners.filtered("is_customer") or partners
        if len(customers.commercial_partner_id) > 1:
            return partners.browse()
        people = customers.filtered("parent_id")
        return (people or customers).sorted("id")[:1]

    @api.model
    def _create_customers(self, vals_list: list[dict]):
        """Make contacts of unknown senders whose team wants it so."""
        teams = self.env["crm.service.team"].sudo()  # sudo: the policy of any team
        default = teams._default_team()
        wanted = [
            vals
            for vals in vals_list
            if vals.get("partner_email")
            and teams.browse(vals.get("team_id", default.id)).customer_policy
            == "create"
        ]
        addresses = {}
        for vals in wanted:
            address = email_normalize(vals["partner_email"])
            if address:
                addresses.setdefault(
                    address, self._prepare_customer_vals(vals, address)
                )
        # sudo: the system adds the contact, not the sender
        partners = self.env["res.partner"].sudo().create(list(addresses.values()))
        by_address = dict(zip(addresses, partners, strict=True))
        for vals in wanted:
            partner = by_address.get(email_normalize(vals["partner_email"]))
            vals["partner_id"] = partner.id if partner else False

    @api.model
    def _prepare_customer_vals(self, vals: dict, address: str) -> dict:
        """Values of the contact made of an unknown sender."""
        return {
            "name": vals.get("partner_name") or address,
            "email": address,
            "phone": vals.get("partner_phone") or False,
            "lifecycle_state": "potential",
            "user_id": False,
        }
