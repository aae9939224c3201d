from odoo import SUPERUSER_ID, api, models
from odoo.tools import plaintext2html

from odoo.addons.crm_customer_center.tools import checks
from odoo.addons.crm_customer_center.tools.duplicate_keys import email_key, phone_key

from ..tools.ticket_form import MAX_LENGTHS, FileLimits

FILE_COUNT = 5
FILE_SIZE = 10 * 1024 * 1024


class CrmServiceTicket(models.Model):
    """Tickets from the public form and from the portal's."""

    _inherit = "crm.service.ticket"

    @api.model
    def _form_file_limits(self):
        """Most files and most bytes of one file that a form may bring; the server's
        own limit of a request holds as well."""
        return FileLimits(FILE_COUNT, FILE_SIZE)

    @api.model
    def _form_types(self):
        """Pairs (value, name) of the types a customer may choose from."""
        return self._fields["ticket_type"]._description_selection(self.env)

    @api.model
    def _form_sentence(self, name, code, value):
        """What is wrong with a field and what to write instead.

        :param str name: field of the form
        :param str code: problem code of ``tools/ticket_form.py`` or of the hub's checks
        :param str value: what was typed
        """
        if code in checks.PROBLEMS:
            return self.env["res.partner"]._customer_problem_message(code, value)
        if code == "too_long":
            length = MAX_LENGTHS[name]
            return self.env._("Please use at most %(length)s characters.", length=length)
        sentences = {
            "partner_name": self.env._("Please tell us your name."),
            "name": self.env._("Please say in a few words what it is about."),
            "description": self.env._("Please describe what happened or what you need."),
            "partner_email": self.env._(
                "Please give an e-mail address or a phone number, so that we can answer."
            ),
            "partner_phone": self.env._("Please write a phone number or leave it empty."),
            "ticket_type": self.env._("Please choose one of the kinds."),
        }
        return sentences[name]

    @api.model
    def _form_file_sentence(self, code, name, limits):
        """Why a file was refused."""
        shown = name if len(name) <= 60 else f"{name[:60]}…"
        megabytes = limits.size // (1024 * 1024)
        sentences = {
            "file_empty": self.env._("“%(name)s” is empty.", name=shown),
            "file_size": self.env._(
                "“%(name)s” is larger than %(size)s MB.", name=shown, size=megabytes
            ),
            "file_type": self.env._(
                "“%(name)s” is of a kind we do not take. Send it as a picture, PDF, "
                "Office or ZIP file.",
                name=shown,
            ),
            "file_count": self.env._(
                "“%(name)s” is one too many: %(count)s files at most.",
                name=shown,
                count=limits.count,
            ),
        }
        return sentences[code]

    # ------------------------------------------------------------
    # CREATING
    # ------------------------------------------------------------

    @api.model
    def _create_from_form(self, values, files, partner=None, company=None):
        """Create the ticket of a form, with its files and the confirmation.

        :param dict values: cleaned values of ``tools.ticket_form.read_form``
        :param files: pending attachments that become the ticket's
        :param partner: the customer, when he is signed in; else found by e-mail and
            phone as the hub knows them, or created
        :param company: the company the form belongs to
        :return: the ticket
        """
        company = company or self.env.company
        tickets = self.with_company(company)
        partner = partner or tickets._form_customer(values)
        ticket = tickets.create(tickets._prepare_form_vals(values, partner, company))
        ticket._take_form_files(files, partner)
        ticket._send_form_confirmation()
        return ticket

    @api.model
    def _form_customer(self, values):
        """The customer of a form by a stranger. A known one is left as he is: whoever
        knows an address must not change what stands about its owner.

        :return: found by e-mail, then by phone, as the hub writes them; else created
        """
        partners = self.env["res.partner"].sudo()
        return self._find_customer_by_keys(
            values["partner_email"], values["partner_phone"]
        ) or partners.create(self._prepare_form_customer_vals(values))

    @api.model
    def _find_customer_by_keys(self, email, phone):
        """The contact that has this e-mail or, failing that, this phone.

        :param str email: checked address or ''
        :param str phone: checked number or ''
        :return: at most one partner, sudo; the oldest of several
        """
        partners = self.env["res.partner"].sudo()
        keys = (
            ("email_normalized", email_key(email)),
            ("phone_sanitized", phone_key(phone)),
        )
        for name, key in keys:
            found = key and partners.search([(name, "=", key)], limit=1, order="id")
            if found:
                return found
        return partners.browse()

    @api.model
    def _prepare_form_customer_vals(self, values):
        return {
            "name": values["partner_name"]
            or values["partner_email"]
            or values["partner_phone"],
            "company_name": values["company_name"] or False,
            "email": values["partner_email"] or False,
            "phone": values["partner_phone"] or False,
            "lang": self.env.lang,
        }

    @api.model
    def _prepare_form_vals(self, values, partner, company):
        return {
            "name": values["name"],
            "description": plaintext2html(values["description"]),
            "ticket_type": values["ticket_type"],
            "partner_id": partner.id,
            "partner_name": values["partner_name"] or partner.name,
            "partner_email": values["partner_email"] or partner.email,
            "partner_phone": values["partner_phone"] or partner.phone,
            "team_id": self._form_team(company).id,
            "company_id": company.id,
            "channel": "web" if self.env.user._is_public() else "portal",
        }

    @api.model
    def _form_team(self, company):
        """The team that the company chose for its form, else its first one."""
        teams = self.env["crm.service.team"]
        return company.service_form_team_id or teams.search(
            [("company_id", "in", [company.id, False])], limit=1
        )

    def _take_form_files(self, files, partner):
        """The files become part of the open conversation: what is only attached is not
        shown to people outside."""
        if not files:
            return
        files.write({"res_model": self._name, "res_id": self.id})
        # as the system: Odoo lets people outside post files only while they are pending
        self.with_user(SUPERUSER_ID).message_post(
            body=self.env._("Files sent with the form."),
            author_id=partner.id,
            attachment_ids=files.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _send_form_confirmation(self):
        """Tell the customer the number by e-mail, if he gave an address."""
        template = self.env.ref(
            "crm_service_ticket.mail_template_ticket_received",
            raise_if_not_found=False,
        )
        asking = self.filtered("partner_email")
        if template and asking:
            template.send_mail_batch(asking.ids)
