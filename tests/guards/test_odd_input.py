"""# B6: odd bytes, wrong types and huge numbers get a message, never a traceback."""

import inspect
import threading
import traceback

from planted import method_for_clients, silence
from werkzeug.exceptions import HTTPException

from odoo.exceptions import UserError
from odoo.http import SessionExpiredException
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon
from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours

ODD = (
    None,
    -1,
    2**63,
    "",
    "\x00",
    "\ud800",
    "\u202e\u2028=cmd|' /C calc'!A0",
    [],
    ["x", 0, None],
    {},
    {"x": None},
    "0000-00-00",
    "9" * 400,
)
PATHS = ("0", "99999999999999999999", "%00", "%ED%A0%80", "..%2f", "a%0d%0ab", "-1")
PARAMETERS = (
    *("access_token", "page", "id", "sortby", "score"),
    *("name", "phone", "email", "company"),
)
# what a client may be told: by us, or by Odoo about the shape of a call
TOLD = (UserError, HTTPException, SessionExpiredException)


def ours(function):
    """Whether a function is written in the suite."""
    module = getattr(inspect.unwrap(function), "__module__", "") or ""
    return module.startswith("odoo.addons.") and _is_ours(module.split(".")[2])


def added_by_us(model, name):
    """Whether no class of Odoo's has the method: its shape is ours alone."""
    return all(
        ours(vars(cls)[name])
        for cls in model.mro()
        if callable(vars(cls).get(name)) and cls.__module__ != "odoo.orm.model_classes"
    )


def raised_in_ours(error):
    """Whether the last frame of ours, if it called nothing but Odoo, is to blame."""
    frames = traceback.extract_tb(error.__traceback__)
    return any("/addons/crm_" in frame.filename for frame in frames)


@tagged("post_install", "-at_install")
class TestOddCalls(CustomerCommon):
    """Every public method that the suite adds."""

    def methods(self):
        for name in sorted(self.env.registry):
            model = type(self.env[name])
            for method_name in sorted(dir(model)):
                if method_name.startswith("_") or hasattr(
                    type(self.env["base"]), method_name
                ):
                    continue
                function = getattr(model, method_name)
                if (
                    callable(function)
                    and ours(function)
                    and added_by_us(model, method_name)
                    and method_for_clients(self.env[name], method_name)
                ):
                    yield name, method_name, function

    def test_no_method_breaks(self):
        wrong, asked = [], 0
        for model, name, function in self.methods():
            parameters = list(inspect.signature(function).parameters.values())[1:]
            if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
                continue
            wanted = [p for p in parameters if p.default is p.empty]
            count = max(len(wanted), min(len(parameters), 1))
            for odd in ODD if count else (None,):
                asked += 1
                problem = self.call(model, name, function, [odd] * count)
                if problem:
                    wrong.append(f"{model}.{name}({[odd] * count!r}): {problem}")
        self.assertGreater(asked, 200)
        self.assertFalse(wrong, "\n".join(wrong))

    def call(self, model, name, function, args):
        spy = self.env[model].with_user(self.crm_admin)
        if not getattr(function, "_api_model", False):
            ids = [] if spy._abstract else spy.sudo().search([], limit=1).ids
            args = [ids, *args]
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            with silence():
                call_kw(spy, name, args, {})
        except TOLD:
            return None
        except Exception as error:  # noqa: BLE001
            if "Expected singleton" in str(error) or not raised_in_ours(error):
                return None
            return f"{type(error).__name__}: {error}"[:160]
        finally:
            savepoint.close(rollback=True)
            self.env.transaction.clear()
            self.env.cr.precommit.clear()
            self.env.cr.postcommit.clear()
        return None


@tagged("post_install", "-at_install")
class TestOddAddresses(HttpCase, CustomerCommon):
    """Every route of the suite, with odd parts and odd parameters."""

    def routes(self):
        for rule in self.env["ir.http"].routing_map().iter_rules():
            endpoint = getattr(rule.endpoint, "func", rule.endpoint)
            if ours(endpoint):
                yield rule

    def test_no_address_breaks(self):
        wrong, asked = [], 0
        threading.current_thread().dbname = self.cr.dbname
        for login in (None, self.crm_admin.login):
            self.authenticate(login, login and f"{login}".ljust(8, "x"))
            for rule in self.routes():
                for address in self.addresses(rule):
                    for method in sorted((rule.methods or {"GET"}) & {"GET", "POST"}):
                        asked += 1
                        status = self.ask(address, method)
                        if status >= 500:
                            wrong.append(f"{method} {address}: {status}")
        self.assertGreater(asked, 20)
        self.assertFalse(wrong, "\n".join(wrong))

    def addresses(self, rule):
        parts = rule.rule.split("<")
        for odd in PATHS:
            yield parts[0] + "".join(odd + part.split(">", 1)[1] for part in parts[1:])
            if len(parts) == 1:
                break
        fixed = parts[0] + "".join("1" + part.split(">", 1)[1] for part in parts[1:])
        for odd in PATHS:
            yield f"{fixed}?{'&'.join(f'{name}={odd}' for name in PARAMETERS)}"

    def ask(self, address, method):
        with silence():
            answer = self.url_open(
                address,
                data={"name": "\x00", "email": "\x00@x", "score": "9" * 30}
                if method == "POST"
                else None,
                timeout=30,
                allow_redirects=False,
            )
        return answer.status_code
