from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_sales_process.tools.accuracy import (
    Band,
    Forecast,
    adoptable,
    brier,
    interval,
    is_far_off,
    reliability,
)

FORECASTS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(1, 50), st.integers(0, 50)).map(
        lambda t: Forecast(t[0], t[1], min(t[1], t[2]))
    ),
    min_size=1,
    max_size=20,
)


@tagged("post_install", "-at_install")
class TestAccuracyLogic(BaseCase):
    """Arithmetic of the probability check, against sums made by hand. # S4"""

    def test_brier_by_hand(self):
        """Four deals at 80 %, three won: (3 · 0.2² + 1 · 0.8²) / 4 = 0.19; with one
        at 30 % that was lost: (0.76 + 0.09) / 5 = 0.17."""
        self.assertAlmostEqual(brier([Forecast(0.8, 4, 3)]), 0.19)
        self.assertAlmostEqual(brier([Forecast(0.8, 4, 3), Forecast(0.3, 1, 0)]), 0.17)

    def test_brier_of_the_extremes(self):
        cases = [((1.0, 5, 5), 0), ((0.0, 5, 5), 1), ((0.5, 10, 3), 0.25)]
        for forecast, expected in cases:
            with self.subTest(forecast):
                self.assertEqual(brier([Forecast(*forecast)]), expected)
        self.assertIsNone(brier([]))

    def test_reliability_by_hand(self):
        """22 % and 28 % share a band: (10 · 0.22 + 30 · 0.28) / 40 = 0.265."""
        bands = reliability(
            [Forecast(0.28, 30, 6), Forecast(0.9, 4, 3), Forecast(0.22, 10, 4)]
        )
        self.assertEqual([band.lower for band in bands], [0.2, 0.9])
        self.assertEqual(bands[0].count, 40)
        self.assertAlmostEqual(bands[0].predicted, 0.265)
        self.assertAlmostEqual(bands[0].happened, 0.25)
        self.assertEqual(bands[1], Band(0.9, 1.0, 4, 0.9, 0.75))

    def test_bounds_of_bands(self):
        """A band includes its lower bound, the last one also 100 %."""
        for probability, lower in ((0.0, 0.0), (0.3, 0.3), (0.7, 0.7), (1.0, 0.9)):
            with self.subTest(probability):
                (band,) = reliability([Forecast(probability, 1, 0)])
                self.assertEqual(band.lower, lower)

    def test_interval_by_hand(self):
        """8 of 10: centre (0.8 + 3.8415/20) / 1.38415 = 0.71674, half width 1.95996
        · √(0.016 + 0.0096036) / 1.38415 = 0.22657."""
        low, high = interval(8, 10)
        self.assertAlmostEqual(low, 0.4902, 4)
        self.assertAlmostEqual(high, 0.9433, 4)
        self.assertEqual(interval(0, 5)[0], 0)
        self.assertAlmostEqual(interval(5, 5)[1], 1)

    def test_a_warning_needs_deals_distance_and_more_than_chance(self):
        cases = {
            "far off": ((0.75, 12, 40), True),
            "too few deals": ((0.75, 3, 19), False),
            "near enough": ((0.38, 120, 400), False),
            "may be chance": ((0.5, 8, 20), False),
            "too low is wrong as well": ((0.1, 20, 40), True),
            "just enough deals": ((0.9, 2, 20), True),
            "just near enough": ((0.1, 0, 400), False),
        }
        for name, (arguments, expected) in cases.items():
            with self.subTest(name):
                self.assertIs(is_far_off(*arguments), expected)

    def test_the_bounds_of_chance_are_chance(self):
        for bound in interval(8, 20):
            with self.subTest(bound):
                self.assertFalse(is_far_off(bound, 8, 20))

    def test_a_forecast_for_no_deal_is_no_band(self):
        self.assertEqual(reliability([Forecast(0.5, 0, 0)]), [])

    def test_nothing_adopted_is_certain(self):
        for won, count, expected in ((0, 9, 0.01), (9, 9, 0.99), (2, 3, 0.67)):
            self.assertEqual(adoptable(won, count), expected)

    @given(FORECASTS)
    def test_a_score_is_a_share_and_bands_lose_no_deal(self, forecasts):
        self.assertTrue(0 <= brier(forecasts) <= 1)
        bands = reliability(forecasts)
        self.assertEqual(sum(b.count for b in bands), sum(f.count for f in forecasts))
        for band in bands:
            self.assertTrue(band.lower - 1e-6 <= band.predicted <= band.upper + 1e-6)
            self.assertTrue(0 <= band.happened <= 1)

    @given(st.integers(1, 200), st.integers(0, 200))
    def test_nobody_beats_the_share_that_happened(self, count, won):
        """Of all single probabilities the share that was won has the best score."""
        won = min(won, count)
        best = brier([Forecast(won / count, count, won)])
        for other in (0.0, 0.25, 0.5, 0.75, 1.0):
            self.assertLessEqual(best, brier([Forecast(other, count, won)]) + 1e-12)
