from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..phases import PHASES
from .messages import file_message

RUNNING = tuple(PHASES)
# state -> those it may follow. From one to the next leads _enter() alone.
LIFE = {
    "draft": ("draft", "reading", "preview", "error"),
    "reading": ("draft", "preview", "error"),
    "preview": ("reading",),
    "error": ("reading",),
    "importing": ("preview",),
    "done": ("importing",),
    "undoing": ("done",),
    "undone": ("undoing",),
}
# what a person may set; everything else is the work of this model
INPUT_FIELDS = {
    "name",
    "data_file",
    "file_name",
    "sheet",
    "duplicate_policy",
    "default_user_id",
    "company_id",
    "column_ids",
    "shown_decision",
}
# inputs that change what was read or decided
READ_AGAIN = {"data_file", "sheet"}
PLAN_AGAIN = {"duplicate_policy", "default_user_id", "column_ids"}
SHOWN_ROWS = 40


class CrmCustomerImport(models.Model):
    """One list a person brings in: file, columns, rows with decisions, result.

    Life: draft → reading → preview → importing → done → undoing → undone; a file
    that cannot be read ends in error and may be replaced. Reading, importing and
    undoing work in batches; a batch and the marks of its rows are one transaction,
    so that a killed server goes on with the rows not marked yet.

    Everything is data, so that preview, decisions and undo work the same in the
    screen and over /json/2.
    """

    _name = "crm.customer.import"
    _link_gate = True
    _description = "Customer Import"
    _order = "id desc"

    # input
    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
    )
    data_file = fields.Binary(string="File", attachment=True)
    file_name = fields.Char()
    sheet = fields.Char(help="Sheet of the workbook that holds the list.")
    sheet_names = fields.Json(readonly=True)
    duplicate_policy = fields.Selection(
        [
            ("skip", "Leave the customer as it is"),
            ("update", "Update the customer from the list"),
            ("create", "Create a second customer"),
        ],
        string="Customer Exists Already",
        required=True,
        default="skip",
    )
    default_user_id = fields.Many2one(
        "res.users",
        string="Owner if None Given",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Owner of new customers whose row names none. Empty: no owner.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Whose access rights decide what the import may create and change.",
    )

    # state
    state = fields.Selection(
        [
            ("draft", "File"),
            ("reading", "Reading"),
            ("preview", "Preview"),
            ("importing", "Importing"),
            ("done", "Done"),
            ("undoing", "Undoing"),
            ("undone", "Undone"),
            ("error", "Not readable"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    error_code = fields.Char(readonly=True, copy=False)
    error_params = fields.Json(readonly=True, copy=False)
    error_message = fields.Char(
        compute="_compute_error_message", string="What Is Wrong"
    )
    header_row = fields.Integer(readonly=True, copy=False)
    header_labels = fields.Json(readonly=True, copy=False)
    signature = fields.Char(readonly=True, copy=False)
    is_staged = fields.Boolean(
        readonly=True, copy=False, help="All rows of the file are in the lines."
    )
    # transaction times of our own writes on partners: a partner whose last change
    # is none of them was changed by somebody since
    stamps = fields.Json(readonly=True, copy=False)
    # tags and sources this import had to create: model -> ids
    created_options = fields.Json(readonly=True, copy=False)
    date_done = fields.Datetime(string="Finished", readonly=True, copy=False)

    # columns and rows
    column_ids = fields.One2many("crm.customer.import.column", "import_id")
    line_ids = fields.One2many("crm.customer.import.line", "import_id")
    shown_decision = fields.Selection(
        "_selection_decision", string="Rows to Show", copy=False
    )
    shown_line_ids = fields.Many2many(
        "crm.customer.import.line",
        compute="_compute_shown_line_ids",
        string="Rows Shown",
    )

    # counts
    row_count = fields.Integer(compute="_compute_counts", string="Rows in File")
    create_count = fields.Integer(compute="_compute_counts", string="Created")
    update_count = fields.Integer(compute="_compute_counts", string="Updated")
    skip_count = fields.Integer(compute="_compute_counts", string="Skipped")
    refuse_count = fields.Integer(compute="_compute_counts", string="Refused")
    done_count = fields.Integer(compute="_compute_counts", string="Rows Done")
    kept_count = fields.Integer(compute="_compute_counts", string="Not Undone")
    progress = fields.Float(compute="_compute_progress", help="0 to 100.")
    progress_text = fields.Char(compute="_compute_progress")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.model
    def _selection_decision(self):
        line_field = self.env["crm.customer.import.line"]._fields["decision"]
        return line_field._description_selection(self.env)

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            stem = (record.file_name or "").rsplit(".", 1)[0]
            record.name = stem or record.name or self.env._("New import")

    @api.depends("error_code", "error_params")
    @api.depends_context("lang")
    def _compute_error_message(self):
        for record in self:
            record.error_message = record.error_code and file_message(
                self.env, record.error_code, record.error_params or {}
            )

    @api.depends("line_ids.decision", "line_ids.state")
    def _compute_counts(self):
        """All counters by one grouped query, however many rows."""
        groups = self.env["crm.customer.import.line"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "decision", "state"],
            ["__count"],
        )
        for record in self:
            own = [row[1:] for row in groups if row[0] == record._origin]
            for decision in ("create", "update", "skip", "refuse"):
                record[f"{decision}_count"] = sum(
                    count for key, _state, count in own if key == decision
                )
            record.row_count = sum(count for _key, _state, count in own)
            record.done_count = sum(c for _key, state, c in own if state != "pending")
            record.kept_count = sum(c for _key, state, c in own if state == "kept")

    @api.depends("state", "is_staged", "row_count", "done_count")
    @api.depends_context("lang")
    def _compute_progress(self):
        for record in self:
            done, total = record._progress_numbers()
            record.progress = 100.0 * done / total if total else 0.0
            record.progress_text = record._progress_sentence(done, total)

    def _progress_numbers(self) -> tuple[int, int]:
        """Rows handled in the present phase and rows in all (0: not known yet)."""
        Line = self.env["crm.customer.import.line"]
        if self.state in ("preview", "done", "undone"):
            return 1, 1
        if self.state == "importing":
            return self.done_count, self.row_count
        if self.state == "reading":
            if not self.is_staged:
                return self.row_count, 0
            planned = [("import_id", "=", self.id), ("is_planned", "=", True)]
            return Line.search_count(planned), self.row_count
        if self.state == "undoing":
            changed = [("import_id", "=", self.id)]
            changed.append(("decision", "in", ("create", "update")))
            left = [*changed, ("state", "=", "done")]
            total = Line.search_count(changed)
            return total - Line.search_count(left), total
        return 0, 0

    def _progress_sentence(self, done: int, total: int) -> str:
        if self.state == "reading" and not total:
            return self.env._("%(done)s rows read", done=f"{done:,}")
        if self.state in RUNNING:
            return self.env._(
                "%(done)s of %(total)s rows", done=f"{done:,}", total=f"{total:,}"
            )
        return ""

    @api.depends("shown_decision", "line_ids.decision", "line_ids.state")
    def _compute_shown_line_ids(self):
        for record in self:
            domain = [("import_id", "=", record._origin.id)]
            if record.shown_decision:
                domain.append(("decision", "=", record.shown_decision))
            record.shown_line_ids = self.env["crm.customer.import.line"].search(
                domain, limit=SHOWN_ROWS
            )

    @api.constrains("default_user_id", "user_id")
    def _check_default_user(self):
        for record in self.filtered("default_user_id"):
            allowed = record._assignable_user_ids()
            if allowed is not None and record.default_user_id.id not in allowed:
                raise ValidationError(
                    record.env._(
                        "You may not make %(name)s the owner of new customers. Choose "
                        "yourself or nobody.",
                        name=record.default_user_id.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_input_only(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_input_only(vals)
        if not self.env.su and (READ_AGAIN | PLAN_AGAIN) & vals.keys():
            self._check_not_busy()
        result = super().write(vals)
        if not self.env.su:
            self._follow_inputs(vals)
        return result

    def _check_input_only(self, vals):
        """State, rows and results are written by this model alone: undo trusts
        them with more than the caller's rights."""
        if not self.env.su and (forbidden := vals.keys() - INPUT_FIELDS):
            raise AccessError(
                self.env._(
                    "These values are set by the import itself: %(names)s.",
                    names=", ".join(sorted(forbidden)),
                )
            )

    def _check_not_busy(self):
        """Inputs are fixed once rows are being imported."""
        for record in self:
            if record.state not in LIFE["reading"]:
                raise UserError(
                    record.env._(
                        "“%(name)s” is imported already or being worked on. Start "
                        "a new import to change file, columns or choices.",
                        name=record.name,
                    )
                )

    def _follow_inputs(self, vals):
        """Read or decide again when an input of a shown preview changed."""
        for record in self:
            if READ_AGAIN & vals.keys() and record.state != "draft":
                record._back_to_draft()
                if "sheet" not in vals:
                    # sudo: the sheets are those of the former file
                    record.sudo().write({"sheet": False, "sheet_names": False})
                if record.data_file and "sheet" in vals:
                    record.action_preview()
            elif PLAN_AGAIN & vals.keys() and record.state == "preview":
                record._plan_again()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if busy := self.filtered(lambda record: record.state in RUNNING):
            raise UserError(
                self.env._(
                    "“%(name)s” is being worked on. Wait until it has finished.",
                    name=busy[0].name,
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_preview(self):
        """Read the file and decide for every row; nothing is created yet.

        Ends in state preview, or error with ``error_message``. A long list is
        read in the background: then the state is reading, see get_progress().

        :raises UserError: no file, or already imported
        """
        self.ensure_one()
        self._begin(LIFE["reading"])
        if not self.data_file:
            raise UserError(self.env._("Choose the file with your list first."))
        # sudo: rows and state are written by the model only; _begin asked for the right
        self.sudo()._start("reading", error_code=False, error_params=False)
        return True

    def action_import(self):
        """Create and update the customers as the preview shows.

        Works with the rights of the user who calls it. A long list is imported
        in the background, see get_progress().

        :raises UserError: not in state preview, or no row to create or update
        """
        self.ensure_one()
        self._begin(LIFE["importing"])
        if not self.create_count + self.update_count:
            raise UserError(
                self.env._("No row of this list is to be created or updated.")
            )
        # sudo: state is written by the model only, _begin asked for the right; user_id
        # is the caller, whose rights every write on customers will use
        record = self.sudo()
        record.write({"user_id": self.env.uid})
        record._start("importing")
        return True

    def action_undo(self):
        """Take the whole import back.

        Created customers are removed unless changed or used since, updated values
        return unless changed since; what stays is listed with the reason.

        :raises UserError: not in state done
        """
        self.ensure_one()
        self._begin(LIFE["undoing"])
        # sudo: as in action_import; values return with the caller's rights
        record = self.sudo()
        record.write({"user_id": self.env.uid})
        record._start("undoing")
        return True

    def action_cancel(self):
        """Forget the preview and go back to the file; nothing was created yet.

        :raises UserError: rows were imported already
        """
        for record in self:
            record._begin(LIFE["draft"])
            record._back_to_draft()
        return True

    @api.readonly
    def get_progress(self) -> dict:
        """Return state, percent (0-100, 0 when unknown) and a sentence, cheaply.

        For screens and clients that wait for a background phase.
        """
        self.ensure_one()
        return {
            "state": self.state,
            "percent": round(self.progress, 1),
            "known": bool(self.is_staged or self.state != "reading"),
            "text": self.progress_text,
        }

    def action_open_lines(self):
        """Open the rows, all or those of the decision in context shown_decision."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_import.action_customer_import_line"
        )
        decision = self.env.context.get("shown_decision")
        action["domain"] = [("import_id", "=", self.id)]
        action["context"] = {f"search_default_{decision}": 1} if decision else {}
        action["display_name"] = self.env._("Rows of %(name)s", name=self.name)
        return action

    def action_open_customers(self):
        """Open the customers this import created or updated."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_center.action_customer"
        )
        action["domain"] = [
            ("customer_import_line_ids", "any", [
                ("import_id", "=", self.id),
                ("decision", "in", ("create", "update")),
                ("state", "in", ("done", "kept")),
            ])
        ]  # fmt: skip
        action["context"] = {}
        action["display_name"] = self.env._("Customers of %(name)s", name=self.name)
        return action
