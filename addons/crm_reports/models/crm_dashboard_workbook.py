import io
from datetime import datetime

import xlsxwriter

from odoo import api, models
from odoo.exceptions import AccessError

from ..tools import figures

FORMATS = {
    figures.COUNT: "#,##0",
    figures.MONEY: "#,##0.00",
    figures.PERCENT: '0.0"%"',
    figures.DAYS: "#,##0.0",
    figures.HOURS: "#,##0.0",
    figures.SCORE: "0.00",
}
BRAND = "#1B4F9C"
# rows between two tables
GAP = 2
CHART_ROWS = 15


class CrmDashboard(models.AbstractModel):
    """A dashboard or report as a workbook and as a PDF: the same data the screen got,
    as real numbers with formats, and a chart per panel."""

    _inherit = "crm.dashboard"

    @api.model
    def _may_export(self) -> bool:
        """Whether the user may take figures along as files; by role."""
        return self.env.user.has_group("crm_reports.group_export_figures")

    @api.model
    def _check_may_export(self) -> None:
        """:raises AccessError: with what to do"""
        if not self._may_export():
            raise AccessError(
                self.env._(
                    "Your role sees these figures but may not take them along as a "
                    "file. Ask your administrator for “Figures to Excel and PDF”."
                )
            )

    # ------------------------------------------------------------
    # EXCEL
    # ------------------------------------------------------------

    @api.model
    def _workbook(self, data: dict) -> bytes:
        """:param data: what ``get_dashboard`` or ``crm.report.view.get_report`` returns
        :return: the .xlsx file
        """
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        style = self._styles(book)
        if data["tiles"]:
            self._tiles_sheet(book, style, data)
        for panel in data["panels"]:
            self._panel_sheet(book, style, panel, data)
        if not book.worksheets():
            book.add_worksheet()
        book.close()
        return stream.getvalue()

    def _styles(self, book) -> dict:
        head = {"bold": True, "font_color": "white", "bg_color": BRAND, "border": 1}
        styles = {
            unit: {"num_format": code, "align": "right"}
            for unit, code in FORMATS.items()
        }
        styles |= {
            "title": {"bold": True, "font_size": 16, "font_color": BRAND},
            "muted": {"font_color": "#6B7280"},
            "wrap": {"text_wrap": True, "valign": "top", "font_color": "#6B7280"},
            "head": {**head, "text_wrap": True, "valign": "vcenter"},
            "time": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
        }
        return {name: book.add_format(values) for name, values in styles.items()}

    def _sheet(self, book, style, name: str, data: dict):
        """A sheet with its heading: title, filters, when it was counted."""
        taken = {sheet.get_name().lower() for sheet in book.worksheets()}
        plain = "".join(c for c in name if c not in "[]:*?/\\'")[:28] or "-"
        unique, number = plain, 2
        while unique.lower() in taken:
            unique, number = f"{plain} {number}", number + 1
        sheet = book.add_worksheet(unique)
        sheet.write(0, 0, f"{data['name']} · {name}", style["title"])
        sheet.write(1, 0, data["subtitle"], style["muted"])
        sheet.write_datetime(2, 0, self.env.company._local_now(), style["time"])
        sheet.set_column(0, 0, 28)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _tiles_sheet(self, book, style, data: dict) -> None:
        sheet = self._sheet(book, style, self.env._("Key Figures"), data)
        heads = (
            self.env._("Figure"),
            self.env._("Value"),
            self.env._("Period Before"),
            self.env._("Change"),
            self.env._("How It Is Counted"),
        )
        sheet.write_row(4, 0, heads, style["head"])
        for row, tile in enumerate(data["tiles"], start=5):
            sheet.write(row, 0, tile["name"])
            for column, number in ((1, tile["value"]), (2, tile["before"])):
                self._number(sheet, row, column, number, style[tile["unit"]])
            change = tile["trend"]["change"] if tile["trend"] else None
            self._number(sheet, row, 3, change, style[figures.PERCENT])
            words = tile["error"] or f"{tile['formula']} {tile['note']}".strip()
            sheet.write(row, 4, words, style["wrap"])
        sheet.set_column(1, 3, 16)
        sheet.set_column(4, 4, 70)
        sheet.freeze_panes(5, 1)

    def _number(
        self, sheet, row: int, column: int, number, style, is_drawn: bool = False
    ) -> None:
        """A number as a number; what is unknown as a dash.

        :param is_drawn: whether a chart reads the cell: to it words are a 0, so that
            what is unknown stays empty
        """
        if number is not None:
            sheet.write_number(row, column, number, style)
        elif is_drawn:
            sheet.write_blank(row, column, None, style)
        else:
            sheet.write_string(row, column, figures.UNKNOWN, style)

    def _panel_sheet(self, book, style, panel: dict, data: dict) -> None:
        sheet = self._sheet(book, style, panel["title"], data)
        words = (panel["error"] or panel["help"], panel["note"], data["note"])
        sheet.write(3, 0, " ".join(filter(None, words)), style["muted"])
        heads = ["", *(column["label"] for column in panel["columns"])]
        if not panel["rows"]:
            sheet.write(5, 0, panel["empty"], style["muted"])
            return
        sheet.write_row(5, 0, heads, style["head"])
        drawn = _series(panel)
        for number, line in enumerate(panel["rows"], start=6):
            sheet.write_string(number, 0, str(line["label"]))
            for place, amount in enumerate(line["values"]):
                unit = style[panel["columns"][place]["unit"]]
                self._number(sheet, number, place + 1, amount, unit, place in drawn)
        sheet.set_column(1, len(heads) - 1, 16)
        sheet.freeze_panes(6, 1)
        self._chart(book, sheet, panel)

    def _chart(self, book, sheet, panel: dict) -> None:
        """A chart of the table, beside nothing and below it."""
        name, last = sheet.get_name(), 5 + len(panel["rows"])
        kind = {"doughnut": "doughnut", "line": "line"}.get(
            (panel["chart"] or {}).get("type"), "column"
        )
        chart = book.add_chart({"type": "bar" if panel["kind"] == "funnel" else kind})
        for place in _series(panel):
            chart.add_series(
                {
                    "name": [name, 5, place + 1],
                    "categories": [name, 6, 0, last, 0],
                    "values": [name, 6, place + 1, last, place + 1],
                }
            )
        if panel["kind"] == "funnel":
            chart.set_y_axis({"reverse": True})
        if kind != "doughnut" and _is_of_rates(panel):
            # a rate is read against the whole
            chart.set_y_axis({"min": 0, "max": _whole_of(panel), "num_format": '0"%"'})
        chart.set_title({"name": panel["title"]})
        chart.set_size({"width": 760, "height": 20 * CHART_ROWS})
        sheet.insert_chart(last + GAP, 0, chart)

    # ------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------

    @api.model
    def _pdf(self, data: dict) -> bytes:
        """The same as a PDF, with the company's header and footer on every page."""
        reports = self.env["ir.actions.report"]
        content, _kind = reports._render_qweb_pdf(
            "crm_reports.report_dashboard",
            res_ids=self.env.company.ids,
            data={"document": self._document(data)},
        )
        return content

    def _document(self, data: dict) -> dict:
        """What the PDF shows beside the data: widths of bars, when it was counted."""
        panels = [{**panel, "bars": self._bars(panel)} for panel in data["panels"]]
        counted: datetime = self.env.company._local_now()
        return {
            **data,
            "panels": panels,
            "counted": counted.strftime("%Y-%m-%d %H:%M"),
            "tile_rows": [
                data["tiles"][start : start + 4]
                for start in range(0, len(data["tiles"]), 4)
            ],
        }

    def _bars(self, panel: dict) -> list[int]:
        """The width of the bar of each row, in percent of the longest; of a rate, in
        percent of the whole."""
        shown = _series(panel)[0]
        sizes = [abs(line["values"][shown] or 0) for line in panel["rows"]]
        longest = max(sizes, default=0)
        if _is_of_rates(panel):
            longest = _whole_of(panel)
        return [round(100 * size / longest) if longest else 0 for size in sizes]


def _series(panel: dict) -> list[int]:
    """The columns the chart of a panel shows; of a funnel the first."""
    return (panel["chart"] or {}).get("series") or [0]


def _is_of_rates(panel: dict) -> bool:
    """Whether the chart of a panel shows nothing but shares of a hundred."""
    columns = dict(enumerate(panel["columns"]))
    units = {columns[n]["unit"] for n in _series(panel) if n in columns}
    return panel["kind"] != "funnel" and units == {figures.PERCENT}


def _whole_of(panel: dict) -> float:
    """What rates are drawn against: a hundred, or the largest where one is larger."""
    sizes = [
        abs(line["values"][place] or 0)
        for line in panel["rows"]
        for place in _series(panel)
    ]
    return max([*sizes, 100])
