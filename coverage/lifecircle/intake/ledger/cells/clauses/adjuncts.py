"""What stands before the verb of a remark: a cause, what went before.

因消防问题于2024年2月停用 says 停用, 已建成未投用 says 未投用.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ONLY_ACCEPTED", "verbs_of"]

_CAUSE = re.compile("因为?|由于|鉴于|受|经.{0,4}(检查|核查|排查|检测|鉴定|评估|研究)")
_BUILT = re.compile(
    r"(房屋|用房|主体|工程|项目)?(已经?|全部)*(建成|建好|完工|竣工|装修(完成|完毕|好)|移交)(后|但|而)*"
    r"(?=[未没待尚还暂仍至一无])"
)
_NOT_ITS_VERB = re.compile(
    r"(厨房|食堂|餐厅|电梯|设备|器材|空调|浴室|卫生间|床位|系统|网络|停车[位场]|通道|道路?|路|[一二三四五\d]+[层楼期]"
    r"|[楼栋室科]|隔壁|对面|旁边|楼上|邻.{0,2}|周边.{0,4}|附近.{0,4}|他站|其[他它].{0,4}|学校|超市|商铺|医院"
    r"|[日夜早晚周末节季午]间?|晚上|白天|假期|不|未|没有?|无|免|防止?|部分|个别|曾|将|拟|计划|原|的)$"
)
"""What, right before a verb, makes it another's, denied, or of some hours: 因装修厨房停用."""
ONLY_ACCEPTED = re.compile(
    r"(?<!未)(已|完成|通过)(竣工)?验收(合格|通过|完成|完毕)?[,、;]?(但|尚|还|仍|暂)*未(正式)?(移交|接收)"
)
"""What says that rooms stand and wait for whoever is to run them."""
_LONGEST = 40


def verbs_of(bare: str) -> Iterator[str]:
    """Yield what a part of a remark may say behind its cause, or behind what went before.

    Parameters
    ----------
    bare
        The part, folded, without the time before it.
    """
    if built := _BUILT.match(bare):
        yield bare[built.end() :]
    cause = _CAUSE.match(bare)
    if cause is None or len(bare) > _LONGEST:
        return
    for at in range(cause.end() + 1, len(bare) - 1):
        if not _NOT_ITS_VERB.search(bare, cause.end(), at):
            yield bare[at:]
