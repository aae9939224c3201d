"""What a column of a customer list can mean."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal[
    "text", "phone", "email", "credit_code", "id_number", "choice", "tags", "note",
    "property", "ignore",
]  # fmt: skip
Part = Literal["customer", "contact", "none"]

PROPERTY_PREFIX = "property:"
IGNORE = "ignore"
# Headers of the column that refused_workbook() adds; never imported again.
REASON_HEADERS = ("Reason", "原因")


class ImportField(NamedTuple):
    """One thing a column can mean.

    name: stable technical name, used in mappings and in CleanRow.values
    kind: how its text is cleaned (see cleaning.clean_row); a note is kept as a
        labelled line of the comment
    label_en, label_zh: what a person reads; also the headers of the template
    synonyms: further headers people use for it, in any language
    limit: longest text kept, in characters (0: no limit)
    part: the record it belongs to (customer, or the contact below it)
    target: field of res.partner it ends in; '' where split_parts() decides
    """

    name: str
    kind: Kind
    label_en: str
    label_zh: str
    synonyms: tuple[str, ...]
    limit: int
    part: Part
    target: str


def _field(
    name: str,
    kind: Kind,
    labels: str,
    synonyms: str,
    target: str = "",
    limit: int = 200,
    part: Part = "customer",
) -> ImportField:
    """Build a field from compact text: ``English|中文`` and ``one|two|three``."""
    label_en, label_zh = labels.split("|")
    words = tuple(synonyms.split("|")) if synonyms else ()
    return ImportField(name, kind, label_en, label_zh, words, limit, part, target)


_FIELDS = (
    _field(
        "company_name",
        "text",
        "Customer name|客户名称",
        "Customer|Company|Company name|Account|Account name|Client|Client name|Name|"
        "Organisation|Organization|Business name|Firm|Partner|"
        "客户|客户名|客户姓名|客户全称|"
        "公司|公司名称|公司名|公司全称|单位|单位名称|单位全称|"
        "企业|企业名称|企业名|企业全称|名称|机构名称|商户名称|店铺名称|厂家|厂商|厂名|"
        "往来单位|顾客|顾客名称|甲方|客戶名稱|客戶|公司名稱|單位名稱|企業名稱",
        "name",
    ),
    _field(
        "contact_name",
        "text",
        "Contact|联系人",
        "Contact name|Contact person|Person|Full name|Primary contact|Attention|"
        "姓名|联系人姓名|联系人名称|客户联系人|主要联系人|首要联系人|联络人|对接人|经办人|"
        "接口人|收件人|法人|法人代表|法定代表人|老板|名字|聯繫人|聯絡人|聯系人",
        "name",
        part="contact",
    ),
    _field(
        "phone",
        "phone",
        "Phone|电话",
        "Telephone|Tel|Phone number|Telephone number|Office phone|Business phone|"
        "Work phone|Company phone|Landline|Contact number|"
        "电话号码|联系电话|联系方式|固话|固定电话|座机|座机号码|办公电话|公司电话|单位电话|"
        "客户电话|企业电话|總機|总机|電話|聯繫電話|聯絡電話|号码",
        "phone",
        64,
    ),
    _field(
        "phone2",
        "phone",
        "Second phone|其他电话",
        "Other phone|Phone 2|Alternative phone|"
        "电话2|备用电话|第二电话|其它电话|更多电话",
        limit=64,
    ),
    _field(
        "mobile",
        "phone",
        "Mobile|手机",
        "Mobile phone|Mobile number|Cell|Cell phone|Cellphone|"
        "手机号|手机号码|移动电话|联系手机|联系人手机|联系人手机号|联系人手机号码|手機|"
        "手機號碼|联系人电话|联系人联系电话|Contact phone|Contact mobile|行動電話",
        "phone",
        64,
        "contact",
    ),
    _field(
        "email",
        "email",
        "E-mail|邮箱",
        "Email|Mail|E-mail address|Email address|"
        "电子邮箱|电子邮件|邮件|邮箱地址|邮件地址|公司邮箱|企业邮箱|Company email|"
        "電子郵箱|電子郵件|郵箱|電郵",
        "email",
        254,
    ),
    _field(
        "email2",
        "email",
        "Second e-mail|其他邮箱",
        "Other email|Email 2|备用邮箱|其它邮箱|邮箱2",
        limit=254,
    ),
    _field(
        "contact_email",
        "email",
        "Contact's e-mail|联系人邮箱",
        "Contact email|Personal email|个人邮箱|联系人电子邮箱|联系人邮件",
        "email",
        254,
        "contact",
    ),
    _field(
        "function",
        "text",
        "Job position|职务",
        "Position|Job title|Job|Title|Function|"
        "职位|岗位|头衔|联系人职务|联系人职位|職務|職位",
        "function",
        part="contact",
    ),
    _field(
        "decision_role",
        "choice",
        "Role in the decision|决策角色",
        "Decision role|Role|角色|决策链角色|采购角色|决策影响",
        "decision_role",
        part="contact",
    ),
    _field(
        "vat",
        "credit_code",
        "Unified social credit code|统一社会信用代码",
        "Credit code|USCC|Tax ID|VAT|VAT number|Tax number|TIN|"
        "信用代码|社会信用代码|统一信用代码|社会统一信用代码|税号|纳税人识别号|"
        "纳税识别号|营业执照号|营业执照号码|統一社會信用代碼|稅號",
        "vat",
        64,
    ),
    _field(
        "id_number",
        "id_number",
        "ID number|身份证号",
        "Identity card|Identity number|ID card|National ID|"
        "身份证|身份证号码|证件号|证件号码|公民身份号码|身份證號",
        "id_number",
        64,
        "contact",
    ),
    _field(
        "customer_code",
        "text",
        "Customer code|客户编号",
        "Code|Customer no|Customer number|Customer ID|Account number|Reference|Ref|"
        "编号|客户编码|客户代码|客户号|编码|代码|会员号|会员卡号|卡号|客戶編號",
        "ref",
        64,
    ),
    _field(
        "customer_type",
        "choice",
        "Kind of customer|客户类型",
        "Customer type|Type|Account type|客户性质|客户类别|类型|性质|个人企业",
    ),
    _field(
        "industry",
        "choice",
        "Industry|行业",
        "Sector|Business|Trade|所属行业|客户行业|行业类别|行业分类|行業|经营行业",
        "industry_id",
    ),
    _field(
        "level",
        "choice",
        "Level|客户等级",
        "Customer level|Grade|Rating|Tier|Class|"
        "客户级别|等级|级别|客户星级|客户分级|VIP等级",
        "customer_level_id",
    ),
    _field(
        "source",
        "choice",
        "Source|客户来源",
        "Lead source|Customer source|Channel|Origin|"
        "来源|来源渠道|获客渠道|渠道|信息来源|線索來源",
        "customer_source_id",
    ),
    _field(
        "size_class",
        "choice",
        "Size|规模",
        "Size class|Company size|企业规模|公司规模|客户规模|人员规模|單位規模",
        "size_class",
    ),
    _field(
        "lifecycle_state",
        "choice",
        "Lifecycle|客户状态",
        "Lifecycle state|Status|Customer status|State of customer|状态|生命周期|"
        "客户阶段|成交状态|合作状态|跟进状态",
        "lifecycle_state",
    ),
    _field(
        "country",
        "choice",
        "Country|国家",
        "Country/Region|国家地区|国家/地区|所在国家|國家",
        "country_id",
    ),
    _field(
        "state",
        "choice",
        "Province|省份",
        "State|Region|State/Province|省|省市|省区|所在省|所在省份|所属省份|省自治区|地区|"
        "区域|所在地区|所属区域|省/市|省级",
        "state_id",
    ),
    _field(
        "city",
        "text",
        "City|城市",
        "Town|市|所在城市|地市|城市名称|所在市|地级市",
        "city",
    ),
    _field(
        "district",
        "text",
        "District|区县",
        "County|区|县|区/县|县区|行政区|市区|所在区",
    ),
    _field(
        "street",
        "text",
        "Address|地址",
        "Street|Street address|Full address|Company address|Office address|"
        "详细地址|公司地址|单位地址|联系地址|通讯地址|客户地址|企业地址|注册地址|办公地址|"
        "收货地址|通信地址|街道|地址详情|經營地址|经营地址|住址|家庭住址",
        "street",
        300,
    ),
    _field(
        "zip",
        "text",
        "Postcode|邮编",
        "Zip|Zip code|Postal code|邮政编码|郵編",
        "zip",
        24,
    ),
    _field(
        "website",
        "text",
        "Website|网址",
        "Web|URL|Web site|Homepage|Home page|"
        "网站|官网|公司网址|公司网站|主页|網址|網站",
        "website",
        300,
    ),
    _field(
        "owner",
        "choice",
        "Owner|客户负责人",
        "Salesperson|Sales rep|Sales representative|Sales|Account manager|Responsible|"
        "Assigned to|Account owner|"
        "业务员|销售|销售员|销售人员|销售代表|客户经理|跟进人|所属销售|所属人|归属人|"
        "归属销售|负责销售|负责人员|业务经理|客户所有人|跟单员|業務員|專員|业务负责人",
        "user_id",
    ),
    _field(
        "team",
        "choice",
        "Sales team|销售团队",
        "Team|Department|团队|部门|所属部门|所属团队|销售部门|业务部门|归属部门|小组",
        "team_id",
    ),
    _field(
        "tags",
        "tags",
        "Tags|标签",
        "Tag|Labels|Label|Category|Categories|Keywords|客户标签|分类|客户分类|标记|標籤",
        "category_id",
        0,
    ),
    _field(
        "comment",
        "text",
        "Notes|备注",
        "Note|Comment|Comments|Remark|Remarks|Description|Memo|"
        "说明|备注信息|客户备注|描述|备忘|其他|其它|備註|客户简介|简介|情况说明",
        "comment",
        32_000,
    ),
    _field("fax", "note", "Fax|传真", "Fax number|传真号|传真号码|公司传真|傳真"),
    _field(
        "wechat",
        "note",
        "WeChat|微信",
        "WeChat ID|Wechat number|微信号|微信号码|联系人微信",
    ),
    _field("qq", "note", "QQ|QQ", "QQ number|QQ号|QQ号码|联系QQ|联系人QQ"),
    _field(
        IGNORE,
        "ignore",
        "Do not import|不导入",
        "|".join(REASON_HEADERS)
        + "|No|#|Row|Line|Line no|Serial|Serial no|Index|序号|行号|序列|顺序号|序|序號",
        limit=0,
        part="none",
    ),
)

FIELDS: dict[str, ImportField] = {field.name: field for field in _FIELDS}


@lru_cache(maxsize=8192)
def header_key(label: str) -> str:
    """Return what is compared of a header: width, case, blanks, marks dropped.

    A header of marks only keeps them (``#``).
    """
    folded = unicodedata.normalize("NFKC", label).casefold()
    letters = "".join(char for char in folded if char.isalnum())
    return letters or "".join(folded.split())


# header_key of every label and synonym -> field name; the first field wins.
SYNONYMS: dict[str, str] = {}
for _one in _FIELDS:
    for _word in (_one.name, _one.label_en, _one.label_zh, *_one.synonyms):
        SYNONYMS.setdefault(header_key(_word), _one.name)


def field_of(name: str) -> ImportField | None:
    """Return the field of a technical name; ``property:<label>`` included."""
    if not name.startswith(PROPERTY_PREFIX):
        return FIELDS.get(name)
    label = name.removeprefix(PROPERTY_PREFIX)
    return ImportField(name, "property", label, label, (), 2000, "customer", "")


def label_of(name: str, lang: str) -> str:
    """Return the label of a field for ``zh…`` languages or English."""
    field = field_of(name)
    if field is None:
        return name
    return field.label_zh if lang.startswith("zh") else field.label_en
