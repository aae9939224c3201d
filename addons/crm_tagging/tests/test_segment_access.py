import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .segment_common import SegmentCommon

# who may see (R), change (W) and delete (D) which segment, and make one such (C)
TABLE = """
kind           rep  colleague  sharer  manager  portal
own            RWD  RWD        RWD     RWD      -
rep's          RWD  -          -       RWD      -
shared         R    R          R       RWD      -
sharer's-role  -    -          R       RWD      -
elsewhere      -    -          -       -        -
"""


@tagged("post_install", "-at_install")
class TestSegmentAccess(SegmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.env["res.users"].create(
            {
                "login": "segment_portal",
                "name": "Portal",
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )
        role = cls.env.ref("crm_tagging.group_segment_sharer")
        other = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.kinds = {
            "rep's": cls.make_segment(("any", cls.vip), user_id=cls.rep.id),
            "shared": cls.make_segment(("any", cls.vip), sharing="everybody"),
            "sharer's-role": cls.make_segment(
                ("any", cls.vip), sharing="groups", group_ids=[(6, 0, role.ids)]
            ),
            "elsewhere": cls.make_segment(
                ("any", cls.vip), sharing="everybody", company_id=other.id
            ),
        }

    def test_the_table_of_roles(self):
        """# T2 # G1"""
        header, *lines = TABLE.strip().splitlines()
        roles = header.split()[1:]
        found = {}
        expected = {}
        for line in lines:
            kind, *cells = line.split()
            for role, letters in zip(roles, cells, strict=True):
                user = getattr(self, role)
                segment = self.kinds.get(kind) or self.make_segment(
                    ("any", self.vip), user_id=user.id
                )
                expected[kind, role] = letters.strip("-")
                found[kind, role] = self.letters(segment, user)
        self.assertEqual(found, expected)

    def letters(self, segment, user):
        return "".join(
            letter
            for letter, operation in (
                ("R", lambda s: s.read(["name", "sentence"])),
                ("W", lambda s: s.write({"name": "Changed"})),
                ("D", lambda s: s.unlink()),
            )
            if self.is_allowed(operation, segment.with_user(user))
        )

    def is_allowed(self, operation, segment):
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint()
        try:
            operation(segment)
            self.env.flush_all()
        except AccessError:
            return False
        finally:
            savepoint.rollback()
            self.env.invalidate_all()
        return True

    def test_a_segment_one_may_not_see_has_no_members(self):
        """# T2 # G1: a guessed id tells nothing."""
        secret = self.kinds["rep's"]
        self.assertFalse(self.members(secret, user=self.colleague))
        self.assertEqual(self.members(secret, user=self.manager), self.a | self.b)
        with self.as_user(self.colleague) as env:
            partner = env["res.partner"].browse(self.a.id)
            self.assertNotIn(secret.id, partner.segment_ids.ids)
            self.assertFalse(
                env["crm.segment"].name_search("Test Segment", [("id", "=", secret.id)])
            )

    def test_everybody_counts_only_what_he_may_read(self):
        """# T2 # G1: member count, preview and list."""
        shared = self.kinds["shared"]
        for user, expected in ((self.rep, self.a), (self.manager, self.a | self.b)):
            with self.subTest(user=user.login), self.as_user(user) as env:
                segment = env["crm.segment"].browse(shared.id)
                self.assertEqual(segment.member_count, len(expected))
                preview = env["crm.segment"].preview(
                    self.expression(("any", self.vip)),
                    [("ref", "=", "segment-test")],
                )
                self.assertEqual(preview["total"], len(expected))
                self.assertEqual(preview["tags"][str(self.vip.id)], len(expected))
                self.assertEqual(self.members(shared, user=user), expected)

    def test_members_are_found_with_the_rights_of_the_owner(self):
        """# G1: a rep's segment does not remember what the rep may not see."""
        self.assertEqual(self.kept(self.kinds["rep's"]), self.a)
        self.assertEqual(self.kept(self.kinds["shared"]), self.a | self.b)

    def test_the_kept_members_are_nobodys_to_read(self):
        """# G1: neither read nor searched nor exported, whoever asks."""
        for user in (self.rep, self.manager):
            segment = self.kinds["shared"].with_user(user)
            with self.assertRaises(AccessError):
                segment.read(["member_ids"])
            with self.assertRaises(AccessError):
                segment.search([("member_ids", "in", self.b.ids)])

    def test_neither_a_default_shares_nor_is_a_segment_given_away(self):
        """# T2 A4 A5: its members are found with the rights of its owner."""
        own = self.make_segment(("any", self.vip), user=self.rep).with_user(self.rep)
        Segment = own.browse().with_context(default_sharing="everybody")
        with self.refused(AccessError, "share"):
            Segment.create({"name": "By default", "expression": own.expression})
        with self.assertRaises(AccessError):
            own.user_id = self.env.ref("base.user_admin")

    def test_only_sharers_share(self):
        """# T2"""
        for user in (self.rep, self.colleague):
            with self.refused(AccessError, "share"):
                self.make_segment(("any", self.vip), user=user, sharing="everybody")
            own = self.make_segment(("any", self.vip), user=user)
            with self.refused(AccessError, "share"):
                own.with_user(user).sharing = "everybody"
        shared = self.make_segment(
            ("any", self.vip), user=self.sharer, sharing="everybody"
        )
        self.assertEqual(shared.user_id, self.sharer)
        with self.refused(UserError, "roles"):
            shared.sharing = "groups"

    def test_a_condition_on_a_field_one_may_not_read_is_refused(self):
        """# G1: counting by a secret field would tell the secret."""
        self.env["res.partner"]._fields["barcode"]
        self.patch(
            self.env["res.partner"]._fields["ref"], "groups", "base.group_system"
        )
        with self.assertRaisesRegex(ValidationError, "may not read"):
            self.make_segment(user=self.rep, domain="[('ref', '=', 'segment-test')]")
        with self.as_user(self.rep) as env, self.assertRaises(AccessError):
            env["crm.segment"].preview(False, "[('ref', '=', 'segment-test')]")

    def test_the_menu_shows_own_ones_first(self):
        self.env["crm.segment"].search(
            [("id", "not in", [s.id for s in self.kinds.values()])]
        ).active = False
        with self.as_user(self.rep) as env:
            menu = env["crm.segment"].get_search_menu()
        self.assertEqual(
            [(item["id"], item["own"]) for item in menu["segments"]],
            [(self.kinds["rep's"].id, True), (self.kinds["shared"].id, False)],
        )
        self.assertFalse(menu["more"])


@tagged("post_install", "-at_install")
class TestSegmentRpc(SegmentCommon, HttpCase):
    def rpc(self, method, *args):
        self.authenticate("segment_sharer", "segment_sharer")
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "params": {
                        "model": "crm.segment",
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    @mute_logger("odoo.http")
    def test_wrong_json_gets_a_sentence(self):
        """# T2: every kind of nonsense is a validation error, not a crash."""
        for expression in ([], 5, "x", {"match": 1, "blocks": 2}, {"a": {}}, [[[]]]):
            with self.subTest(expression=expression):
                answer = self.rpc("preview", expression)
                if expression:
                    error = answer["error"]["data"]
                    self.assertEqual(error["name"], "odoo.exceptions.ValidationError")
                    self.assertIn("cannot be read", error["message"])
                else:
                    self.assertIn("total", answer["result"])
        answer = self.rpc("preview", False, "[('nothing', '=', 1)]")
        self.assertIn("nothing", answer["error"]["data"]["message"])

    def test_the_editor_gets_all_in_one_call(self):
        """# T2"""
        answer = self.rpc(
            "preview",
            self.expression(("any", self.vip), ("none", self.lost)),
            [("ref", "=", "segment-test")],
            [0, 0],
        )["result"]
        self.assertEqual(answer["total"], 2)
        # beside the choices of the first row: what each would find in its place
        self.assertEqual(
            answer["tags"],
            {
                str(self.vip.id): 2,
                str(self.plain.id): 1,
                str(self.fair.id): 2,
                str(self.web.id): 1,
            },
        )
        self.assertEqual(answer["sentence"], "with “Seg Vip”, and without “Seg Lost”")
