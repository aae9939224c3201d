from odoo.tests import BaseCase, tagged

from odoo.addons.crm_customer_center.tools.webmail import PROVIDERS, house_of

RENTED = """163.com vip.163.com VIP.163.com 188.com vip.188.com 126.com vip.126.com
yeah.net qq.com vip.qq.com foxmail.com sina.com sina.cn vip.sina.com sina.com.cn
vip.sina.com.cn sohu.com vip.sohu.com 139.com 189.cn wo.cn wo.com.cn 21cn.com 21cn.net
263.net aliyun.com tom.com 88.com eyou.com 2980.com gmail.com googlemail.com
hotmail.com outlook.com live.cn msn.com yahoo.com yahoo.com.cn yahoo.co.jp icloud.com
me.com mac.com proton.me protonmail.com tutanota.com gmx.de web.de mail.ru yandex.ru
naver.com daum.net hanmail.net privaterelay.appleid.com a.b.qq.com""".split()
OWN = """ruida.example siemens.com mail.huawei.com 163.ruida.example notqq.com
qq.com.ruida.example tsinghua.edu.cn sz.gov.cn my163.com""".split()


@tagged("post_install", "-at_install")
class TestWebmailLogic(BaseCase):
    """# V2 G1: who shares a provider shares nothing."""

    def test_every_public_provider_and_what_is_under_it(self):
        for domain in RENTED:
            self.assertEqual(house_of(f"eve@{domain}"), "", domain)
            self.assertEqual(house_of(f"eve@{domain}."), "", domain)

    def test_a_company_is_its_domain(self):
        for domain in OWN:
            self.assertEqual(house_of(f"Eve@{domain.upper()}"), domain)

    def test_what_is_no_address_belongs_to_nobody(self):
        for text in ("", "eve", "eve@", "eve@localhost", "@", "eve@.", "eve@..com"):
            self.assertEqual(house_of(text), "", text)

    def test_further_providers_can_be_named(self):
        more = {"isp.example"}
        self.assertEqual(house_of("a@mail.isp.example", more), "")

    def test_the_list_names_no_suffix_that_companies_share(self):
        """# V2: or colleagues would be strangers all over a country."""
        shared = {"com", "cn", "com.cn", "net.cn", "org.cn", "edu.cn", "gov.cn"}
        shared |= {"co.uk", "co.jp", "com.hk", "com.tw", "com.au", "co.kr", "com.br"}
        self.assertFalse(shared & PROVIDERS)
        self.assertTrue(all("." in domain for domain in PROVIDERS))
