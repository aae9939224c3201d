from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import plaintext2html

from odoo.addons.crm_customer_center.tools import checks
from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import form_extras
from ..tools.form_extras import FormType, post_name
from ..tools.ticket_form import MAX_LENGTHS, FileLimits, Upload, content_key
from .crm_service_ticket_intake import ARRIVAL, BY_FORM
from .crm_service_ticket_sender import first_message

# with the company that a stranger names in the form
FORM_COMPANY = Token("service_form_company")
FILE_COUNT = 5
FILE_SIZE = 10 * 1024 * 1024
# A form sent again, by a second click or a page loaded anew, is the same one for a day;
# the same content from another page is the same for some minutes.
SAME_FORM = timedelta(days=1)
SAME_CONTENT = timedelta(minutes=10)


class CrmServiceTicket(models.Model):
    """Tickets from the public form and from the portal's."""

    _inherit = "crm.service.ticket"

    @api.model
    def _form_file_limits(self):
        """Most files and most bytes of one file that a form may bring; the server's
        own limit of a request holds as well."""
        return FileLimits(FILE_COUNT, FILE_SIZE)

    @api.model
    def _form_file_hint(self):
        """What the form says about files."""
        limits = self._form_file_limits()
        return self.env._(
            "A photo or a screenshot says a lot. "
            "Up to %(count)s files, %(size)s MB each.",
            count=limits.count,
            size=limits.size // (1024 * 1024),
        )

    @api.model
    def _form_types(self, company) -> dict[str, FormType]:
        """The types a customer may choose from, by the value the form sends: the key
        of a shipped one, as other pages may send it, else the id."""
        return {
            one.key or str(one.id): FormType(one.complete_name, one._form_extras())
            for one in self.env["crm.service.ticket.type"]._offered(company)
        }

    @api.model
    def _form_sentence(self, name, code, value):
        """What is wrong with a field and what to write instead.

        :param str name: field of the form
        :param str code: problem code of ``tools/ticket_form.py`` or of the hub's checks
        :param str value: what was typed
        """
        if code in checks.PROBLEMS:
            return self.env["res.partner"]._customer_problem_message(code, value)
        if name.startswith("extra_"):
            return _extra_sentence(self.env, code)
        if code == "too_long":
            length = MAX_LENGTHS[name]
            return self.env._(
                "Please use at most %(length)s characters.", length=length
            )
        sentences = {
            "partner_name": self.env._("Please tell us your name."),
            "name": self.env._("Please say in a few words what it is about."),
            "description": self.env._(
                "Please describe what happened or what you need."
            ),
            "partner_email": self.env._(
                "Please give an e-mail address or a phone number, "
                "so that we can answer."
            ),
            "partner_phone": self.env._(
                "Please write a phone number or leave it empty."
            ),
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
            "file_unpacked": self.env._(
                "“%(name)s” unpacks to more than %(size)s MB or %(count)s files. Send "
                "what is in it in parts.",
                name=shown,
                size=limits.unpacked // (1024 * 1024),
                count=limits.members,
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
    def _ticket_of_form(self, values, files, partner=None, company=None, form_key=""):
        """The ticket of a form: a new one, or the one it became when it was sent
        before, by a second click or a second try of the browser.

        :param str form_key: of the page it was typed into; see ``_create_from_form``
            for the others
        """
        company = company or self.env.company
        uploads = [Upload(file.name, file.file_size) for file in files]
        who = f"{company.id}-{partner.id if partner else 0}"
        content = content_key(values, uploads, who)
        # sudo: counters are nobody's to read
        counters = self.env["crm.service.form.counter"].sudo()
        now = fields.Datetime.now()
        rows = counters._claim("content", content, now, SAME_CONTENT)
        if form_key:
            rows |= counters._claim("form", form_key + content, now, SAME_FORM)
        if not rows.ticket_id:
            rows.ticket_id = self._create_from_form(values, files, partner, company)
        return rows.ticket_id[:1]

    @api.model
    def _create_from_form(self, values, files, partner=None, company=None):
        """Create the ticket of a form, with its files and the confirmation.

        :param dict values: cleaned values of ``tools.ticket_form.read_form``
        :param files: pending attachments that become the ticket's
        :param partner: the customer, when he is signed in; else found by e-mail and
            phone, or created. A known one is left as he is: whoever knows an address
            must not change what stands about its owner
        :param company: the company the form belongs to
        :return: the ticket
        """
        company = company or self.env.company
        tickets = FORM_COMPANY.on(self.with_company(company), values["company_name"])
        tickets = ARRIVAL.on(tickets, BY_FORM)
        vals = tickets._prepare_form_vals(values, partner, company)
        # who it is for is found, or made as the team wants it, as for mails
        ticket = ARRIVAL.off(tickets.create(vals))
        ticket._complete_stranger(vals, values["company_name"])
        ticket._take_form_files(files)
        ticket._acknowledge()
        return ticket

    def _complete_stranger(self, vals, company_name):
        """A sender nobody knew: a contact by the phone alone, where the team wants
        contacts; else at least the company he named."""
        if self.partner_id:
            return
        # while an agent has to decide who it is, nobody is made
        if self.team_id.customer_policy == "create" and not self.suggested_partner_id:
            # sudo: the system adds the contact, not the sender
            partners = self.env["res.partner"].sudo()
            self.partner_id = partners.create(self._prepare_customer_vals(vals, ""))
        elif company_name:
            self.partner_name = f"{self.partner_name} ({company_name})"

    @api.model
    def _prepare_customer_vals(self, vals, address):
        values = super()._prepare_customer_vals(vals, address)
        if not FORM_COMPANY.is_on(self.env):
            return values
        return {
            **values,
            "name": values["name"] or values["phone"],
            "company_name": FORM_COMPANY.value(self.env) or False,
            "lang": self.env.lang,
        }

    @api.model
    def _prepare_form_vals(self, values, partner, company):
        type_ = self._type_of_form(values["ticket_type"])
        team = type_.default_team_id
        if not (team.active and team.company_id.id in (False, company.id)):
            team = self._form_team(company)
        vals = {
            "name": values["name"],
            "description": plaintext2html(values["description"]),
            "type_id": type_.id,
            "type_properties": {
                extra.name: form_extras.value(extra, values[name])
                for extra in type_._form_extras()
                for name in [post_name(values["ticket_type"], extra)]
                if name in values
            },
            "team_id": team.id,
            "company_id": company.id,
            "channel": "web" if self.env.user._is_public() else "portal",
        }
        if partner:
            return {
                **vals,
                "partner_id": partner.id,
                "partner_name": partner.name,
                "equipment_id": int(values.get("equipment") or 0) or False,
            }
        return {
            **vals,
            "partner_name": values["partner_name"],
            "partner_email": values["partner_email"] or False,
            "partner_phone": values["partner_phone"] or False,
        }

    @api.model
    def _type_of_form(self, value):
        """The type that the form's value means, as superuser."""
        # sudo: what the company offers in its form
        types = self.env["crm.service.ticket.type"].sudo()
        if value.isdigit():
            return types.browse(int(value))
        return types._of_kind(value) if value else types._default_type()

    @api.model
    def _form_team(self, company):
        """The team that the company chose for its form, else its first one."""
        teams = self.env["crm.service.team"]
        return company.service_form_team_id or teams._default_team(company)

    def _take_form_files(self, files):
        """The files become part of the open conversation: what is only attached is not
        shown to people outside."""
        if not files:
            return
        files.write({"res_model": self._name, "res_id": self.id})
        said = first_message(self)
        # sudo: Odoo lets people outside post files only while they are pending
        self.with_user(SUPERUSER_ID).message_post(
            body=self.env._("Files sent with the form."),
            # a stranger's as well stand under the name of who sent them
            author_id=self.partner_id.id,
            email_from=said["email_from"],
            attachment_ids=files.ids,
            # not a further word of the customer, which might move the ticket
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )


def _extra_sentence(env, code):
    """What is wrong with a field that the chosen type asks for."""
    return {
        "too_long": env._("That is too long."),
        "no_number": env._("Please write a number."),
        "no_date": env._("Please choose a day."),
        "no_choice": env._("Please choose one of the list."),
    }[code]
