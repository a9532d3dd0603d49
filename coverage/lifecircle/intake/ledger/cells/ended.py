"""Words by which a cell says that a place is no more, or not yet, beside a row's stage.

Part by part of what is said: a word of another time (原, 计划) unsays its own part only. What is
said unsurely (可能停用, 已撤销？) leaves the stage open as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.clauses import (
    ONLY_ACCEPTED,
    OPENING,
    PERHAPS_USED,
    is_unsaid,
    said_unsurely,
    verbs_of,
)
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold, match_word, undecided_stage
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ANOTHER_TIME",
    "SHUT_SINCE",
    "STANDS",
    "contradicted",
    "denies",
    "is_over",
    "not_known",
    "open_to_doubt",
    "parts_of",
    "without_when",
]

_PARTS = re.compile(r"[,;。、，；\n()（）【】\[\]]+|(?<!\d)[.:]+|[.:]+(?!\d)")
"""Between what a cell says; not within 2023.5."""
_WHEN = re.compile(
    r"^(现|现已|目前|目前已|该站|该处|该设施|该小区|设施|房屋|自|从|于|因故|已于|整体|全部|暂时|长期|一直"
    r"|临时|基本|处于|仍|均|常年|多年|又|再次|再度|(受|因|由于)?(新冠)?疫情(期间|以来|影响|原因|防控)*)+"
)
_SINCE = re.compile(
    r"^(自|从|于|已于)?(\d{1,4}([.\-/]\d{1,2}){1,2}[月日]?|(\d{2,4}|今|去|前)年?(\d{1,2}月)?(\d{1,2}日)?)\s*"
    r"(年?[初底末尾]|年?中(?!心)|岁末)?(起|[之以]?后|[之以]?前|以来|开始|已)?"
)
_THEN = re.compile(r"(于|在|:)?\s*(19|20)\d\d([年月.\-/]\d{1,2}){0,2}[年月日]?(年?[初中底末尾])?$")
"""The day before what happened then (2023.5停用), and behind it (停用于2023年)."""
ANOTHER_TIME = re.compile(
    r"恢复(?!重建)|重新(?!选址|装修|修|建设|施工|改造|布置|招)|曾|原(?!因|址|地|房|用房|[运经]营|承[租包])"
    r"|拟|计划|(?<!麻)将|除外|以前|之前"
)
"""Words by which a part speaks of another time: that part, not those beside it."""
_NOT_BACK = re.compile(r"(未|没有?|无法|不能)(能|再)?(恢复|重新)")
"""A word of another time that is denied: 未能恢复使用."""
_SIGN_ONLY = re.compile(
    r"(只|仅)(有)?挂(了)?牌(子)?|(已)?挂牌(但)?(未|没有?)(运营|启用|使用|开放|营业)|有牌无.*"
)
_CARE = r"(养老|老年|助老|为老|照料|托老|老人|敬老|幸福院|康养|长者)"
_NOT_OWN = rf"(?!.*{_CARE})"
_GONE = re.compile(
    r"(已|现)?(对外)?(出租|租给.{1,8})|(已|现|房屋|用房|场地|房间)*被.{0,8}(占用|挪用|借用|出租|收回)"
    rf"(用?[作于做为]|来)?(办公|使用|经营|居住|存放.{{1,6}})?|(已|现|房屋|用房|对外|暂时?|临时)*(出借|借给{_NOT_OWN}.{{1,10}})"
    rf"|(已|房屋)*(收回|退租)|(已|现|改|用|作|实际|目前|现状)*(为|作|成|于){_NOT_OWN}.{{0,6}}(接种点|隔离点|检测点|采样点|警务室|棋牌室"
    r"|库房|仓储|学校|超市|商铺|仓库|门面|办公室?|他用|服务中心|卫生室|居委会|村委会|幼儿园"
    r"|宿舍|饭店|会议室)(用房)?|堆(放|满)(了)?(杂物|物资)"
    r"|(已|现|长期|常年|临时|暂时)*(关门|关闭|锁门|倒闭|吊销|撤并|撤点|拆迁|征收)"
    r"|(已|现|暂|暂时)*不再?(运营|使用|营业|经营|开放|开门)|(已|现)?停止(服务|运营|使用|营业|开放|经营)"
    r"|暂停(开放|服务|使用|营业|运营)|(已|现)(搬迁|迁址)|(已|现)?(迁走|搬走|搬离|迁出)|(已|现)(搬迁?|迁)(至|到|往).+"
    r"|名存实亡|(未|没有|不)(再|开展|提供)+服务"
    r"|大?门(紧锁|上锁|锁闭|锁着)|停业(整顿|装修)|无人(运营|经营|使用)"
    r"|(尚|还)?(未|没有?)(建成|建设|完工|竣工|动工|开工)|(.{0,4}到期|.{1,8}(不合格|不达标|隐患|纠纷|漏水|漏雨)|危房)(停用|停运|停业|关停|关闭|闲置|停止运营)"
    r"|(已|现)*被(拆迁|拆除|撤并|征收|关停|取缔|注销|吊销)(了)?|(已|现)?(停用|停业|停运|关停|关门|关闭|闲置|空置)(了)?(至今|未用|不用|状态"
    r"|[近约]?([一二两三四五六七八九十\d]+|多|数)余?(年|个月)[多余]?)?"
    r"|(已经?)?(拆|停|关|没|搬|搬走|迁走|黄)了|不(在|用)了|不(复)?存在|查无此.{1,2}|找不到|人去楼空|大门紧闭"
    r"|(原址|原?用?房屋?)已?拆除|(目前|现|尚|暂)*(无法|不能|不可|不宜|不具备)(正常|正式)*(启用|投用|使用|运营|经营|营业|开放|运行)(条件|要求)?"
)
"""What says that a place serves no more, or not yet."""
_SHUT_ROOMS = re.compile(
    r"(暂|暂时)*不对外(开放|营业|运营)|(已|现)?(合并|并|归并|撤并)(至|到|入)(?!.*(平台|系统|网络|台账|名录|目录|医共体)).+"
    r"|(搬迁?|迁移?)(至|到|往)(?![现此本]).+|(内部|室内|整体|全面)(装修|改造)|(?=正在|.*[中间]$)(正在|内部|室内|整体|全面|重新)*((装修|改造|维修|修缮|升级|提升|整修|整改|改扩?建|扩建)+)"
    r"(施工)?(中|期间)?"
)
"""What shuts rooms, perhaps, and no estate: people live on where it is renewed, or gated."""
_NOT_ALL = (
    r"(?!.*([一二三四五六七八九十\d]+[楼层]|部分|电梯|厨房|食堂|器材|设备|空调|卫生间|浴室|轮椅"
    r"|停车|网络|系统))"
)
_OTHERS_ROOMS = (
    rf"{_NOT_OWN}.{{0,6}}(仓库|库房|仓储|超市|商店|商铺|小卖部|门市|门面|饭店|餐馆|茶馆|茶室|麻将馆|幼儿园|托育|学校"
    r"|培训|办公|会议|棋牌|麻将|宿舍|警务|卫生室|诊所|药店|健身房|车库|车棚|物业|快递|居委会|村委会|居住|他用)(室|点|站|中心|机构|用房)*"
)
_STOPPED = (
    "(停用|停业|停运|停办|关停|关闭|闲置|空置|关门|锁门|歇业)"
    "(整改|整顿|装修|维修|改造|检修|检查|维护)"
)
_SERVE = "(开放|开门|运营|营业|启用|使用|开业|投用|复工|复业|运行)"
_OUT_OF_USE = re.compile(
    rf"{_STOPPED}(中|期间)?|(白天|平时|平日|日常|工作日|经常|多数时间|大部分时间)+(大门)?(锁|关|没人|无人|不开)(门|着)?"
    rf"|{_NOT_ALL}.{{0,8}}(不能|无法|不可|难以|没法)(正常|继续|对外)*{_SERVE}(了)?"
    rf"|{_NOT_ALL}.{{0,8}}(一直|至今)*(未|没有?)(再|能|恢复|重新)+(正常|对外)*{_SERVE}(过|了)?"
    rf"|(暂缓|推迟|延期|延后|延迟|暂不)(对外)?{_SERVE}"
    r"|(只|仅)(有|剩|见|留)(下|了)*(一?[块个])?空?(牌子?|门头|招牌|标牌|牌匾)"
    rf"|(已|现|后|又)*(转|变|改|换)[变型做作建造]?[为成作做给]{_OTHERS_ROOMS}"
    rf"|(已|现|实际|目前)*(当|充当|用作|用做|当作|供|做|作){_OTHERS_ROOMS}(使用|用)"
    rf"|(已|现|房屋|用房|场地|对外)*(出租|转租|外租)(给|于|作|用于|用作){_NOT_OWN}.{{1,10}}"
    r"|(租赁|租房|用房|房屋)*(合同|协议|租期|租约)(已经?|现|均)*(到期|期满|终止|解除|过期)(未续签?|尚未续签)?"
    r"|(整体|全部)*(征收|征迁|拆迁|腾退|搬迁|清空|腾空)(完毕|完成|完|结束)(了)?"
)
"""What shuts rooms, or turns them over to others, in more words than one: 停用整改, 转为仓库."""
_RUNS = "(运营|经营|管理|服务)*(方|商|主体|单位|机构|企业|公司|团队)"
_HELD_BY = (
    "(物业|开发商|商户|租户|企业|学校|幼儿园|超市|个人|他人)(公司|单位)?(暂时?|临时|长期|实际)*"
    "(占用|使用|借用|租用|暂用|占)|(社区|居委会?|村委会?|街道|镇政府|单位)(暂时?|临时|长期)*(占用|借用|暂用|租用)"
)
_NOT_YET = re.compile(
    rf"(正在|重新|待|目前|现|尚|仍|还)+(公开|对外)*招(标|租)(确定|选)?({_RUNS}|运营)?(中|阶段|期间)?"
    rf"|({_RUNS}|公开|对外)*招(标|租)(中|阶段|期间)|招标"
    rf"|{_RUNS}(正在|公开|重新|待|尚|暂|还|仍)*(待定|未定|未确定|未落实|未进驻|未入驻|未到位|招标|招租)(中)?"
    rf"|(暂|尚|目前|现|仍|还)*(无|没有|未(确定|落实|引入|引进)|待(确定|落实|引入|引进)){_RUNS}"
    r"|(正在|尚在|仍在|在)?(开业|投用|启用|移交|前期|相关|各项|有关|交接|接收)*手续(正在|尚在|仍在|在)?(办理|补办)(中)?"
    r"|(正在|尚在|仍在|在)(办理|补办)(开业|投用|启用|移交|前期|相关|各项|有关|交接|接收)*手续"
    r"|(开业|投用|启用|移交|前期|相关|各项|有关|交接|接收)*手续(尚|还|仍|暂)*(未|没有?)(办理?|办完|办好|办结|完成|齐全)+"
    r"|(尚|还|仍|均|暂)*(未|没有?|无|不)通?(水电气?|水、电)|水电气?(尚|还|仍|均)*(未|没有?|不)(接?通|到位|安装)"
    r"|(装修|改造)(工程)?(尚|还|仍)*(未|没有?)(完|完成|结束|完工|竣工)|(尚|还|仍)*(未|没有?)(装修|改造)(完|完成|好|完毕)"
    rf"|(.{{0,8}}(公司|机构|企业|单位|{_RUNS}))?(尚|还|仍|暂|至今|均)*(未|没有?)(正式|实际)*(进驻|入驻|进场|接手)"
    r"|(极少|很少|基本不|基本没|几乎不|几乎没|不怎么)有?(使用|开放|运营|营业|开门|用|开|人[用来])"
)
"""What rooms wait for before anybody is served there: who runs them, papers, water, walls."""
_HELD = re.compile(rf"(目前|现|现由|实际|暂时?|一直|房屋|用房|已)*(由|被|为)?({_HELD_BY})(中|了)?")
"""Others who have the rooms: 物业占用, 目前由物业使用."""
_NOW = (
    "(经?(现场|实地|多次|抽查|暗访|巡查)*(检查|核查|查看|走访|巡查|抽查|暗访)(时|发现|中)*|现场|实际?上?|现状|目前|现在?|已经?|均|都|一直|长期"
    "|常年|至今|始终|仍|建成后|该站|该处|房屋|用房|场地|设施|整体|全部|内部|站内|室内|擅自|违规|私自|属于?|系)*+"
)
"""What stands before the word that says what became of rooms, if anything does: of nothing else."""
_FOUND = "(存在|发现|有)+(部分)?"
_SORTS = "(现象|情况|问题|行为|迹象)?"
_TURNED_OVER = re.compile(
    rf"{_NOW}(被.{{0,8}})?挪(用)?(作|为|做|给|于)(了)?.{{1,10}}"
    rf"|{_NOW}(被.{{0,8}})?(改|转|变)(变?型?[为作成做]|建[为成]?|造[为成])(了)?{_OTHERS_ROOMS}(使?用)?"
    rf"|{_NOW}被.{{0,8}}(占用|挪用|侵占|霸占|强占|挤占|征用|查封|征收|拆除|征收拆除)(了)?"
    rf"|{_NOW}(改变|变更)(了)?(房屋|用房|使用)?(用途|使用性质)"
    rf"|{_NOW}(挪用|侵占|挤占)(了)?|{_NOW}{_FOUND}(被)?(挪用|占用|侵占|挤占|(擅自)?改变用途){_SORTS}|{_NOW}被.{{0,4}}(用作|用于|作为|当作|当成).{{1,10}}"
    rf"|{_NOW}(用途)?(为|是|做|当|当作|用作|作为?){_OTHERS_ROOMS}(使?用)?|{_NOW}(被?用[于来]存放|(被?用[于来])?堆[放满])(着|了)?{_NOT_OWN}.{{1,6}}"
    rf"|{_NOW}(对外)?(出租|转租|外租)(了)?(给.{{1,8}}|经营|使用)?"
)
"""What says that others have the rooms, whatever the stage: 现被挪作棋牌室, 改变用途, 实为超市."""
_SERVES_NOBODY = re.compile(
    rf"{_NOW}(并|尚|还|从来?|暂)*(未|没有?)(曾|再)*(正式|实际|真正|正常|有效|对外|能)*(开展|提供)(过|任何|相关|实质性?|实际|有效|养老|为老|的)*(服务|业务)(工作)?"
    rf"|{_NOW}(并|从来?|还|尚|暂)*(未|没有?)(曾|再)*(正式|实际|真正|对外|能|被)*(投入)?{_SERVE}(使用|运营|服务)?(过|了)?"
    rf"|{_NOW}无(实际|实质性?|任何)?(养老)?服务(开展|内容|活动)?|{_NOW}(闲置|空置|荒废|废弃|停摆)(多年|已久)?(无人(使用|问津|管理))?|{_NOW}{_FOUND}(闲置|空置|荒废){_SORTS}"
    rf"|(大部分|多数|绝大多数)时间(闲置|空置|关闭|不开放|关门)|有名无实|徒有虚名|空壳(化)?(站点|机构)?|空挂(着)?牌(子)?|挂空牌"
    rf"|{_NOW}(只|仅)?(有)?挂(了)?牌(子)?(但|而|却)?(并)?(未|没有?|无)(实际)?(开展|提供)?(养老)?(服务|业务|{_SERVE})"
    rf"|{_NOW}(大?门)?{_NOW}(未|没|不)开(过)?门?|{_NOW}(大门|门){_NOW}(关闭|紧闭|紧锁|锁闭|锁着|上锁|关着)|{_NOW}(关门|锁门|关闭|闭门)"
    r"|(尚|还)未(开始)?(装修|改造)"
)
"""What says that rooms in use serve nobody, or never did: 大门常年关闭, 至今未启用."""
_NO_HOMES = re.compile(
    r"(无|没有|不含)(住宅|住户|居民)|(纯|全为|全部为)?(商业|商办|工业)(项目|楼|地块|用地)"
    r"|(已)?(并入|合并到|合并至|归并到).{1,12}|(与|同|和|跟|系).{1,14}(重复|[为是]?同一个?小区)(登记|填报|统计|计算)?"
)
"""What says that a row is no estate of its own: 商业项目，无住宅, 已并入西园, 与R2重复."""
_OPEN_NOW = re.compile(
    r"(现|现已|现在|目前|目前已|已经?)(正常|全面|对外)*(开放|运营|营业|使用|启用|运行|复工)(中|了)?"
    r"|(已|重新)*(续签|续租|续约)(了)?(合同|协议)?|正常(运营|开放|营业|使用|运行)|不影响(正常|日常|其)?(运营|开放|营业|使用|运行|服务)|照常(运营|开放|营业|服务)"
)
_OPENED = re.compile(
    r"(现|现已|目前|目前已|已经?)(正式|全面|整体|建成|完工|竣工|并)*"
    r"(投用|投入(使用|运营|运行)|开业|恢复(运营|使用|开放|营业)|重新(开放|启用|投用|运营|营业))(了)?"
)
"""What says, beside a stage of what does not stand, that it is open by now."""
_ON_A_DAY = re.compile(
    r"^(自|从|于|已于|到|至|待|预计|计划|将于?|拟于?)*(\d{4}([.\-/]\d|年|$)|\d{2}年)"
)
"""How a part begins that says when: what opened, or opens, then is told by the day of judging."""
_OCCUPIED = re.compile(
    r"((现|现已|目前|目前已|已经?)(全部|陆续|正式)?(入住|交房|交付(使用)?)|(居民|业主|住户)(均)?已(全部|陆续)?入住"
    r"|入住率(约|达|已达)?[1-9]\d*(\.\d+)?%(以上|左右)?)(了)?"
)
_ENDS_AGAIN = re.compile("停|关|闲置|空置|撤|拆|注销|倒闭|占用|挪用")
_BACK = re.compile(
    r"(恢复|重新|再次).{0,6}(运营|营业|使用|开放|启用|投用|开业|运行|服务|开门|供餐)"
    r"|(^|已|现|年|月|日|后|即|均|全面|全部)恢复(正常)?$|正常(运营|营业|使用|开放|运行)$"
    r"|(已|完成|后|年)(全部|整体|陆续)?(回迁|入住)|(回迁|入住|重建|翻建)(完成|完毕|后)"
    rf"|(改|转)(造|建|型|换)?(为|成).*{_CARE}"
)
"""What says, behind an end, that it is over: now, or since."""
_AGAIN = re.compile(r"[与和同跟].{1,12}重复(填报|登记|录入|上报|统计)?")
_ELSEWHERE = re.compile(r"周边|附近|邻|其[他它余]|另[一外]|转[至到由]|由.{1,8}承")
"""What runs as usual is another place: 已停用，周边站点正常运营."""
_STILL_AHEAD = re.compile(
    r"拟|计划|将|待|预计|预期|准备|力争|争取|未|没|尚|无法|不|暂|在建|正在|施工|中$"
)
"""Words by which that is yet to come: 已停用，计划2026年重新启用 is out of use."""
_UNBUILT = re.compile(
    r"(仍|尚|还|暂)*((在建|正在(建设|施工)|施工中?|建设中|未(竣工|完工|建成|开工))"
    r"(且|并|尚|仍|还|暂)*(未(交付|移交|验收|启用|投用|使用|运营|竣工|完工))*)+"
)
_NOT_HANDED_OVER = re.compile(r"(仍|尚|还|暂)*未(能|正式)?交付(使用)?")
_NOT_TAKEN_OVER = re.compile(r"(仍|尚|还|暂)*未(能|正式)?(移交|接收)")
_SHUT = (_SHUT_ROOMS, _NOT_YET, _HELD, _SERVES_NOBODY)
STANDS = frozenset({Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE})
SHUT_SINCE = frozenset({Stage.IDLE, Stage.MISUSED, Stage.CLOSED})
"""Stages of what was open once, mostly."""


def open_to_doubt(stage: str | None, cell: object) -> bool:
    """Return whether a cell says anything, beside a stage of what stands: of that alone."""
    return not is_blank(cell) and (stage is None or stage in STANDS)


def parts_of(cell: object) -> list[str]:
    """Return the folded parts of what a cell says."""
    return [*filter(None, _PARTS.split(fold(cell)))]


def contradicted(stage: str | None, cell: object, *, layer: str = "") -> str | None:
    """Return the part of a remark that says another stage than the row does; None: none.

    ``stage``: as read; None is what a blank is: in use, of an area. What stands is contradicted by
    a word of what does not (停用, 闲置, 在建), or of what nobody places (未启用); what does not by
    one that calls it open now (已投入使用), or lived in (已入住).
    An end that other words behind it call over (疫情期间停业，现已开放) is none, but what is to be
    opened again (已停用，计划重新启用) is out of use; works (装修中) shut a facility, perhaps.
    """
    if is_blank(cell):
        return None
    text = fold(cell)
    if stage is not None and stage not in STANDS:
        parts = parts_of(text)
        another = stage == Stage.MISUSED and any(map(_GONE.fullmatch, parts))
        return None if another else _opened(parts, layer)  # 现为超市，正常营业: the shop is open
    if match_word("stage", text) == Stage.PLANNED:  # 拟 speaks of another time, 拟建 of this
        return text
    parts = parts_of(text)
    if (end := _end(text, stage, layer)) is not None:
        return end
    if stage == Stage.IN_USE and (waits := ONLY_ACCEPTED.search(text)):
        return waits[0]
    opens = (one for one in parts if any(map(OPENING.fullmatch, [one, *verbs_of(one)])))
    opening: str | None = next(opens, None)
    told = opening is not None and (stage in {None, Stage.IN_USE} or "验收" in opening)
    return opening if told else None


def _opened(parts: list[str], layer: str) -> str | None:
    """Return the last part that calls a place open now, or lived in, and that none ends again.

    What opened on a day (2020年已启用, 2027年启用) the day of judging tells (``other_days``).
    """
    for n in range(len(parts) - 1, -1, -1):
        if _ENDS_AGAIN.search(parts[n]):
            return None
        if not _ON_A_DAY.match(parts[n]) and _is_open(parts[n], layer):
            return parts[n]
    return None


def _is_open(part: str, layer: str) -> bool:
    if layer == "residential":
        return _OCCUPIED.fullmatch(part) is not None
    bare = without_when(part)
    used = (match_word("stage", said) == Stage.IN_USE for said in (bare, bare.removesuffix("中")))
    return any(words.fullmatch(part) for words in (_OPENED, _OPEN_NOW)) or any(used)


def _end(text: str, stage: str | None, layer: str) -> str | None:
    """Return the first part that ends a row's stage and that none behind it calls over."""
    parts = parts_of(text)
    for n, part in enumerate(parts):
        former = n > 0 and "原" in parts[n - 1] and "并" in part  # 原村委会撤销，并入东关社区
        unused = any(
            (not former and _is_shut(said, stage, layer)) or _is_none(said, stage, layer)
            for said in _said_in(part)
        )
        ends = unused or denies(part, stage) or _doubts(part, stage)
        then = ANOTHER_TIME.search(part) and not _NOT_BACK.search(part)
        if ends and not (then or is_over(parts[n + 1 :]) or is_unsaid(text, parts, n)):
            return part
    return None


def _said_in(part: str) -> list[str]:
    """Return a part, and what it says without its time, its cause or what went before.

    Works of a year (2023年内部装修) are done, mostly.
    """
    bare = without_when(part)
    behind = [said for verb in verbs_of(bare) for said in (verb, without_when(verb))]
    dated = [] if bare.endswith(("装修", "改造")) else [bare]
    return [*dict.fromkeys(filter(None, (part, *dated, *behind)))]


def _is_shut(part: str, stage: str | None, layer: str) -> bool:
    """Return whether a part shuts rooms in use, or says that a row is no estate of its own."""
    if layer == "facilities":
        shut = any(words.fullmatch(part) for words in _SHUT)
        return (stage in {None, Stage.IN_USE} and shut) or _TURNED_OVER.fullmatch(part) is not None
    return layer == "residential" and _NO_HOMES.fullmatch(part) is not None


def without_when(part: str) -> str:
    """Return a part without the time before it: 目前已停用, 自2023年起停用."""
    return _SINCE.sub("", _WHEN.sub("", part))


def is_over(behind: Iterable[str]) -> bool:
    """Return whether parts behind an end say that it is over."""
    return any(
        _OPEN_NOW.fullmatch(part)
        or (_BACK.search(part) and not (_STILL_AHEAD.search(part) or _ELSEWHERE.search(part)))
        for part in behind
    )


def not_known(stage: str | None, cell: object, *, layer: str) -> list[str]:
    """Return the parts of a remark that do not just say again what the row's stage does.

    Of rooms without a stage nobody knows what there is to say again. An end that is called over
    behind it (疫情期间停业，现已开放) is known.
    """
    parts = parts_of(cell)
    if stage is None and layer != "residential":
        return parts
    return [
        part
        for n, part in enumerate(parts)
        if not (
            _says_again(part, stage, layer) or (denies(part, stage) and is_over(parts[n + 1 :]))
        )
    ]


def _says_again(part: str, stage: str | None, layer: str) -> bool:
    bare = without_when(part)
    meant = {match_word("stage", said) for said in (bare, bare.removesuffix("中"))} - {None}
    stands = stage is None or stage in STANDS
    return (stands and (_is_open(part, layer) or bool(meant & STANDS))) or stage in meant


def _is_none(part: str, stage: str | None, layer: str) -> bool:
    """Return whether planners' words say that nobody uses, or lives in, what stands here."""
    meant = match_word("remark", part) or match_word("remark", _WHEN.sub("", part))
    used = stage in {None, Stage.IN_USE}
    unsold = meant == "unsold" and stage is None
    there = meant != "not_there" and not _AGAIN.fullmatch(part)
    return not there or (used and meant == layer) or (unsold and layer == "residential")


def _doubts(part: str, stage: str | None) -> bool:
    """Return whether a part says unsurely that a place is no more, or whether it is in use."""
    said = said_unsurely(part)
    return said is not None and (denies(said, stage) or PERHAPS_USED.fullmatch(said) is not None)


def denies(part: str, stage: str | None) -> bool:
    """Return whether a part says that a row is not what its stage says."""
    return any(_is_denied(said, stage) for said in _said_in(part))


def _is_denied(part: str, stage: str | None) -> bool:
    bare = _THEN.sub("", without_when(part)) or part
    for said in dict.fromkeys((part, bare, bare.removesuffix("中"), bare.removesuffix("了"))):
        meant = match_word("stage", said)
        if meant is not None:
            return meant not in STANDS
        if any(words.fullmatch(said) for words in (_GONE, _SIGN_ONLY, _UNBUILT, _OUT_OF_USE)):
            return True
        if _NOT_HANDED_OVER.fullmatch(said):  # accepted and not handed over is no contradiction
            return stage in {None, Stage.HANDED_OVER, Stage.IN_USE}
        if _NOT_TAKEN_OVER.fullmatch(said):
            return stage == Stage.HANDED_OVER
        if undecided_stage(said):  # handed over and never opened is no contradiction
            return stage in {None, Stage.IN_USE}
    return False
