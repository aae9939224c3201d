import secrets
from functools import partial

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.crm_customer_center.tools.checks import check_email, check_phone

from ..tools import form_extras
from ..tools import ticket_form as form_tools

THANKS = "crm_service_ticket_sent"


class TicketForm(http.Controller):
    """A ticket by whoever has a question, with or without a login.

    Nothing that was typed is lost by a mistake: the form comes back filled, with a
    sentence at each field, and the files that were right are kept for a day.
    """

    @http.route(
        ["/service/ticket/new", "/my/tickets/new"],
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET"],
    )
    def show(self, **kw):
        if not self._is_offered():
            raise request.not_found()
        types, devices = self._types(), self._devices()
        form = form_tools.read_form({}, {}, types=types, devices=devices)
        return self._page(form.values, {})

    @http.route(
        ["/service/ticket/new", "/my/tickets/new"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def send(self, **post):
        if not self._is_offered():
            raise request.not_found()
        form = form_tools.read_form(
            post, self._checks(), self._is_known(), self._types(), self._devices()
        )
        if form.is_robot:
            # it shall not learn that it was noticed
            return self._thank("", False)
        if message := self._refusal(form):
            # what is refused is not stored either
            return self._page(form.values, form.problems, self._kept(), [], message)
        files, file_problems = self._take_files()
        if form.problems or file_problems:
            return self._page(form.values, form.problems, files, file_problems)
        try:
            with request.env.cr.savepoint():
                ticket = self._create_ticket(form.values, files, post.get("form_key"))
        except UserError as error:
            return self._page(form.values, {}, files, [], str(error))
        return self._thank(ticket.number, bool(ticket.acknowledged_date))

    @http.route(
        "/service/ticket/thanks",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def thanks(self, **kw):
        """The number comes from the session: addresses could be counted through."""
        number, is_confirmed = request.session.get(THANKS) or ("", False)
        values = {
            "number": number,
            "is_confirmed": is_confirmed,
            "is_known": self._is_known(),
            "page_name": "ticket_new",
        }
        return request.render("crm_service_ticket.ticket_form_thanks", values)

    def _thank(self, number, is_confirmed):
        request.session[THANKS] = number, is_confirmed
        return request.redirect("/service/ticket/thanks")

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _is_known(self):
        return not request.env.user._is_public()

    def _is_offered(self):
        return self._is_known() or self._company().service_form_active

    def _company(self):
        # sudo: settings of the company the page belongs to
        return request.env.company.sudo()

    def _types(self):
        return request.env["crm.service.ticket"]._form_types(self._company())

    def _devices(self):
        """The devices of who is signed in."""
        if not self._is_known():
            return {}
        devices = request.env["crm.customer.equipment"]
        return devices._offered_to(request.env.user.partner_id, self._company())

    def _checks(self):
        country = self._company().country_id.code or "CN"
        return {
            "partner_email": check_email,
            "partner_phone": partial(check_phone, country=country),
        }

    # ------------------------------------------------------------
    # MAY HE
    # ------------------------------------------------------------

    def _refusal(self, form):
        """A sentence when the whole form is refused, or ''."""
        if self._is_too_often(form):
            return request.env._(
                "Too many tickets were sent from here within the hour. Your text is "
                "kept below; please try again later, or call us if it is urgent."
            )
        try:
            request.env["ir.http"]._verify_request_recaptcha_token("service_ticket")
        except UserError as error:
            return str(error)
        return ""

    def _is_too_often(self, form):
        company = self._company()
        senders = [
            (
                "address",
                request.httprequest.remote_addr,
                company.service_form_limit_address,
            )
        ]
        if not form.problems:
            senders += [
                ("contact", form.values[name], company.service_form_limit_contact)
                for name in ("partner_email", "partner_phone")
            ]
        # sudo: counters are nobody's to read
        counters = request.env["crm.service.form.counter"].sudo()
        return counters._is_too_often(senders, fields.Datetime.now())

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    def _take_files(self):
        """What was sent now and what was kept from the attempt before.

        :return: (pending attachments sudo, sentences about refused files)
        """
        tickets = request.env["crm.service.ticket"]
        limits = tickets._form_file_limits()
        kept = self._kept()
        uploads = [
            storage
            for storage in request.httprequest.files.getlist("attachments")
            if storage.filename
        ]
        room = limits._replace(count=limits.count - len(kept))
        looked_at = (
            form_tools.look_at(storage.filename, storage.stream, limits.size)
            for storage in uploads
        )
        problems = form_tools.file_problems(looked_at, room)
        sentences = [
            tickets._form_file_sentence(problem, storage.filename, limits)
            for storage, problem in zip(uploads, problems, strict=True)
            if problem
        ]
        good = [s for s, problem in zip(uploads, problems, strict=True) if not problem]
        return kept | self._keep(good), sentences

    def _kept(self):
        """The files kept from the attempt before, no more than a form may bring."""
        limits = request.env["crm.service.ticket"]._form_file_limits()
        return self._kept_files()[: limits.count]

    def _keep(self, storages):
        """Pending attachments, as Odoo's composer has them: deleted after a day when
        no message takes them."""
        # sudo: people outside have no attachments of their own
        return (
            request.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": form_tools.clean_text(storage.filename)[-120:],
                        "raw": storage.read(),
                        "res_model": "mail.compose.message",
                        "res_id": 0,
                    }
                    for storage in storages
                ]
            )
        )

    def _kept_files(self):
        """Pending attachments named by the form with the right to each."""
        attachments = request.env["ir.attachment"]
        kept = attachments.sudo()  # sudo: none yet
        for text in request.httprequest.form.getlist("kept")[:50]:
            number, _dash, token = text.partition("-")
            if not (text.isascii() and number.isdigit() and len(number) < 10):
                continue
            attachment = attachments.browse(int(number)).exists()
            if attachment and attachment._has_attachments_ownership([token]):
                kept |= attachment.sudo()  # sudo: its token was just looked at
        return kept.filtered(
            lambda a: a.res_model == "mail.compose.message" and not a.res_id
        )

    # ------------------------------------------------------------
    # TICKET AND PAGE
    # ------------------------------------------------------------

    def _create_ticket(self, values, files, form_key):
        user = request.env.user
        # sudo: the form is the right; who it is for is found out by the model
        tickets = request.env["crm.service.ticket"].sudo()
        return tickets._ticket_of_form(
            values,
            files,
            partner=user.partner_id if self._is_known() else None,
            company=self._company(),
            form_key=form_tools.clean_text(form_key)[:64],
        )

    def _page(self, values, problems, files=None, file_problems=(), message=""):
        tickets = request.env["crm.service.ticket"]
        if files is None:
            files = request.env["ir.attachment"]
        rendering = {
            "page_name": "ticket_new",
            "values": values,
            "sentences": {
                name: tickets._form_sentence(name, code, values.get(name, ""))
                for name, code in problems.items()
            },
            "file_sentences": file_problems,
            "kept": [(f.id, f._get_ownership_token(), f.name) for f in files],
            "file_hint": tickets._form_file_hint(),
            "message": message,
            "is_known": self._is_known(),
            "types": self._types(),
            "devices": self._devices(),
            "extra_name": form_extras.post_name,
            "honeypot": form_tools.HONEYPOT,
            "form_key": secrets.token_urlsafe(16),
        }
        response = request.render("crm_service_ticket.ticket_form", rendering)
        if message or problems or file_problems:
            response.status_code = 422
        return response
