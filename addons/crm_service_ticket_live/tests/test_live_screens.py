from odoo.tests import tagged

from .common import TwoBrowsers

CARD = ".o_kanban_record"
ROW = ".o_data_row"
BAR = ".o_live_bar"


@tagged("post_install", "-at_install")
class TestLiveScreens(TwoBrowsers):
    """What one does appears at the other, in two browsers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.with_password(cls.agent, cls.technician)
        cls.ticket = cls.make_ticket("Live drift")
        cls.kept = cls.make_ticket("Live calm")

    def test_a_board_moves_by_itself(self):
        with self.at_work():
            one = self.sit_down(self.agent, "/odoo/tickets", CARD)
            two = self.sit_down(self.technician, "/odoo/tickets", CARD)
            two.sees(CARD, "Live drift")
            # taken by one: gone from what is “mine or nobody's” of the other
            one.call("crm.service.ticket", "action_take", f"[[{self.ticket.id}]]")
            two.sees_no(CARD, "Live drift")
            two.sees(CARD, "Live calm")
            # a new one comes
            values = f'[[{{"name": "Live alarm", "team_id": {self.service.id}}}]]'
            one.call("crm.service.ticket", "create", values)
            two.sees(CARD, "Live alarm")
            one.sees(CARD, "Live alarm")

    def test_the_numbers_beside_the_views_follow(self):
        view = ".o_ticket_view[data-view=queue_unassigned] .o_ticket_view_count"
        unassigned = self.env["crm.service.ticket"].with_user(self.technician)
        domain = [("user_id", "=", False), ("state", "!=", "closed")]
        count = unassigned.search_count(
            [*domain, ("state", "!=", "resolved"), ("aside_until", "=", False)]
        )
        self.assertLess(count, 99)
        with self.at_work():
            one = self.sit_down(self.agent, "/odoo/tickets", CARD)
            two = self.sit_down(self.technician, "/odoo/tickets", CARD)
            two.sees(view, str(count))
            one.call("crm.service.ticket", "action_take", f"[[{self.ticket.id}]]")
            two.sees(view, str(count - 1))

    def test_a_list_with_a_selection_says_what_is_new_and_stays(self):
        path = "/odoo/action-crm_service_ticket.action_ticket?view_type=list"
        with self.at_work():
            one = self.sit_down(self.agent, "/odoo/tickets", CARD)
            two = self.sit_down(self.technician, path, ROW)
            two.click(f"{ROW} .o_list_record_selector input")
            two.sees(".o_selection_box")
            values = f'[[{{"name": "Live alarm", "team_id": {self.service.id}}}]]'
            one.call("crm.service.ticket", "create", values)
            two.sees(BAR, "1 new ticket")
            two.sees(".o_selection_box")
            two.sees_no(ROW, "Live alarm")
            two.click(f"{BAR} button")
            two.sees(ROW, "Live alarm")
            two.sees_no(BAR)

    def test_what_is_heard_is_counted_once_and_silence_is_leaving(self):
        """The parts of the screens that need no screen."""
        modules = "odoo.loader.modules.get"
        news = f"{modules}('@crm_service_ticket_live/desk/news')"
        others = f"{modules}('@crm_service_ticket_live/presence/others')"
        with self.at_work():
            one = self.sit_down(self.agent, "/odoo/tickets", CARD)
            counts = one.ask(
                f"""(() => {{
                    const news = new ({news}.News)();
                    const say = (by, created, changed, more = 0) => news.add(
                        {{ by, created, changed,
                           count: created.length + changed.length + more }}, 1);
                    say(2, [10], [11, 12]);
                    say(2, [], [10, 11]);
                    say(1, [13], [14]);
                    const heard = news.counts;
                    news.keep(new Set([11, 13]));
                    const kept = [news.ids, news.counts];
                    say(2, [], [], 900);
                    return [heard, ...kept, news.counts.anything];
                }})()"""
            )
            self.assertEqual(
                counts,
                [
                    {"created": 1, "changed": 2, "anything": False},
                    [13, 11],
                    {"created": 0, "changed": 1, "anything": False},
                    True,
                ],
            )
            seen = one.ask(
                f"""(() => {{
                    const {{ Others, SILENCE }} = {others};
                    const others = new Others();
                    others.hear(5, 7, "looking", 0);
                    others.hear(6, 8, "asking", 0);
                    const early = others.size;
                    others.begin(5);
                    const begun = others.list();
                    others.hear(7, 9, "writing", 10);
                    const list = others.list();
                    others.forget(SILENCE + 5);
                    const quiet = others.list();
                    others.hear(8, 9, "left", 20);
                    return [early, begun, list, quiet, others.size];
                }})()"""
            )
            looking = {"user": 8, "state": "looking"}
            writing = {"user": 9, "state": "writing"}
            self.assertEqual(seen, [0, [looking], [writing, looking], [writing], 0])
