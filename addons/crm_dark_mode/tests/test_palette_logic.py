import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

PALETTE = Path(__file__).parents[1] / "static/src/scss/palette.dark.scss"
COLOUR = re.compile(r"^\$([\w-]+): (#[0-9a-f]{6});", re.MULTILINE)
WORDS = re.compile(r'"(\w+)": (#[0-9a-f]{6}),')


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@tagged("post_install", "-at_install")
class TestPalette(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = PALETTE.read_text(encoding="utf-8")
        cls.colours = dict(COLOUR.findall(cls.text))

    def test_contrast_is_counted_as_wcag_does(self):
        self.assertAlmostEqual(contrast("#000000", "#ffffff"), 21)
        self.assertAlmostEqual(contrast("#777777", "#ffffff"), 4.48, 2)

    def test_text_reads_on_every_ground_it_stands_on(self):
        """WCAG 2.1 AAA, 7 : 1, for text and headings; AA, 4.5 : 1, for links and
        quiet text."""
        grounds = ("white", "gray-100", "gray-200")
        for ground in (*grounds, "webclient-background-color"):
            surface = self.colours[f"o-{ground}"]
            for name, least in (
                ("o-gray-900", 7),
                ("o-main-headings-color", 7),
                ("o-main-link-color", 4.5),
                ("o-gray-700", 4.5),
            ):
                with self.subTest(ground=ground, text=name):
                    self.assertGreaterEqual(
                        contrast(self.colours[name], surface), least
                    )

    def test_words_in_a_colour_that_means_something_read_as_well(self):
        words = WORDS.findall(self.text)
        self.assertGreater(len(words), 3)
        for name, colour in words:
            with self.subTest(name):
                ground = self.colours["o-white"]
                self.assertGreaterEqual(contrast(colour, ground), 4.5)

    def test_white_letters_read_on_the_main_button_and_the_bar_above(self):
        """Bold letters of a button: 3 : 1, the ratio Odoo itself asks for."""
        for name, least in (("o-community-color", 3), ("o-navbar-background", 7)):
            with self.subTest(name):
                ratio = contrast("#ffffff", self.colours[name])
                self.assertGreaterEqual(ratio, least)

    def test_surfaces_are_told_apart_from_the_page_behind_them(self):
        behind = self.colours["o-webclient-background-color"]
        self.assertGreater(contrast(self.colours["o-white"], behind), 1.1)
