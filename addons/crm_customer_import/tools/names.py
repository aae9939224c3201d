"""Tell names of companies from names of people."""

from __future__ import annotations

import re

_COMPANY = re.compile(
    r"公司|集团|企业|工厂|厂$|厂[（(]|店|[院所社局厅部处馆站场园库]$|学校|大学|中学|小学|中心"
    r"|事务所|合作社|银行|酒店|医院|协会|学会|商会|基金会|委员会|办事处|工作室|经营部|门市"
    r"|商行|商贸|贸易|科技|实业|物流|股份|有限|個體|個体|个体户|超市|药房|诊所|餐厅|饭店"
    r"|酒楼|茶楼|俱乐部|研究|政府|法院|幼儿园|物业|传媒|网络|电子|机械|建筑|工程"
    r"|\b(?:co|ltd|inc|llc|gmbh|corp|corporation|company|limited|group|plc|holdings?"
    r"|university|school|hospital|hotel|bank|institute|association|studio)\b",
    re.IGNORECASE,
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾"
    "侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦"
    "申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁舒耿牟卜肖詹关苗凌费纪靳盛童欧甄"
    "项曲游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单司柏宁柯阮桂闵解强柴冉闫符"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧賈葉閻鐘陸龍錢湯賀賴龔龐蘭顏嚴溫魯韋"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
)
_ADDRESSED = re.compile(r"(?:先生|女士|小姐|老师|经理|师傅|总)$")


_BETWEEN_PEOPLE = re.compile(r"\s*[/、,，;；&|]\s*|\s*[和与]\s*|\s+")
_BRACKETS = re.compile(r"[（(].*?[)）]")


def looks_like_company(name: str) -> bool:
    """Tell a company's name from a person's by the words companies carry."""
    return bool(_COMPANY.search(name))


def looks_like_person(name: str) -> bool:
    """Tell a Chinese person's name: surname and one or two characters, or 张总."""
    plain = _ADDRESSED.sub("", name.replace(" ", "").replace("·", ""))
    if not re.fullmatch(r"[\u4e00-\u9fff]{1,4}", plain):
        return False
    if plain.startswith(_COMPOUND):
        return len(plain) > 2 or plain != name
    return plain[0] in _SURNAMES and (2 <= len(plain) <= 3 or plain != name)


def people(text: str) -> list[str]:
    """Return the people that a cell names, [] when it names anything else.

    >>> people("张三/李四（财务）"), people("李和平"), people("张三、采购部")
    (['张三', '李四（财务）'], ['李和平'], [])
    """
    pieces = list(filter(None, _BETWEEN_PEOPLE.split(text)))
    if all(looks_like_person(_BRACKETS.sub("", piece)) for piece in pieces):
        return pieces
    return [text] if looks_like_person(text) else []
