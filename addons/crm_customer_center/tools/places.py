"""Places that stand in the names of companies, and in addresses.

Shanghai and its companies have nothing to do with Chengdu and its own, though all else
in the names be the same; the province may be left out where the city is said.
"""

from __future__ import annotations

import re
from functools import lru_cache

# province -> its cities, and counties and districts that names of companies begin with
_PROVINCES = {
    "北京": "海淀 朝阳区 丰台 中关村 亦庄 通州区 昌平 顺义",
    "上海": "浦东 闵行 嘉定 松江 徐汇 奉贤 青浦 静安 张江",
    "天津": "滨海新区 滨海 武清 塘沽 泰达",
    "重庆": "江北区 渝北 九龙坡 沙坪坝 万州 涪陵",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边 延吉",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 牡丹江 黑河 绥化",
    "江苏": (
        "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁"
        " 昆山 江阴 张家港 常熟 太仓 宜兴 吴江 丹阳 江宁 武进 姑苏"
    ),
    "浙江": (
        "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 余姚"
        " 慈溪 永康 海宁 诸暨 萧山 余杭 鄞州 乐清 温岭 柯桥 桐乡"
    ),
    "安徽": (
        "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安"
        " 亳州 池州 宣城"
    ),
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江 石狮 南安 福鼎 福清",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": (
        "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州"
        " 聊城 滨州 菏泽 寿光 莱阳 诸城 龙口 胶州"
    ),
    "河南": (
        "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳"
        " 商丘 信阳 周口 驻马店 济源"
    ),
    "湖北": (
        "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江"
    ),
    "湖南": (
        "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 浏阳"
    ),
    "广东": (
        "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾"
        " 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 顺德 南海区 番禺 澄海 宝安区"
        " 龙岗 前海"
    ),
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 儋州 三沙",
    "四川": (
        "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾"
        " 广安 达州 雅安 巴中 资阳"
    ),
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 西双版纳 德宏 红河",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南",
    "青海": "西宁 海东 格尔木",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫 中宁",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 库尔勒 阿克苏 喀什 和田 伊犁 石河子",
    "香港": "九龙 新界",
    "澳门": "",
    "台湾": "台北 高雄 台中 台南 新竹 桃园",
}
# which of them lie in a city that is named as well
_WITHIN = {
    "苏州": "昆山 张家港 常熟 太仓 吴江 姑苏",
    "无锡": "江阴 宜兴",
    "常州": "武进",
    "南京": "江宁",
    "镇江": "丹阳",
    "杭州": "萧山 余杭",
    "宁波": "余姚 慈溪 鄞州",
    "绍兴": "诸暨 柯桥",
    "金华": "义乌 永康",
    "嘉兴": "海宁 桐乡",
    "温州": "乐清",
    "台州": "温岭",
    "泉州": "晋江 石狮 南安",
    "福州": "福清",
    "宁德": "福鼎",
    "潍坊": "寿光 诸城",
    "烟台": "莱阳 龙口",
    "青岛": "胶州",
    "佛山": "顺德 南海区",
    "广州": "番禺",
    "汕头": "澄海",
    "深圳": "宝安区 龙岗 前海",
    "延边": "延吉",
    "长沙": "浏阳",
}
_ENDING = "(?:维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区|新区|省|市|区|县)?"


def _table() -> dict[str, tuple[str, ...]]:
    """Return place -> what it lies in, itself first, the widest last."""
    found: dict[str, tuple[str, ...]] = {}
    for province, cities in _PROVINCES.items():
        found[province] = (province,)
        for city in cities.split():
            found[city] = (city, province)
    for city, parts in _WITHIN.items():
        for part in parts.split():
            found[part] = (part, *found[city])
    return found


PLACES = _table()
_ONE = "|".join(sorted(PLACES, key=len, reverse=True))
# 苏州工业园区, 许村镇: which part of a place is left out as often as not
PART = (
    "(?:[\u4e00-\u9fff]{2,3}(?:区|县|镇|乡|街道)|工业园区|高新区|经开区|开发区|保税区)"
)
_LEADING = re.compile(f"({_ONE}){_ENDING}")
_PART = re.compile(PART)
_WHOLE = re.compile(f"((?:{_ONE}){_ENDING})+")


@lru_cache(maxsize=8192)
def split_place(name: str) -> tuple[tuple[str, ...], str]:
    """Return the places a folded name begins with, and what follows them.

    A name is not taken apart so far that nothing is left: 上海 is no company of
    Shanghai, and of one character nobody is called.
    """
    found: list[str] = []
    rest = name.removeprefix("中国") if len(name) > 4 else name
    while match := _LEADING.match(rest):
        if len(rest) - match.end() < 2:
            break
        found.append(match[1])
        rest = rest[match.end() :]
    if found and (part := _PART.match(rest)) and len(rest) - part.end() >= 2:
        rest = rest[part.end() :]
    return tuple(found), rest


def places_of(text: str) -> tuple[str, ...]:
    """Return the places of a text that says nothing else, such as 江苏省苏州市."""
    if not _WHOLE.fullmatch(text):
        return ()
    return tuple(match[1] for match in _LEADING.finditer(text))


def apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two sets of places cannot be those of one company: both say where
    it is, and neither place lies in the other."""
    if not one or not other:
        return False
    return not any(
        a in PLACES.get(b, (b,)) or b in PLACES.get(a, (a,))
        for a in _narrowest(one)
        for b in _narrowest(other)
    )


def together(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether both sets of places say where it is, and say the same."""
    return bool(one and other) and not apart(one, other)


def _narrowest(places: frozenset[str]) -> list[str]:
    """Leave out what only says in which province a place lies."""
    depth = max(len(PLACES.get(place, ())) for place in places)
    return [place for place in places if len(PLACES.get(place, ())) == depth]
