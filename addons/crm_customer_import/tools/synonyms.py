"""Words that companies use for the choices of the Customer Centre.

``SYNONYMS``: field -> {name, code or key of a choice: words for it}. A choice that a
company removed is passed over. ``INDUSTRIES`` names divisions of GB/T 4754 by the
words of their trades; where a company keeps no division, its section stands in.
"""

from __future__ import annotations

# division or section of GB/T 4754 -> words of its trades
INDUSTRIES: dict[str, str] = {
    "A": (
        "农业|林业|牧业|渔业|畜牧|养殖|种植|农产品|农场|果园|水产|花卉|苗木|农资"
        "|种子|饲养|agriculture|farming|fishery|forestry"
    ),
    "B": "采矿|矿业|矿山|煤炭|煤矿|石油|油田|天然气开采|mining|coal|oil",
    "C": "制造|生产|工厂|加工|工业|实业|manufacturing|factory|industrial",
    "C13": "粮油|农副食品|饲料|屠宰|面粉|大米加工",
    "C14": "食品|乳制品|烘焙|糖果|调味品|罐头|零食|food",
    "C15": "饮料|酒类|白酒|啤酒|红酒|茶叶|酿酒|beverage|winery|brewery|tea",
    "C17": "纺织|面料|棉纺|印染|布料|家纺|textile|fabric",
    "C18": "服装|服饰|制衣|鞋服|内衣|garment|apparel|clothing",
    "C26": "化工|化学|涂料|油漆|农药|化肥|日化|化妆品|chemical|cosmetics|paint",
    "C27": "制药|医药|药业|药品|生物医药|中药|pharma|pharmaceutical|medicine",
    "C29": "橡胶|塑料|塑胶|注塑|轮胎|plastic|rubber",
    "C30": "水泥|玻璃|陶瓷|建材|石材|瓷砖|混凝土|砖瓦|ceramics|cement|glass",
    "C31": "钢铁|炼钢|冶金|钢材|steel|iron",
    "C32": "有色金属|铝业|铜业|铝材|铜材|aluminium|copper",
    "C33": "五金|金属制品|钢结构|模具|紧固件|铝合金门窗|hardware|metal",
    "C34": (
        "机械|机床|设备制造|泵阀|阀门|轴承|通用设备|机电设备|起重|压缩机|machinery"
        "|machine"
    ),
    "C35": "专用设备|医疗器械|医疗设备|农机|工程机械|环保设备|印刷机械|medicaldevice",
    "C36": "汽车|汽配|整车|汽车零部件|新能源汽车|automotive|automobile|carparts",
    "C37": (
        "船舶|造船|航空航天|飞机|摩托车|自行车|轨道交通|铁路设备|shipbuilding|aerospace"
    ),
    "C38": (
        "电气|电器|家电|电机|电池|锂电|变压器|电线|电缆|照明|灯具|光伏|太阳能"
        "|电力设备|electrical|battery|lighting|solar"
    ),
    "C39": (
        "电子|半导体|芯片|集成电路|通信设备|电脑|手机|元器件|光电|显示屏"
        "|electronics|semiconductor|chip"
    ),
    "C40": "仪器|仪表|传感器|测量|计量|instrument|sensor",
    "D": "水电气|公用事业|燃气|热力|能源|新能源|utilities|energy|gas",
    "D44": "电力|发电|供电|电网|热电|风电|power|electricity",
    "D46": "自来水|供水|水务|水厂|water",
    "E": "建筑|工程|施工|建设|基建|安装工程|construction|contractor",
    "E47": "房屋建筑|房建|土建|建工|building",
    "E48": "市政|路桥|公路工程|桥梁|隧道|土木|civil",
    "E50": "装修|装饰|装潢|幕墙|室内设计|园林景观施工|decoration|interior",
    "F": "贸易|商贸|外贸|进出口|内贸|商业|经贸|国际贸易|trade|trading|import|export",
    "F51": "批发|经销|代理商|供应链|分销|wholesale|distributor",
    "F52": (
        "零售|超市|商场|便利店|电商|电子商务|网店|门店|百货|专卖店|retail|ecommerce"
        "|shop|store"
    ),
    "G": "物流|运输|货运|交通|航运|港口|货代|logistics|transport|shipping|freight",
    "G54": "公路运输|道路运输|汽运|车队|客运|专线|trucking",
    "G59": "仓储|仓库|装卸|冷库|warehouse|storage",
    "G60": "快递|邮政|速递|courier|express|postal",
    "H": "食宿|hospitality",
    "H61": "酒店|宾馆|民宿|旅馆|住宿|客栈|hotel|hostel",
    "H62": (
        "餐饮|饭店|餐厅|餐馆|火锅|小吃|奶茶|咖啡|茶楼|食堂|团餐|restaurant|catering"
        "|cafe"
    ),
    "I": "信息|it|it行业|信息技术|信息化|计算机|tmt|information|tech",
    "I63": "电信|通信|通讯|运营商|移动通信|广电|telecom|telecommunications",
    "I64": (
        "互联网|网络|在线平台|平台|游戏|自媒体|门户|云计算|大数据|internet|online|cloud"
    ),
    "I65": (
        "软件|软件开发|系统集成|信息系统|saas|人工智能|ai|软件外包|物联网|it服务"
        "|网站建设|software|itservices"
    ),
    "J": "金融|投资|财富|小额贷款|典当|担保|基金管理|互联网金融|finance|financial",
    "J66": "银行|信贷|信用社|bank|banking",
    "J67": "证券|期货|基金|私募|信托|风投|创投|securities|fund|capital",
    "J68": "保险|保险经纪|insurance",
    "K": "房地产|地产|房产|物业|置业|中介房产|楼盘|realestate|property",
    "L": "商务|租赁商务|services",
    "L71": "租赁|租车|设备租赁|leasing|rental",
    "L72": (
        "咨询|广告|法律|律师|律所|会计|审计|财税|人力资源|猎头|劳务|会展|旅行社"
        "|旅游|安保|保安|策划|公关|营销|设计公司|知识产权|代理记账|市场调查"
        "|consulting|advertising|law|legal|accounting|hr|travel|tourism|marketing"
        "|security"
    ),
    "M": "科研|科学研究|技术服务|科技服务|高新技术",
    "M73": "研发|研究院|研究所|实验室|生物技术|research|laboratory|biotech",
    "M74": (
        "检测|检验|测绘|勘察|设计院|工程设计|认证|监理|质检|气象|engineering"
        "|testing|design"
    ),
    "M75": "科技|技术推广|科技推广|孵化器|节能|technology|incubator",
    "N": "水利|公共设施|环卫|景区|园林|绿化|waterconservancy|landscaping",
    "N77": "环保|环境|污水处理|固废|治理|环境治理|environment|environmental",
    "O": "服务业|生活服务|service",
    "O80": "美容|美发|家政|婚庆|洗浴|理发|保洁|殡葬|摄影|beauty|salon|cleaning|wedding",
    "O81": "汽修|维修|汽车维修|家电维修|汽车美容|repair|maintenance",
    "P": (
        "教育|学校|培训|幼儿园|中小学|高校|大学|教培|院校|早教|education|school"
        "|training|university"
    ),
    "Q": "社会工作|养老|福利|socialwork|eldercare",
    "Q84": (
        "医院|医疗|卫生|诊所|口腔|体检|健康|大健康|门诊|hospital|health|healthcare"
        "|medical|clinic"
    ),
    "R": (
        "文化|体育|娱乐|文体|健身|传媒|文旅|影院|ktv|culture|sports|entertainment"
        "|fitness|media"
    ),
    "R86": "出版|新闻|报社|杂志|图书|印刷出版|press|publishing",
    "R87": "影视|电影|广播|电视|录音|视频制作|film|broadcasting|television",
    "S": (
        "政府|机关|事业单位|公共管理|社会组织|协会|公安|法院|党政|社保|行政"
        "|government|public|association|ngo"
    ),
    "T": "国际组织|使馆|领事馆|embassy|international",
}

_LEVELS = {
    "VIP": (
        "重点|重要|大客户|ka|战略|核心|五星|5星|★★★★★|钻石|铂金|至尊|s|特级|最高"
        "|key|strategic|platinum|diamond|topclient"
    ),
    "A": "一级|甲|金|金牌|四星|4星|★★★★|优质|优|高|1|gold|high|first",
    "B": "二级|乙|银|银牌|三星|3星|★★★|良|中|2|silver|medium|second",
    "C": (
        "三级|丙|铜|铜牌|普通|一般|二星|两星|2星|★★|常规|3|bronze|normal|standard"
        "|regular"
    ),
    "D": "四级|丁|一星|1星|★|差|小|零散|散户|低|4|low|small",
}
_SOURCES = {
    "Exhibition": (
        "展会|展览|广交会|展销会|交易会|博览会|参展|进博会|会展|展位|订货会|expo"
        "|fair|tradeshow|exhibition|tradefair"
    ),
    "Referral": (
        "介绍|转介绍|推荐|朋友|口碑|熟人|亲友|同学|老乡|转介|referral|wordofmouth"
        "|recommended|friend"
    ),
    "Website": "官网|网站|网上|在线咨询|留言|网络|web|homepage|onlineform|网页",
    "Search engine": "百度|搜索|谷歌|google|360|seo|sem|竞价|搜狗|bing|必应|baidu",
    "Cold Call": (
        "电话|陌拜|电销|扫街|陌生拜访|自主开发|自己开发|自行开发|主动开发|电话营销"
        "|地推|拜访|coldcall|telesales|outbound"
    ),
    "WeChat": "微信|公众号|朋友圈|企业微信|小程序|微信群|视频号|wechat|weixin",
    "Douyin": "抖音|快手|短视频|直播|小红书|douyin|tiktok",
    "Distributor or Partner": (
        "代理|经销商|渠道商|渠道|合作伙伴|分销|加盟|同行|partner|dealer|distributor"
        "|reseller|channel"
    ),
    "Walk-in": "上门|门店|到店|自来|自然来访|来访|来电|主动上门|walkin|store",
    "Old Customer List": (
        "老客户|历史|旧名单|存量|旧系统|老名单|原有|oldcustomer|legacy"
    ),
}
_LIFECYCLE = {
    "potential": (
        "潜在|意向|未成交|跟进|跟进中|待跟进|新客户|新|线索|有意向|洽谈|洽谈中|报价"
        "|报价中|试用|待开发|开发中|初步接触|高意向|prospect|lead|new|open"
        "|interested"
    ),
    "active": (
        "成交|已成交|合作中|已合作|合作|老客户|在用|正常|签约|已签约|长期合作|活跃"
        "|复购|履约中|active|customer|won|client|signed"
    ),
    "dormant": (
        "休眠|沉睡|停滞|暂停|不活跃|长期未联系|暂停合作|沉默|搁置|inactive|dormant"
        "|paused|sleeping"
    ),
    "lost": (
        "流失|已流失|丢失|无效|放弃|终止|停止合作|不合作|倒闭|注销|黑名单|无意向"
        "|失败|已倒闭|lost|churned|closed|dead|rejected"
    ),
}
_SIZES = {
    "micro": "微型|微|个体|个体户|夫妻店|micro",
    "small": "小型|小|小微|small",
    "medium": "中型|中|中等|规上|medium|mid",
    "large": "大型|大|集团|上市公司|特大型|央企|large|enterprise|big",
}
_ROLES = {
    "decision_maker": (
        "决策人|决策者|拍板|拍板人|老板|总经理|董事长|负责人|一把手|法人|总裁|boss"
        "|owner|ceo|decider"
    ),
    "influencer": (
        "影响者|影响人|技术负责人|顾问|推荐人|技术|工程师|主管|influencer|advisor"
    ),
    "user": "使用者|使用人|用户|操作员|使用部门|使用方|enduser|operator",
    "gatekeeper": (
        "把关人|采购|采购员|采购经理|前台|秘书|助理|守门人|财务|buyer|purchaser"
        "|assistant|secretary"
    ),
}
_TYPES = {
    "company": (
        "国企|民企|外企|合资|私营|国有|股份制|集团|事业单位|政府|学校|终端|代理商"
        "|经销商|贸易商|工厂|零售商|生产商|b端|企事业|外资|民营|dealer|factory"
        "|corporate|government"
    ),
    "person": "散户|消费者|c端|私人|个人用户|居民|consumer|retailcustomer|natural",
}

SYNONYMS: dict[str, dict[str, str]] = {
    "industry": INDUSTRIES,
    "level": _LEVELS,
    "source": _SOURCES,
    "lifecycle_state": _LIFECYCLE,
    "size_class": _SIZES,
    "decision_role": _ROLES,
    "customer_type": _TYPES,
}
