from collections.abc import Callable
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped

ADMINISTRATOR = "crm_customer_center.group_crm_admin"
SEEN, SKIPPED = "seen", "skipped"


class SetupStep(NamedTuple):
    """A step of the list for who sets up the house.

    ``key`` names it for good; ``title``, ``why`` (one sentence) and ``button`` are
    translated; ``icon`` is a Font Awesome class. ``action`` is the xmlid of the place
    where it is done, ``model`` what is written there: who may not write it has no such
    step. ``done`` tells by the data whether it is; without it, or when that is not
    enough to know, ``by_look`` says that having been there is enough.
    """

    key: str
    title: str
    why: str
    button: str
    icon: str
    action: str
    model: str
    done: Callable[[], bool] | None = None
    sequence: int = 50
    by_look: bool = False


class CrmSetup(models.AbstractModel):
    """What an administrator sees to before people begin, and how far that is.

    A module adds its steps by appending to ``_setup_steps()``; the screen shows what
    the server says.
    """

    _name = "crm.setup"
    _description = "Set Up"

    # ------------------------------------------------------------
    # REGISTRY
    # ------------------------------------------------------------

    @api.model
    def _setup_steps(self) -> list[SetupStep]:
        """The steps, for the current company; extend through ``super()``."""
        return [
            *self._house_steps(),
            *self._customer_steps(),
            *self._lifecycle_steps(),
        ]

    @api.model
    def _house_steps(self) -> list[SetupStep]:
        return [
            SetupStep(
                key="company",
                title=self.env._("Country and phone of your company"),
                why=self.env._(
                    "Phone numbers without a country code are read as those of this "
                    "country, and documents for customers carry the phone."
                ),
                button=self.env._("Open companies"),
                icon="fa-building-o",
                action="base.action_res_company_form",
                model="res.company",
                done=self._is_company_described,
                sequence=10,
            ),
            SetupStep(
                key="people",
                title=self.env._("Accounts and roles of your people"),
                why=self.env._(
                    "The role decides which customers somebody sees; an owner in a "
                    "list you import is found by the name of the account."
                ),
                button=self.env._("Open users"),
                icon="fa-users",
                action="base.action_res_users",
                model="res.users",
                done=self._have_people_roles,
                sequence=20,
            ),
            SetupStep(
                key="teams",
                title=self.env._("Sales teams with members"),
                why=self.env._(
                    "A team manager sees the customers of the members; leads are "
                    "shared out in teams."
                ),
                button=self.env._("Open sales teams"),
                icon="fa-sitemap",
                action="sales_team.crm_team_action_config",
                model="crm.team",
                done=self._have_teams_members,
                sequence=30,
            ),
        ]

    @api.model
    def _customer_steps(self) -> list[SetupStep]:
        return [
            SetupStep(
                key="regions",
                title=self.env._("Regions"),
                why=self.env._(
                    "A region gathers provinces or countries, so that customers, "
                    "leads and figures can be divided by it."
                ),
                button=self.env._("Look at the regions"),
                icon="fa-map-o",
                action="crm_customer_center.action_customer_region",
                model="crm.customer.region",
                done=lambda: self._is_edited("crm.customer.region"),
                sequence=40,
                by_look=True,
            ),
            SetupStep(
                key="levels",
                title=self.env._("Levels of customers"),
                why=self.env._(
                    "Who is worth most gets the most care: name the levels as your "
                    "house does."
                ),
                button=self.env._("Look at the levels"),
                icon="fa-signal",
                action="crm_customer_center.action_customer_level",
                model="crm.customer.level",
                done=lambda: self._is_edited("crm.customer.level"),
                sequence=50,
                by_look=True,
            ),
        ]

    @api.model
    def _lifecycle_steps(self) -> list[SetupStep]:
        return [
            SetupStep(
                key="lifecycle",
                title=self.env._("Days of the lifecycle"),
                why=self.env._(
                    "After how many days without business a customer sleeps or is "
                    "lost differs from trade to trade."
                ),
                button=self.env._("Look at the rules"),
                icon="fa-refresh",
                action="crm_customer_center.action_lifecycle_rule",
                model="crm.lifecycle.rule",
                done=lambda: self._is_edited("crm.lifecycle.rule"),
                sequence=60,
                by_look=True,
            ),
            SetupStep(
                key="numbering",
                title=self.env._("Numbers of customers"),
                why=self.env._(
                    "Every customer gets a number; it can begin and look as in the "
                    "system you come from."
                ),
                button=self.env._("Look at the numbering"),
                icon="fa-hashtag",
                action="crm_customer_center.action_customer_numbering",
                model="ir.sequence",
                done=lambda: self._is_edited(
                    "ir.sequence", [("code", "=", "res.partner.customer")]
                ),
                sequence=70,
                by_look=True,
            ),
        ]

    # ------------------------------------------------------------
    # THE LIST
    # ------------------------------------------------------------

    @api.model
    def get_setup(self) -> dict:
        """The steps the user can take, in order.

        :return: ``{steps: [{key, title, why, button, icon, state}], settled, total}``;
            ``state`` is ``done``, ``skipped`` (somebody said that it is not needed) or
            ``open``; ``settled`` counts those that are not open
        :raises AccessError: for who is no administrator
        """
        self._check_administrator()
        steps = [
            {
                "key": step.key,
                "title": step.title,
                "why": step.why,
                "button": step.button,
                "icon": step.icon,
                "state": self._state_of(step),
            }
            for step in self._own_steps()
        ]
        settled = sum(step["state"] != "open" for step in steps)
        return {"steps": steps, "settled": settled, "total": len(steps)}

    @api.model
    def _is_set_up(self) -> bool:
        """Whether the current administrator has nothing left to see to."""
        return all(self._state_of(step) != "open" for step in self._own_steps())

    @api.model
    @shaped
    def open_step(self, key: str) -> dict:
        """Go to the place where a step is done; those to be looked at are, by that.

        :return: an action
        :raises UserError: when the user has no such step
        """
        step = self._step(key)
        if step.by_look:
            self._mark(SEEN, key, True)
        return self.env["ir.actions.actions"]._for_xml_id(step.action)

    @api.model
    @shaped
    def skip_step(self, key: str, skipped: bool) -> dict:
        """Say that a step is not needed here, or that it is after all.

        :return: the list as ``get_setup`` returns it
        :raises UserError: when the user has no such step
        """
        self._step(key)
        self._mark(SKIPPED, key, skipped)
        return self.get_setup()

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _check_administrator(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Setting up is for administrators."))

    def _own_steps(self) -> list[SetupStep]:
        """Those whose place the user may write in."""
        return [
            step
            for step in sorted(self._setup_steps(), key=lambda s: s.sequence)
            if self.env[step.model].has_access("write")
        ]

    def _step(self, key: str) -> SetupStep:
        self._check_administrator()
        for step in self._own_steps():
            if step.key == key:
                return step
        raise UserError(self.env._("There is no such step."))

    def _state_of(self, step: SetupStep) -> str:
        marks = self._marks()
        if step.key in marks[SKIPPED]:
            return "skipped"
        seen = step.by_look and step.key in marks[SEEN]
        return "done" if seen or (step.done and step.done()) else "open"

    def _marks(self) -> dict[str, list[str]]:
        marks = self.env.company.crm_setup_marks or {}
        return {kind: marks.get(kind, []) for kind in (SEEN, SKIPPED)}

    def _mark(self, kind: str, key: str, holds: bool):
        marks = self._marks()
        if holds != (key in marks[kind]):
            changed = set(marks[kind]) ^ {key}
            # sudo: an administrator's word on a step; companies are not his to write
            self.env.company.sudo().crm_setup_marks = {**marks, kind: sorted(changed)}

    # ------------------------------------------------------------
    # WHAT IS DONE
    # ------------------------------------------------------------

    @api.model
    def _is_any(self, model: str, domain) -> bool:
        return bool(self.env[model].search_count(domain, limit=1))

    @api.model
    def _is_edited(self, model: str, domain=()) -> bool:
        """Whether somebody has made or changed one; the system's came along."""
        return self._is_any(model, [*domain, ("write_uid", "!=", SUPERUSER_ID)])

    def _is_company_described(self) -> bool:
        company = self.env.company
        return bool(company.country_id and company.phone)

    def _have_people_roles(self) -> bool:
        roles = (
            self.env.ref("crm_customer_center.group_sales_rep")
            | self.env.ref("crm_customer_center.group_service_agent")
            | self.env.ref("crm_customer_center.group_marketing")
        )
        here = Domain("company_ids", "in", self.env.company.ids)
        users = self.env["res.users"]
        people = users.search(here & Domain("all_group_ids", "in", roles.ids))
        administrators = self.env.ref(ADMINISTRATOR).ids
        return bool(people - users.search([("all_group_ids", "in", administrators)]))

    def _have_teams_members(self) -> bool:
        return self._is_any(
            "crm.team",
            [
                ("company_id", "in", (False, self.env.company.id)),
                ("crm_team_member_ids", "!=", False),
            ],
        )
