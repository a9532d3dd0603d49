"""Records that there are and nobody can read here: 见附件, 略, 另行提供, 已登记, 字迹不清, 同上.

Whom they name may be any area near the rooms, or the one where they stand, or somebody else. What
says only that nobody has filled the cell in (待补, 未填, 不详) is no more than a blank.
"""

from __future__ import annotations

import re

from lifecircle.intake.ledger.cells.figure_names import DITTO
from lifecircle.model.dictionary import match_word

__all__ = ["kept_or_unread", "without_where_kept"]

_PAPER = (
    r"(?:(?:小区|服务|对象|范围|规划|设计|布局|平面|配建|移交|调剂|共享|共建|台账|档案|相关|有关)*"
    r"(?:附[件表图录页]|[名清]单|备注|说明|[图表]|台账|档案|规划(?:条件)?|方案|协议|合同|文件|批复|会议纪要"
    r"|[上下左右后另前](?:[面方]|[图表页册])?)[\d一二三四五六七八九十]*)"
)
_SYSTEM = (
    r"(?:民政|金民|养老|服务|信息|管理|大数据|全国|[省市县区])*"
    r"(?:系统|平台|数据库|网站|电子版|纸质版?|原件|底稿|原表|底[册图]|公[示告])"
)
_ELSEWHERE = (
    r"(?:具体|详细|服务(?:小区|对象|范围)?|小区|对象|范围|[名清]单|[:：])*"
    rf"(?:(?:请|另|详|参|可|附|已)*(?:见|看|阅)"
    rf"(?:附|备注|后|表|图|另|名单|清单|{_PAPER}|{_SYSTEM}).*|详(?:见|附件|附表|附图|备注)"
    rf"|(?:如|同|参照|按照?|依照?|依据|根据){_PAPER}(?:执行|确定|为准)?|以.{{1,12}}为准"
    r"|据实.{0,6}|按照?实际.{0,6}"
    r"|(?:纸质|原始|历史)?(?:档案|台账|协议|合同)(?:中|内|里)?"
    r"|附[件表图录页](?:[\d一二三四五六七八九十]*|.*[名清]单)|附[后上图]|附.*[名清]单|[另后已]附|另[页册表]"
    rf"|{_SYSTEM}(?:中|内|里|已|有|上|查询?|可)*)"
)
_WITHHELD = (
    r"[从省]?略|(?:涉|保)密|(?:暂|尚|还)?(?:不便?|未)(?:予|宜)?(?:公[开布示]|对外公[开布示])"
)
_TELLING = (
    r"(?:提供|确定|公[布示开告]|明确|通知|告知|说明|上?报|报[送备]|填[报写]|补[充报]?|录入?|[下印]发|发布|核定|[商约议划]?定"
    r"|签[订署]|协商|研究|安排|登记|备案)"
)
_LATER = (
    rf"(?:(?:将|由|拟)?(?:另行?|另外|单独|后续?|随后|稍后|以后|日后|今后)(?:再|予以)?{_TELLING}"
    r"|(?:有?待|尚待|暂未|尚未|还未|未)(?:公[布示告]|[下印]发|发布|商定|约定|协商|签[订署](?:协议)?))"
)
_ON_FILE = (
    rf"(?:均|都)?已经?(?:在.{{1,8}})?{_TELLING}|(?:登记|备案|存档|归档|报备)(?:在[册案]|备查|备案)?|在[册案]"
    r"|已?有(?:服务)?(?:小区|对象|记录|登记|备案|协议|台账|档案)?|[是√✓✔☑]|y|yes"
)
_SCRIPT = (
    r"(?:原始?|纸质|手写|服务|小区|对象|扫描|复印|传真|件|记录|档案|台账|表格?|字[迹体]?|书写|名[称字]?|文字|内容|资料|材料|协议|合同"
    r"|印?章|图片?|照片)*"
)
_SOMEHOW = r"(?:已经?|均|全部?|部分|因|被|的|有|较|太|很|过于|严重|而)*"
_DAMAGE = (
    r"(?:模糊|潦草|涂改|污[损染]|破损|残[缺破]|遮挡|褪色|缺[页损]|损[坏毁]|水浸|霉变|丢失|遗失|缺失|灭失|不清[楚晰]?|不全|不完整"
    r"|漏印|乱码|难认)"
)
_MADE_OUT = (
    r"(?:辨[认识别]|识别|看[清懂出]|认[清出]?|读[取出]?|查[证阅清看]|分[辨清]|核[实对]|确[定认])"
)
_NOT_MADE_OUT = (
    rf"(?:无法|不能|不可|未能|难以|没法|无从){_MADE_OUT}"
    r"|(?:辨[认识别]|识别|[看认辨写印读分])不(?:清楚?|出来?|明|了|懂)"
)
_BLURRED = rf"{_SCRIPT}{_SOMEHOW}(?:(?:{_DAMAGE}|{_NOT_MADE_OUT})(?:[、,而]|以至)?)+"
_CALLED = r"(?:住宅)?(?:小区|社区|家园|花园|[苑园])"
_SIGNS = rf"(?:[×*□■○◯●\ufffd.…·]+|x{{2,}}|某+)(?:{_CALLED})?|\?+{_CALLED}"
_BROKEN = r"#(?:ref|n/a|name|value|div/0|null|num|getting_data|spill)[!?]?"
_HOW_MANY = r"共?(?:(?:\d+|[一二三四五六七八九十几多数两]+)个|若干)"
_DITTOS = "|".join(map(re.escape, sorted(DITTO, key=lambda one: (-len(one), one))))
_UNREAD = re.compile(
    rf"{_ELSEWHERE}|{_WITHHELD}|{_LATER}|{_ON_FILE}|{_BLURRED}|{_SIGNS}|{_BROKEN}|{_HOW_MANY}"
    rf"|{_DITTOS}|”"
)
"""A record that is kept elsewhere, withheld or to be told later, that nobody can make out, or that
tells but how many; and one that is as the row above, which has none."""
_OF_OTHERS = re.compile(r"(?:其[他它余]|剩[余下]|余下)(?:的)?(?:小区|居住区|对象|名单)*")
_ROUND = re.compile(r"[(\[【〔《<]([^()\[\]【】〔〕《》<>]*)[)\]】〕》>]")


def kept_or_unread(folded: str) -> bool:
    """Return whether a piece of a record says that there is one, which is not read here.

    ``folded``: the piece, folded. Nobody knows whether it names the area where the rooms stand.
    """
    text = folded.rstrip("。.!;") or folded
    inside = _ROUND.fullmatch(text)
    text = _OF_OTHERS.sub("", inside[1] if inside else text, count=1)
    return match_word("untold", text) is None and _UNREAD.fullmatch(text) is not None


def without_where_kept(folded: str) -> str:
    """Return a piece of a record without a bracket at its end that says where the rest is kept."""
    at = folded.rfind("(")
    kept = at > 0 and folded.endswith(")") and kept_or_unread(folded[at:])
    return folded[:at] if kept else folded
