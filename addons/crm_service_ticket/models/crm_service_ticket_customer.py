from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from odoo.addons.crm_customer_center.tools.duplicate_keys import phone_key

SIMILAR = 5
# of these the first readable ones are shown
LOOKED_AT = 40
# part of trigrams in common
ALIKE = 0.3


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
    similar_ticket_ids = fields.Many2many(
        "crm.service.ticket",
        string="Similar Tickets",
        compute="_compute_similar_ticket_ids",
        help="Tickets with nearly the same subject; solved ones show how.",
    )

    def _compute_similar_ticket_ids(self):
        for ticket in self:
            ticket.similar_ticket_ids = ticket._similar_tickets()

    def _similar_tickets(self, limit=SIMILAR):
        """Tickets whose subject is like this one's, the most alike first.

        By trigrams, through an index; only tickets the user may read.
        """
        name = self.name or ""
        if not self.env.registry.has_trigram or len(name) < 3:
            return self.browse()
        self.env["crm.service.ticket"].flush_model(["name"])
        # what is compared is what is indexed; see fields.Char(index="trigram")
        column = self.env.registry.unaccent(SQL.identifier("name"))
        value = self.env.registry.unaccent(SQL("%s", name))
        self.env.cr.execute(SQL("SET LOCAL pg_trgm.similarity_threshold = %s", ALIKE))
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_service_ticket WHERE %s %% %s AND id <> %s"
                " ORDER BY similarity(%s, %s) DESC, id DESC LIMIT %s",
                column,
                value,
                self._origin.id or 0,
                column,
                value,
                LOOKED_AT,
            )
        )
        ids = [ticket_id for (ticket_id,) in rows]
        readable = set(self.search([("id", "in", ids)])._ids)
        return self.browse([i for i in ids if i in readable][:limit])

    @api.model_create_multi
    def create(self, vals_list):
        """Find customers for all tickets at once, by what the sender left."""
        self._complete_customers(vals_list)
        tickets = super().create(vals_list)
        tickets._let_customers_follow()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id"):
            self._let_customers_follow()
        return result

    def _let_customers_follow(self):
        """What we answer reaches the customer, whoever writes it."""
        pairs = [(ticket.id, ticket.partner_id.id) for ticket in self]
        # sudo: followers of tickets the user has just written
        self.env["mail.followers"].sudo()._follow_pairs(self._name, pairs)

    @api.model
    def _complete_customers(self, vals_list: list[dict]):
        """Put ``partner_id`` into values that have an e-mail or a phone only."""
        if self.env.context.get("default_partner_id"):
            return
        open_vals = [
            vals
            for vals in vals_list
            if not vals.get("partner_id")
            and (vals.get("partner_email") or vals.get("partner_phone"))
        ]
        contacts = [
            (vals.get("partner_email") or "", vals.get("partner_phone") or "")
            for vals in open_vals
        ]
        found = self._find_customers(contacts)
        for vals, partner in zip(open_vals, found, strict=True):
            if partner:
                vals["partner_id"] = partner.id
        strangers = [vals for vals in open_vals if not vals.get("partner_id")]
        self._create_customers(strangers)

    @api.model
    def _find_customers(self, contacts: list[tuple[str, str]]) -> list:
        """Return the partner of each pair (e-mail, phone), empty where there is none
        or where several customers share it, which a person has to decide.

        Two queries for any number of pairs.
        """
        country = self.env.company.country_id.code or "CN"
        keys = [
            (email_normalize(email) or "", phone_key(phone, country))
            for email, phone in contacts
        ]
        by_email = self._partners_by("email_normalized", {key[0] for key in keys})
        by_phone = self._partners_by("phone_sanitized", {key[1] for key in keys})
        nobody = self.env["res.partner"]
        return [
            self._best_partner(by_email.get(email, nobody))
            or self._best_partner(by_phone.get(phone, nobody))
            for email, phone in keys
        ]

    @api.model
    def _partners_by(self, column: str, values: set[str]) -> dict:
        """Return ``{value: partners}`` of our company's partners with these values."""
        values.discard("")
        if not values:
            return {}
        # sudo: a stranger's mail finds the customer whoever receives it
        partners = self.env["res.partner"].sudo()
        companies = Domain("company_id", "in", [self.env.company.id, False])
        result = defaultdict(partners.browse)
        for partner in partners.search(Domain(column, "in", list(values)) & companies):
            result[partner[column]] |= partner
        return result

    @api.model
    def _best_partner(self, partners):
        """The one meant by an address: customers before others, one customer only."""
        customers = partners.filtered("is_customer") or partners
        if len(customers.commercial_partner_id) > 1:
            return partners.browse()
        people = customers.filtered("parent_id")
        return (people or customers).sorted("id")[:1]

    @api.model
    def _create_customers(self, vals_list: list[dict]):
        """Make contacts of unknown senders whose team wants it so."""
        teams = self.env["crm.service.team"].sudo()  # the policy of any team
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
