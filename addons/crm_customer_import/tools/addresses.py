"""Provinces of China and the beginning of Chinese addresses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# name as people shorten it -> (letters on number plates and standards, pinyin)
_PROVINCES = {
    "北京": "BJ Beijing 京", "天津": "TJ Tianjin 津", "河北": "HE Hebei 冀",
    "山西": "SX Shanxi 晋", "内蒙古": "NM InnerMongolia NeiMongol 蒙",
    "辽宁": "LN Liaoning 辽", "吉林": "JL Jilin 吉", "黑龙江": "HL Heilongjiang 黑",
    "上海": "SH Shanghai 沪", "江苏": "JS Jiangsu 苏", "浙江": "ZJ Zhejiang 浙",
    "安徽": "AH Anhui 皖", "福建": "FJ Fujian 闽", "江西": "JX Jiangxi 赣",
    "山东": "SD Shandong 鲁", "河南": "HA Henan 豫", "湖北": "HB Hubei 鄂",
    "湖南": "HN Hunan 湘", "广东": "GD Guangdong 粤", "广西": "GX Guangxi 桂",
    "海南": "HI Hainan 琼", "重庆": "CQ Chongqing 渝", "四川": "SC Sichuan 川",
    "贵州": "GZ Guizhou 贵", "云南": "YN Yunnan 云", "西藏": "XZ Tibet Xizang 藏",
    "陕西": "SN Shaanxi 陕", "甘肃": "GS Gansu 甘", "青海": "QH Qinghai 青",
    "宁夏": "NX Ningxia 宁", "新疆": "XJ Xinjiang 新", "台湾": "TW Taiwan 台",
    "香港": "HK HongKong 港", "澳门": "MO Macau Macao 澳",
}  # fmt: skip
_TRADITIONAL = str.maketrans(
    "廣東蘇廈遼寧龍內灣陝肅貴雲門慶", "广东苏厦辽宁龙内湾陕肃贵云门庆"
)
_MUNICIPAL = ("北京", "天津", "上海", "重庆")
_ENDING = re.compile(
    r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区|province|sheng|shi|municipality"
    r"|(?:zhuang|hui|uyghur|uygur)?(?:autonomousregion|zizhiqu)"
    r"|specialadministrativeregion|sar|city)$"
)
_ALIASES = {
    alias.casefold(): name
    for name, words in _PROVINCES.items()
    for alias in (name, *words.split())
}
_START = re.compile(
    rf"^(?:中国|中國)?\s*({'|'.join(_PROVINCES)})(省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
_CITY = re.compile(r"^([\u4e00-\u9fff]{2,7}?(?:市(?![场区政])|自治州|地区|盟))")
_COUNTY = re.compile(r"^[\u4e00-\u9fff]{1,5}?(?:区|县|镇)")


class Address(NamedTuple):
    """province: short name; city: with its ending; rest: what is left; '' if none."""

    province: str
    city: str
    rest: str


@lru_cache(maxsize=4096)
def province_key(raw: str) -> str:
    """Fold a province's name: 广西, 广西壮族自治区, Guangxi and GX give the same.

    Other text gives its folded self, never '' for something.
    """
    folded = unicodedata.normalize("NFKC", raw).casefold().translate(_TRADITIONAL)
    folded = re.sub(r"[\s.'’()-]|cn$(?<=\(cn)", "", folded)
    plain = _ENDING.sub("", folded) or folded
    return _ALIASES.get(folded) or _ALIASES.get(plain) or plain


def split_address(text: str) -> Address:
    """Take province and city from the beginning of a Chinese address.

    A street called after a province (上海路 12 号) is left alone.
    """
    start = _START.match(text)
    if not start:
        return Address("", "", text)
    name, ending = start[1], start[2]
    rest = text[start.end() :].lstrip()
    if name in _MUNICIPAL:
        rest, city = _repeated_away(rest, name), name + "市"
    else:
        found = _CITY.match(rest)
        city = found[1] if found else ""
        rest = rest[len(city) :].lstrip()
    if not (ending or rest != text[start.end() :].lstrip() or _COUNTY.match(rest)):
        return Address("", "", text)
    return Address(name, city, rest)


def _repeated_away(rest: str, name: str) -> str:
    """Drop the second half of 北京市北京市 and 上海上海市, and 市辖区."""
    return re.sub(rf"^(?:{name}市|市辖区)\s*", "", rest)
