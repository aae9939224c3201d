import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from odoo.tests import BaseCase, tagged
from odoo.tools import html_sanitize

from odoo.addons.crm_service_ticket.tools.quotes import QUOTE, fold_history

NEW = "收到，请尽快处理。"
OLD = "上周的问题"
HEAD = [
    ("发件人", "张伟 &lt;zw@ruida.example&gt;"),
    ("发送时间", "2026年3月2日 10:00"),
    ("收件人", "service@hengce.example"),
    ("主题", "回复: 传感器"),
]


def block(colon=":", joiner="<br>", bold="b", spaced=False):
    names = [" ".join(name) if spaced else name for name, _value in HEAD]
    values = [value for _name, value in HEAD]
    return joiner.join(
        f"<{bold}>{name}{colon}</{bold}> {value}"
        for name, value in zip(names, values, strict=True)
    )


# each program puts something else between the answer and what it answers
PROGRAMS = {
    "outlook": f"<div><p>{NEW}</p><div><div style='border-top:solid #E1E1E1 1.0pt'>"
    f"<p>{block()}</p></div></div><p>{OLD}</p></div>",
    "foxmail": f"<div>{NEW}</div><hr><div><div>{block('：', '</div><div>')}</div></div>"
    f"<div>{OLD}</div>",
    "qq": f"<div>{NEW}</div><div><br></div><div>------------------&nbsp;原始邮件&nbsp;"
    f"------------------</div><div><div>{block()}</div></div><div>{OLD}</div>",
    "qq english": f"<div>{NEW}</div><div>------------------&nbsp;Original&nbsp;"
    f"------------------</div><div><b>From:</b> x</div><div>{OLD}</div>",
    "netease": f'<div>{NEW}</div><br>在 2026-03-02 10:00:00，"张伟" '
    f"&lt;zw@ruida.example&gt; 写道：<br><blockquote id='isReplyContent'>{OLD}"
    "</blockquote>",
    "netease old": f"<div>{NEW}</div><br>于2026-03-02 10:00:00,张伟写道：<br>"
    f"<blockquote>{OLD}</blockquote>",
    "netease reply": f"<div>{NEW}</div><div>---- 回复的原邮件 ----</div><table><tr>"
    f"<td>发件人</td><td>张伟</td></tr></table><div>{OLD}</div>",
    "coremail": f"{NEW}<br><br>-----原始邮件-----<br>{block()}<br><br>{OLD}",
    "wecom": f"<p>{NEW}</p><p>---原始邮件---</p><p>{block()}</p><p>{OLD}</p>",
    "aliyun": f"<div>{NEW}</div><div>-----------------------------------------------"
    f"</div><div>{block('：', '<br>', 'span', spaced=True)}</div><div>{OLD}</div>",
    "apple": f"{NEW}<br><br><blockquote type='cite'><div>在 2026年3月2日，10:00，张伟 "
    f"&lt;<a href='mailto:x'>zw@ruida.example</a>&gt; 写道：</div><div>{OLD}</div>"
    "</blockquote>",
    "gmail": f"<div>{NEW}</div><div class='q'><div>张伟 &lt;zw@ruida.example&gt; "
    f"于2026年3月2日周一 10:00写道：<br></div><blockquote>{OLD}</blockquote></div>",
    "forward": f"<div>请看下面。{NEW}</div><div>---------- 转发的邮件 ---------</div>"
    f"<div>{block()}</div><div>{OLD}</div>",
    "forward netease": f"{NEW}<br>---------- 转发邮件信息 ----------<br>{block('：')}"
    f"<br>{OLD}",
    "traditional": f"<p>{NEW}</p><p><b>寄件者:</b> 張偉</p><p><b>寄件日期:</b> "
    f"2026年3月2日</p><p><b>收件者:</b> x</p><p><b>主旨:</b> 回覆</p><p>{OLD}</p>",
    "plain": f"<pre>{NEW}\n\n-----原始邮件-----\n发件人: 张伟\n发送时间: 2026-03-02\n"
    f"主题: x\n\n{OLD}\n</pre>",
    "plain colon": f"<p>{NEW}</p>\n<pre>\n发件人：张伟\n日期：2026-03-02 10:00\n"
    f"收件人：x\n主题：y\n\n{OLD}</pre>",
    "plain netease": f"<pre>{NEW}\n在 2026-03-02 10:00:00，张伟 &lt;z@r.example&gt; "
    f"写道：\n&gt;{OLD}</pre>",
    "one line": f"<p>{NEW}</p><p>发件人: 张伟 发送时间: 2026-03-02 主题: x</p>"
    f"<p>{OLD}</p>",
    "deep": "<div>" * 60
    + f"<span>{NEW}</span><div><p>{block()}</p></div><p>{OLD}</p>"
    + "</div>" * 60,
}
# a person's words, which look a little like it
PERSONS = [
    f"<p>{NEW}</p><p>发件人: 写错了，应该是李娜。</p>",
    f"<p>{NEW}</p><p>昨天王经理在会上写道：</p><p>三月完成。</p>",
    "<p>主题: 传感器</p><p>日期: 2026-03-02</p>",
    f"<p>{NEW}</p><p>请见原始邮件</p><p>{OLD}</p>",
    f"<p>-----</p><p>{NEW}</p><p>-----</p><p>谢谢</p>",
    f"<p>From: Shanghai to Beijing</p><p>{NEW}</p>",
]


def shown(source):
    """What stands there before anything is unfolded."""
    root = html.fragment_fromstring(source, create_parent="div")
    for element in root.xpath(f"//*[@{QUOTE}]"):
        if element.getparent() is not None:
            tail = element.tail
            element.clear()
            element.tail = tail
    return root.text_content()


def words(source):
    return re.sub(
        r"\s+", "", html.fragment_fromstring(source, create_parent="div").text_content()
    )


@tagged("post_install", "-at_install")
class TestQuotesLogic(BaseCase):
    """# V2: the history of Chinese mail programs is folded like that of others."""

    def test_what_was_written_before_is_folded(self):
        for name, source in PROGRAMS.items():
            with self.subTest(program=name):
                folded = fold_history(source)
                self.assertIn(NEW, shown(folded))
                self.assertNotIn(OLD, shown(folded))
                self.assertNotIn("张伟", shown(folded))
                self.assertEqual(words(folded), words(source))

    def test_it_is_folded_after_odoo_has_cleaned_it(self):
        """# V2: as it is stored."""
        for name, source in PROGRAMS.items():
            with self.subTest(program=name):
                stored = html_sanitize(fold_history(html_sanitize(source)))
                self.assertIn(NEW, shown(stored))
                self.assertNotIn(OLD, shown(stored))

    def test_the_lines_of_a_head_stand_under_its_sender(self):
        """# V2: what stands above is the person's own; one line alone is no head."""
        for above in ("<p>日期: 明天</p>", ""):
            source = f"{above}<p>发件人: 张伟</p><p>主题: 泵</p><p>{OLD}</p>"
            self.assertEqual(fold_history(source), source)

    def test_a_mail_that_is_nothing_but_history_is_shown(self):
        for name, source in PROGRAMS.items():
            with self.subTest(program=name):
                bare = source.replace("请看下面。", "").replace(NEW, "")
                self.assertEqual(fold_history(bare), bare)

    def test_a_person_s_own_words_are_not_folded(self):
        for source in PERSONS:
            with self.subTest(source=source):
                self.assertEqual(fold_history(source), source)

    def test_words_under_a_quotation_stay(self):
        source = (
            f"<p>{NEW}</p><div>在 2026-03-02 10:00，张伟 写道：</div>"
            f"<blockquote>{OLD}</blockquote><p>另外：请报价。</p>"
        )
        folded = fold_history(source)
        self.assertNotIn(OLD, shown(folded))
        self.assertIn("请报价", shown(folded))

    def test_what_is_marked_is_all_of_the_history_and_no_more(self):
        """# V2: its first line where it begins, the line drawn above it as well."""
        on = f'{QUOTE}="1"'
        mark, old = "-----原始邮件-----", "<p>old</p>"
        span = f"<span {on}>"
        tail = f"{span}tail</span>"
        for source, folded in (
            (
                f"<p>new</p><p>{mark}</p>{old}",
                f"<p>new</p><p {on}>{mark}</p><p {on}>old</p>",
            ),
            (
                f"<p>new<br>{mark}<br>old</p>tail",
                f"<p>new<br>{span}{mark}</span><br {on}>{span}old</span></p>{tail}",
            ),
            (
                f"<p>new\n{mark}\nold</p>",
                f"<p>new\n<span {on}>{mark}\nold</span></p>",
            ),
            (
                f"<p>new\n{mark}\n<b>old</b></p>",
                f"<p>new\n<span {on}>{mark}\n</span><b {on}>old</b></p>",
            ),
            (
                f"<p>new</p><p>------</p><p>{mark}</p>{old}",
                f"<p>new</p><p {on}>------</p><p {on}>{mark}</p><p {on}>old</p>",
            ),
            (
                f"<p>new</p><div><div><b>{mark}</b></div></div>{old}",
                f"<p>new</p><div {on}><div><b>{mark}</b></div></div><p {on}>old</p>",
            ),
            (
                f"<p>new</p><div>x<b>{mark}</b></div>{old}",
                f"<p>new</p><div>x<b>{mark}</b></div>{old}",
            ),
            (
                f"new<p>{mark}</p>old",
                f"new<p {on}>{mark}</p><span {on}>old</span>",
            ),
        ):
            with self.subTest(source=source):
                found = fold_history(source).replace(
                    "&#21407;&#22987;&#37038;&#20214;", "原始邮件"
                )
                self.assertEqual(found, folded)

    def test_a_sender_needs_two_lines_of_a_head_below(self):
        """# V2: among the seven that follow, or one beside him."""
        for head, is_history in (
            ("From: a<br>To: b<br>Date: c", True),
            ("From: a<br>To: b", False),
            ("From: a To: b", True),
            ("From: a<br>x<br>x<br>x<br>x<br>x<br>To: b<br>Date: c", True),
            ("From: a<br>x<br>x<br>x<br>x<br>x<br>x<br>To: b<br>Date: c", False),
        ):
            with self.subTest(head=head):
                folded = fold_history(f"<p>{NEW}</p><p>{head}</p><p>{OLD}</p>")
                self.assertEqual(QUOTE in folded, is_history)

    def test_who_wrote_needs_a_moment_and_a_quotation(self):
        """# V2: or an address; and the line is no longer than 300 signs."""
        for line, after, is_history in (
            ("2026-03-02 10:00 Li wrote:", "&gt; x", True),
            ("2026-03-02 10:00 Li wrote:", "<blockquote>x</blockquote>", True),
            ("2026-03-02 10:00 Li wrote:", "x", False),
            ("2026-03-02 10:00 Li wrote:", "", True),
            ("a@x.cn wrote:", "x", True),
            ("Li wrote:", "&gt; x", False),
            ("Li".rjust(287, "x") + " 10:00 wrote:", "&gt; x", True),
            ("Li".rjust(288, "x") + " 10:00 wrote:", "&gt; x", False),
        ):
            with self.subTest(line=line, after=after):
                folded = fold_history(f"<p>{NEW}</p><p>{line}</p><div>{after}</div>")
                self.assertEqual(QUOTE in folded, is_history)

    def test_folding_twice_changes_nothing(self):
        for source in PROGRAMS.values():
            once = fold_history(source)
            self.assertEqual(shown(fold_history(once)), shown(once))

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                [*PROGRAMS.values(), *PERSONS, "<div>", "</div>", "x", "<br>", "&gt;"]
            ),
            max_size=6,
        )
    )
    def test_no_word_is_ever_lost(self, parts):
        """# V2: whatever is put together."""
        source = "".join(parts)
        folded = fold_history(source)
        if source.strip():
            self.assertEqual(words(folded), words(source))

    def test_it_takes_linear_time(self):
        """# V2: also without an end."""
        for source in (
            "<p>发件人: x</p>" * 20_000,
            "在 2026-03-02 10:00 写道：<br>" * 20_000,
            "<div>-----</div>" * 20_000,
            "<b>x</b>" * 50_000,
            f"<p>{NEW}</p>" + f"-----原始邮件-----<br>{OLD}" * 20_000,
            "-" * 200_000,
            "发" + " " * 200_000 + "件人",
        ):
            begun = time.process_time()
            fold_history(source)
            self.assertLess(time.process_time() - begun, 5, source[:60])
