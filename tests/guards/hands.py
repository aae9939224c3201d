"""Hands that touch what a screen shows, as the person who sits before it.

Everything is found in what Odoo would send to the browser: menus, actions, views, their
filters, groups, fields and buttons. A fault is what no screen may cause by itself: an
error that is no sentence for people, a refusal of what the screen offers, a record made
by looking.
"""

import copy
import datetime
from contextlib import contextmanager

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

FEW = 3
TEXTS = ("char", "text", "html")
DAYS = ("date", "datetime")
WORD = "zqzqzq"


class Hands:
    """Touch the screens of one person.

    :param case: the test, for ``undone``
    :param user: who sits there
    :param is_ours: ``(action) -> bool``, which actions are opened
    """

    def __init__(self, case, user, is_ours):
        self.case, self.user, self.is_ours = case, user, is_ours
        self.env = case.env(user=user, context={"lang": "en_US", "tz": "Asia/Shanghai"})
        self.faults: list[str] = []
        self.touched = {"action": 0, "view": 0, "filter": 0, "field": 0, "button": 0}

    # ------------------------------------------------------------
    # WHAT THERE IS
    # ------------------------------------------------------------

    def touch_all(self):
        for action in self.actions():
            self.touch_action(action)
        return self.faults

    def actions(self):
        """What the menus and the menus of lists and forms open, each once."""
        menus = self.env["ir.ui.menu"].load_menus(False)
        # sudo: actions are read as the browser reads them, by the system
        every = self.env["ir.actions.act_window"].sudo()
        opened = every.browse(
            menu["action_id"]
            for menu in menus.values()
            if menu.get("action_model") == every._name
        )
        allowed = self.env.user.all_group_ids
        bound = every.search([("binding_model_id", "!=", False)]).filtered(
            lambda one: not one.group_ids or one.group_ids & allowed
        )
        return (opened | bound).filtered(self.is_ours)

    @contextmanager
    def trying(self, what, *fine):
        """Note what goes wrong; errors of the kinds ``fine`` are answers.

        :raises: nothing
        """
        try:
            with self.case.undone():
                yield
                self.env.flush_all()
        except AccessError as error:
            self.note(what, error)
        except fine:
            pass
        except Exception as error:  # noqa: BLE001  whatever it is, it is met by people
            self.note(what, error)

    def note(self, what, error):
        words = " ".join(str(error).split())[:300]
        line = f"{what}: {type(error).__name__}: {words}"
        if line not in self.faults:
            self.faults.append(line)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def touch_action(self, action):
        self.touched["action"] += 1
        name = action.xml_id or action.name
        chosen = self.chosen(action)
        if chosen is None:
            return
        words = {**self.words(), **chosen}
        context = {**chosen, **safe_eval(action.context or "{}", {**words})}
        words["context"] = context
        domain = Domain(safe_eval(action.domain or "[]", words))
        model = self.env[action.res_model].with_context(**context)
        wanted = [tuple(view) for view in action.views]
        searched = (action.search_view_id.id or False, "search")
        got = {}
        with self.trying(f"{name}: views"):
            options = {"toolbar": True, "load_filters": True, "action_id": action.id}
            got = model.get_views([*wanted, searched], options)["views"]
        for view_id, kind in wanted:
            if kind in got:
                self.touched["view"] += 1
                tree = etree.fromstring(got[kind]["arch"])
                look = getattr(self, f"look_{kind}", None)
                if look:
                    look(f"{name}/{kind}", model, domain, tree, view_id)
        if "search" in got and not model._transient:
            tree = etree.fromstring(got["search"]["arch"])
            self.look_search(f"{name}/search", model, domain, tree)

    def chosen(self, action):
        """Two records that somebody has ticked, for an action of their model; None
        where there are none to tick."""
        if not action.binding_model_id:
            return {}
        model = self.env[action.binding_model_id.sudo().model]
        if model._abstract or not model.has_access("read"):
            return None
        ids = model.search([], limit=2, order="id desc").ids
        if not ids:
            return None
        return {"active_model": model._name, "active_ids": ids, "active_id": ids[0]}

    def words(self, context=None):
        """What an expression of a view may name."""
        today = datetime.date.today()
        return {
            "uid": self.env.uid,
            "context": context or {},
            "context_today": lambda: today,
            "current_date": today.isoformat(),
            "datetime": safe_datetime,
            "time": safe_time,
            "relativedelta": relativedelta,
            "allowed_company_ids": self.env.companies.ids,
            "current_company_id": self.env.company.id,
        }

    # ------------------------------------------------------------
    # VIEWS
    # ------------------------------------------------------------

    def look_list(self, what, model, domain, tree, _view_id):
        spec = self.spec(model, tree, tree.xpath("./field|./groupby/field"))
        with self.trying(what):
            model.web_search_read(domain, spec, limit=FEW)
        for group in filter(None, (tree.get("default_group_by") or "").split(",")):
            self.group(f"{what} by {group}", model, domain, group)

    def look_kanban(self, what, model, domain, tree, view_id):
        nodes = tree.xpath("//field[not(ancestor::field)]")
        spec = self.spec(model, tree, nodes)
        with self.trying(what):
            model.web_search_read(domain, spec, limit=FEW)
        if group := tree.get("default_group_by"):
            self.group(f"{what} by {group}", model, domain, group)

    def look_calendar(self, what, model, domain, tree, _view_id):
        with self.trying(what):
            model.web_search_read(domain, self.spec(model, tree, tree), limit=FEW)

    def look_activity(self, what, model, domain, tree, _view_id):
        with self.trying(what):
            self.env["mail.activity"].get_activity_data(
                model._name, list(domain), limit=FEW
            )

    def look_graph(self, what, model, domain, tree, _view_id):
        self.look_pivot(what, model, domain, tree, _view_id)

    def look_pivot(self, what, model, domain, tree, _view_id):
        groups, measures = [], ["__count"]
        for node in tree.xpath("./field"):
            name, field = node.get("name"), model._fields[node.get("name")]
            if node.get("type") == "measure":
                if field.aggregator:
                    measures.append(f"{name}:{field.aggregator}")
            elif not node.get("invisible"):
                groups.append(f"{name}:{node.get('interval') or 'month'}"
                              if field.type in DAYS else name)  # fmt: skip
        with self.trying(what):
            model.formatted_read_group(list(domain), groups, measures)

    def look_search(self, what, model, domain, tree):
        for node in tree.xpath("//filter"):
            self.touched["filter"] += 1
            name = f"{what} {node.get('name') or node.get('string')}"
            words = self.words()
            with self.trying(name):
                asked = domain & Domain(safe_eval(node.get("domain") or "[]", words))
                context = safe_eval(node.get("context") or "{}", words)
                model.with_context(**context).search_count(asked)
                if group := context.get("group_by"):
                    self.group(name, model, asked, group)
        for node in tree.xpath("/search/field"):
            self.touched["filter"] += 1
            self.type_into(f"{what} {node.get('name')}", model, domain, node)

    def type_into(self, what, model, domain, node):
        """Somebody types a word and presses Enter."""
        field = model._fields[node.get("name")]
        if node.get("invisible") or not (field.relational or field.type in TEXTS):
            return
        with self.trying(what):
            words = {**self.words(), "self": WORD, "raw_value": WORD}
            asked = Domain(field.name, node.get("operator") or "ilike", WORD)
            if node.get("operator") in ("child_of", "parent_of"):
                asked = Domain(field.name, "ilike", WORD)
            if node.get("filter_domain"):
                asked = Domain(safe_eval(node.get("filter_domain"), words))
            model.search_count(domain & asked)
        for panel in node.xpath("/search/searchpanel/field"):
            with self.trying(f"{what} panel {panel.get('name')}"):
                select = "range" if panel.get("select") != "multi" else "multi_range"
                getattr(model, f"search_panel_select_{select}")(
                    panel.get("name"), search_domain=list(domain), enable_counters=True
                )

    def group(self, what, model, domain, group):
        groups = [group] if isinstance(group, str) else list(group)
        kinds = [
            model._fields[name.split(":")[0].split(".")[0]].type for name in groups
        ]
        if "properties" in kinds:
            return  # there are as many groups as an administrator made properties
        groups = [
            f"{name}:month" if kind in DAYS and ":" not in name else name
            for name, kind in zip(groups, kinds, strict=True)
        ]
        with self.trying(f"{what}, grouped"):
            model.web_read_group(list(domain), groups, aggregates=["__count"])

    def spec(self, model, tree, nodes):
        """What the browser asks of each field: of links their names."""
        spec = {}
        for node in nodes:
            field = model._fields.get(node.get("name") or "")
            if field is None:
                continue
            spec[field.name] = (
                {"fields": {"display_name": {}}} if field.relational else {}
            )
        return spec

    # ------------------------------------------------------------
    # FORMS
    # ------------------------------------------------------------

    def look_form(self, what, model, domain, tree, view_id):
        may_create = tree.get("create") not in ("0", "false", "False")
        if model._transient or (may_create and model.has_access("create")):
            self.touch_form(f"{what} new", model.browse(), view_id)
        if not model._transient:
            found = model.browse()
            with self.trying(f"{what} first"):
                found = model.search(domain, limit=1, order="id desc")
            if found:
                may_edit = tree.get("edit") not in ("0", "false", "False")
                self.touch_form(f"{what} edit", found, view_id, may_edit)

    def touch_form(self, what, record, view_id, may_edit=True):
        form = self.open(what, record, view_id)
        if form is None:
            return
        # the browser closes it, or the form's own script
        is_closed = not may_edit or (
            record and form._values.get("may_be_changed") is False
        )
        loaded = copy.deepcopy(form._values)
        for name in () if is_closed else list(form._view["fields"]):
            self.change(f"{what} .{name}", form, name)
            # each field is changed in the form as it was opened
            object.__setattr__(form, "_values", copy.deepcopy(loaded))
        for button in form._view["tree"].xpath("//button[@type='object']"):
            if not button.xpath("ancestor::field"):
                self.press(f"{what} [{button.get('name')}]", form, button)

    def open(self, what, record, view_id):
        form = []
        with self.trying(what):
            before = self.count(record)
            form.append(Form(record, view_id or None))
            if self.count(record) != before:
                raise AssertionError("looking made a record")
        return form[0] if form else None

    def count(self, record):
        return 0 if record._transient else record.sudo().search_count([])

    def change(self, what, form, name):
        with self.trying(what, UserError):
            info = form._view["fields"][name]
            if self.is_closed(form, name):
                return
            for value in self.other_values(form, name, info):
                self.touched["field"] += 1
                form[name] = value

    def is_closed(self, form, name):
        return (
            name == "id"
            or not form._view["fields"][name].get("type")
            or form._get_modifier(name, "readonly")
            or form._get_modifier(name, "invisible")
        )

    def other_values(self, form, name, info):
        """Yield what a person might choose instead of what is there."""
        kind, value = info["type"], form._values[name]
        if kind in TEXTS:
            yield "zq" if value != "zq" else "qz"
        elif kind == "boolean":
            yield not value
        elif kind in ("integer", "float", "monetary"):
            yield (value or 0) + 1
        elif kind == "selection":
            yield from [key for key, _label in info["selection"] if key != value]
        elif kind == "date":
            yield "2026-03-05"
        elif kind == "datetime":
            yield "2026-03-05 10:00:00"
        elif kind == "many2one":
            yield from self.others(info, value)
            if not form._get_modifier(name, "required"):
                yield self.env[info["relation"]]

    def others(self, info, value):
        model = self.env[info["relation"]]
        if model.has_access("read"):
            yield from model.search([("id", "!=", value or 0)], limit=2)

    def press(self, what, form, button):
        """Press a button that is shown, and take back what it did."""
        record = form._record
        words = {"uid": record.env.uid, **form._get_eval_context()}
        hidden = [
            node.get("invisible")
            for node in button.xpath("ancestor-or-self::*[@invisible]")
        ]
        if any(safe_eval(one, {**words}) for one in hidden if one):
            return
        self.touched["button"] += 1
        with self.trying(what, UserError):
            if not record:
                record = self.saved(form)
            context = safe_eval(button.get("context") or "{}", {**words})
            answer = getattr(record.with_context(**context), button.get("name"))()
            self.follow(what, answer)

    def saved(self, form):
        """The browser saves first.

        :raises UserError: says what is missing
        """
        try:
            return form.save()
        except AssertionError as error:
            # how ``Form`` says what the browser marks red
            raise UserError(str(error)) from error

    def follow(self, what, answer):
        """Open what the button answered with."""
        if (
            not isinstance(answer, dict)
            or answer.get("type") != "ir.actions.act_window"
        ):
            return
        context = answer.get("context") or {}
        if isinstance(context, str):
            context = safe_eval(context, {**self.words(), "active_id": 0})
        model = self.env[answer["res_model"]].with_context(**context)
        views = answer.get("views") or [
            (False, kind) for kind in answer.get("view_mode", "list,form").split(",")
        ]
        model.get_views([tuple(view) for view in views], {"toolbar": True})
