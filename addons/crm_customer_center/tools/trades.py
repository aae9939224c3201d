"""What companies do, as their names say it, in Chinese and in English.

A word of trade says little about who a company is, and much about who it is not:
恒策信息 and 恒策餐饮 are two. Words that any company may add to its name say neither.
"""

from __future__ import annotations

import re

# words of one meaning, the first stands for all; Latin ones after the Chinese
_TRADES = """
软件 software
网络 互联网 network internet
数据 data
智能 智慧 intelligent smart
电子 electronics electronic
微电子 microelectronics
光电 光学 optoelectronics opto optical optics
半导体 semiconductor
电气 电器 electric electrical appliance appliances
电机 motors motor
开关 switchgear
机械 机电 machinery machine maschinenbau
精密 precision
仪器 仪表 instrument instruments
传感 sensor sensors
自动化 数控 automation
汽车 automotive auto vehicle
客车 bus
配件 零部件 部件 parts fittings
轴承 bearing bearings
物流 货运 运输 快运 快递 logistics freight transport
船务 航运 船舶 shipping marine
贸易 商贸 经贸 进出口 trading trade import export traders
食品 food foods
乳业 乳品 奶业 dairy
粮油 grain
饲料 feed
糖业 sugar
茶业 茶叶 茶厂 tea
餐饮 饭店 餐厅 catering restaurant
火锅
烧烤
酒店 宾馆 旅馆 hotel
传媒 广告 media advertising
教育 培训 education training
学校 小学 中学 school
保险 财产保险 insurance
银行 bank
证券 securities
投资 资产 investment
金融 finance
置业 房地产 地产 置地 realty
物业 property
医疗 medical
医药 药业 制药 药材 药房 药店 大药房 中药饮片 pharma pharmaceutical pharmaceuticals
医院 hospital
生物 biotech bio
化工 化学 化肥 chemical chemicals chemistry
化纤 fiber
材料 materials
塑业 塑料 塑胶 plastics plastic
纺织 家纺 印染 纺织品 毛纺 textile textiles
服饰 服装 制衣 时装 女装 garment apparel clothing
鞋业 鞋材 shoes footwear
皮具 leather
家具 家俱 家私 家居 furniture
建材 涂料 building
建设 建筑 工程 construction
环保 environmental
水务 water
能源 能效 energy
电力 power
电池 锂电池 battery
光伏 pv solar
照明 灯具 lighting
五金 hardware
模具 mould mold tooling
包装 packaging
印刷 printing
纸制品 纸业 paper
玩具 toys
饰品 珠宝 jewelry jewellery
陶瓷 洁具 ceramics ceramic
种业 seed
花卉 flowers
旅游 旅行社 旅行 travel tourism
航空 aviation
供应链 supply
通信 通讯 communication telecom
摄影 影像 photo imaging
美容 美发
家政
水产 海鲜 seafood
液压 hydraulics hydraulic hydraulik
数码
超市 便利店
花店 鲜花店
咖啡馆
书店 books
电商
财务 记账 会计 accounting
律师 律师事务所 solicitors
润滑油
玻璃 glass
钢构 钢铁 steel
压缩机 compressors
制冷
轮胎 tyre
啤酒 beer
酿造 酒庄 酒业 葡萄酒 wine
"""
# what any company may add; it says nothing of the trade
_ANY = """
科技 技术 高科技 信息技术 信息 technology technologies tech information
国际 international global
实业 工业 产业 industry industrial industries
管理 management
服务 service services
制造 manufacturing manufacture
设备 装备 equipment
系统 system systems
制品 产品 用品 products product goods
文化 culture
发展 创新 development
咨询 consulting consultancy
代理 agency
商行 经营部 工作室 批发部 门市部 商店 中心 合作社 专业合作社
厂 铺 店 馆 行 works
"""


def _table(text: str) -> dict[str, str]:
    rows = (line.split() for line in text.strip().splitlines())
    return {word: row[0] for row in rows for word in row}


TRADES = _table(_TRADES)
ANY = frozenset(_table(_ANY))
#: what groups go in for beside their trade, in companies of its own
SIDELINES = frozenset(
    "保险 银行 证券 投资 金融 置业 物业 医院 学校 教育 餐饮 酒店 旅游 超市".split()
)
_WORDS = sorted(
    (word for word in (*TRADES, *ANY) if not word.isascii()), key=len, reverse=True
)
_WORD = re.compile("|".join(_WORDS))
# a single character is a trade at the end only: 铺前科技 is no shop
_END = re.compile("[厂铺店馆行]")


def split_trade(core: str) -> tuple[str, str]:
    """Return the brand that a Chinese name begins with, and the words of trade after
    it: 恒策信息技术 is 恒策 and 信息技术. A brand has two characters at least."""
    for match in _WORD.finditer(core, 2):
        if not _END.fullmatch(match[0]) or match.end() == len(core):
            return core[: match.start()], core[match.start() :]
    return core, ""


def trades_of(text: str) -> tuple[frozenset[str], str]:
    """Return the trades that a text after a brand names, each by one word, and what of
    it is not known as a word of trade."""
    found = {TRADES[word] for word in _WORD.findall(text) if word in TRADES}
    return frozenset(found), _WORD.sub("", text)
