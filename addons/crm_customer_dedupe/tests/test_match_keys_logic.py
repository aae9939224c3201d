"""Keys by which pairs are found, and what the parts of a name are."""

from odoo.tests import BaseCase

from odoo.addons.crm_customer_center.tools.company_name import company_name
from odoo.addons.crm_customer_center.tools.likeness import (
    Profile,
    compare,
    likeness_of_companies,
)
from odoo.addons.crm_customer_center.tools.match_keys import match_keys
from odoo.addons.crm_customer_center.tools.person_name import (
    likeness_of_people,
    person_name,
)
from odoo.addons.crm_customer_center.tools.places import split_place
from odoo.addons.crm_customer_center.tools.trades import split_trade


def kinds(**values):
    """Return the kinds of a customer's keys."""
    return {key[0] for key in match_keys(Profile(**values))}


class TestMatchKeys(BaseCase):
    def test_a_person_is_found_by_a_long_name_only(self):
        """There are too many 王伟 for the name to say anything."""
        self.assertEqual(kinds(name="王伟", person=True), set())
        long = match_keys(Profile(name="欧阳子轩", person=True))
        self.assertEqual(long, {"n欧阳子轩"})

    def test_how_a_name_is_read_counts_from_four_characters_on(self):
        self.assertIn("s", kinds(name="恒策传感"))
        self.assertIn("f", kinds(name="恒策传感"))
        self.assertNotIn("s", kinds(name="恒策传"))
        begin = [match_keys(Profile(name=f"恒策传感{end}")) for end in "器仪"]
        self.assertIn("s", {key[0] for key in begin[0] & begin[1]})
        [key] = [k for k in match_keys(Profile(name="章泽传感")) if k[0] == "f"]
        self.assertIn(key, match_keys(Profile(name="张泽传赶")))

    def test_consonants_of_a_latin_name(self):
        [key] = [k for k in match_keys(Profile(name="Nagoya Seimitsu")) if k[0] == "k"]
        self.assertEqual(key, "kgmnst")
        self.assertNotIn("k", kinds(name="Ayo Go"))

    def test_the_family_name_of_two_characters(self):
        self.assertEqual(person_name("欧阳倩"), ("欧阳", "倩", ()))
        self.assertEqual(person_name("欧阳"), ("欧", "阳", ()))

    def test_latin_names_with_one_slip(self):
        one, other = person_name("Emily Carter"), person_name("Emily Cartre")
        self.assertEqual(likeness_of_people(one, other), 86)
        far = person_name("Emil Cartons")
        self.assertEqual(likeness_of_people(one, far), 0)

    def test_two_people_whichever_comes_first(self):
        """# C4: a long name of before counts, of whichever of the two it is."""
        former = ("上海恒策信息技术有限公司",)
        one = Profile(name="宏达建材经营部", person=True, former=former)
        other = Profile(name="恒策", person=True, former=former)
        self.assertEqual(compare(one, other), compare(other, one))

    def test_a_place_leaves_a_name(self):
        self.assertEqual(split_place("上海浦东恒策"), (("上海", "浦东"), "恒策"))
        self.assertEqual(split_place("上海"), ((), "上海"))
        self.assertEqual(split_place("上海恒"), ((), "上海恒"))

    def test_a_brand_is_before_the_trade(self):
        self.assertEqual(split_trade("恒策信息技术"), ("恒策", "信息技术"))
        self.assertEqual(split_trade("恒策机械贸易"), ("恒策", "机械贸易"))
        self.assertEqual(split_trade("恒策"), ("恒策", ""))

    def test_how_like_two_names_are(self):
        for one, other, likeness in (
            ("Nagoya Seimitsu Kiki", "Nagoya Seimitsu Kiki Hokkaido", 60),
            ("Nagoya", "Nagoya Hokkaido", 40),
            ("恒策仪表", "恒策仪表贸易", 88),
            ("恒策", "恒策电子", 80),
            ("恒策信息", "Hengcee Information", 76),
        ):
            names = company_name(one), company_name(other)
            self.assertEqual(likeness_of_companies(*names), likeness, (one, other))
