from odoo.tests import HttpCase, tagged

from .segment_common import SegmentCommon


@tagged("post_install", "-at_install")
class TestSegmentTour(SegmentCommon, HttpCase):
    def test_filter_by_tags_and_keep_it_as_a_segment(self):
        """# T2: build it in the editor, watch the count, apply, save, apply again."""
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Tour",
                "path": "segment-tour",
                "res_model": "res.partner",
                "view_mode": "list,form",
                "domain": "[('ref', '=', 'segment-test')]",
            }
        )
        self.assertTrue(action)
        self.start_tour(
            "/odoo/segment-tour", "crm_tagging_segment", login="segment_sharer"
        )
        segment = self.env["crm.segment"].search([("name", "=", "Tour Segment")])
        self.assertEqual(segment.user_id, self.sharer)
        self.assertEqual(segment.sharing, "private")
        self.assertEqual(segment.domain, '[("ref", "=", "segment-test")]')
        self.assertEqual(self.kept(segment), self.a | self.b | self.c)
