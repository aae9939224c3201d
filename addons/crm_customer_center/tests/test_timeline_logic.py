"""The order of a timeline and reading on in it."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.timeline import Bound, Event, bound, excerpt, is_below, page, position

START = datetime(2026, 3, 1)

# few moments and small numbers: most events share their moment with others
EVENTS = st.lists(
    st.builds(
        Event,
        st.integers(0, 4).map(lambda n: START + timedelta(microseconds=n)),
        st.integers(0, 3),
        st.integers(1, 6),
    ),
    unique=True,
    max_size=60,
)


def streams(events, cursor, limit):
    """What each source gives: its newest below the cursor, in order."""
    for rank in range(4):
        below = bound(cursor, rank)
        mine = [e for e in events if e.rank == rank and is_below(e, below)]
        yield sorted(mine, key=position, reverse=True)[: limit + 1]


def read_all(events, limit):
    cursor, pages = None, []
    while True:
        shown, cursor = page(streams(events, cursor, limit), limit)
        pages.append(shown)
        if cursor is None:
            return pages


class TestTimelineLogic(BaseCase):
    @given(events=EVENTS, limit=st.integers(1, 7))
    def test_pages_show_each_event_once_and_in_order(self, events, limit):
        """# C5: whatever shares a moment, and wherever pages end."""
        pages = read_all(events, limit)
        shown = [event for one in pages for event in one]
        self.assertEqual(shown, sorted(events, key=position, reverse=True))
        self.assertTrue(all(len(one) == limit for one in pages[:-1]))

    @given(events=EVENTS, limit=st.integers(1, 7))
    def test_only_the_last_page_has_no_cursor(self, events, limit):
        """# C5: nobody is offered an older page that is empty."""
        pages = read_all(events, limit)
        self.assertEqual(len(pages), max(1, -(-len(events) // limit)))

    @given(events=EVENTS, later=EVENTS)
    def test_what_happens_meanwhile_moves_nothing(self, events, later):
        """# C5: new events come on top; the next page is what it was."""
        first, cursor = page(streams(events, None, 3), 3)
        newer = [e for e in later if first and position(e) > position(first[0])]
        grown = list({*events, *newer})
        self.assertEqual(
            page(streams(events, cursor, 3), 3) if cursor else None,
            page(streams(grown, cursor, 3), 3) if cursor else None,
        )

    def test_of_one_moment_the_first_source_stands_first(self):
        """# C5: a won deal stands above the mail of the same second."""
        mail, deal, older = Event(START, 2, 9), Event(START, 0, 1), Event(START, 2, 3)
        shown, _cursor = page([[deal], [mail, older]], 5)
        self.assertEqual(shown, [deal, mail, older])

    def test_bounds_of_earlier_and_later_sources(self):
        """# C5: an earlier source has shown all of the moment, a later one nothing."""
        cursor = Event(START, 1, 5)
        self.assertEqual(bound(cursor, 0), Bound(START, 0))
        self.assertEqual(bound(cursor, 1), Bound(START, 5))
        self.assertEqual(bound(cursor, 2), Bound(START, None))
        self.assertIsNone(bound(None, 1))

    def test_an_excerpt_is_one_line_and_says_that_it_is_cut(self):
        """# C5: the timeline shows the beginning of what was said."""
        self.assertEqual(excerpt("a\n  b\tc", 10), "a b c")
        self.assertEqual(excerpt("一二三四五六", 4), "一二三…")
        self.assertEqual(excerpt("一二三四", 4), "一二三四")
        self.assertEqual(excerpt("  ", 4), "")
