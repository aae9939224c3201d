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
# province -> its prefecture-level cities as people shorten them (the municipalities
# are provinces themselves)
_CITIES = {
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": (
        "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化"
    ),
    "江苏": (
        "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山"
        " 江阴 张家港"
    ),
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌",
    "安徽": (
        "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 六安 亳州 池州 宣城"
    ),
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 上饶",
    "山东": (
        "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州"
        " 菏泽"
    ),
    "河南": (
        "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘"
        " 信阳 周口 驻马店 济源"
    ),
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": (
        "广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江"
        " 清远 东莞 中山 潮州 揭阳 云浮"
    ),
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "四川": (
        "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安"
        " 达州 雅安 巴中 资阳"
    ),
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南",
    "青海": "西宁 海东",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 喀什 伊犁",
    "台湾": "台北 高雄 台中 台南 新竹 桃园",
}
PROVINCE_OF_CITY: dict[str, str] = {
    city: province for province, names in _CITIES.items() for city in names.split()
}
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
_CITY_START = re.compile(
    rf"^(?:中国|中國)?\s*({'|'.join(PROVINCE_OF_CITY)})市(?![场区政])"
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

    A street called after a province (上海路 12 号) is left alone; 深圳市 alone gives
    its province.
    """
    start = _START.match(text)
    if not start:
        return _split_city(text)
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


def place_of(text: str) -> Address:
    """Read a cell that holds a city, alone or behind its province: 苏州, 江苏-苏州.

    The province has to be the city's; '' otherwise.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL)
    words = re.sub(r"[\s/\\|、,·-]+", "", folded).removeprefix("中国")
    start = _START.match(words)
    city = (words[start.end() :] if start else words).removesuffix("市")
    province = PROVINCE_OF_CITY.get(city, "")
    if not province or (start and start[1] != province):
        return Address("", "", text)
    return Address(province, city + "市", "")


def is_place(text: str) -> bool:
    """Tell a text that is nothing but the Chinese name of a province or a city."""
    if len(text) < 2 or text.isascii():
        return False
    return province_key(text) in _PROVINCES or bool(place_of(text).city)


def _split_city(text: str) -> Address:
    """Take a city that stands without its province."""
    found = _CITY_START.match(text)
    if not found:
        return Address("", "", text)
    city, rest = found[1], text[found.end() :].lstrip()
    return Address(PROVINCE_OF_CITY[city], city + "市", rest)


def _repeated_away(rest: str, name: str) -> str:
    """Drop the second half of 北京市北京市 and 上海上海市, and 市辖区."""
    return re.sub(rf"^(?:{name}市|市辖区)\s*", "", rest)
