"""Traditional characters as ledgers may have them in headers and names, and the simplified ones.

A small table of what the dictionaries and the names of places use; values are kept as typed, only
what is compared is folded.
"""

from __future__ import annotations

__all__ = ["simplified"]

_TRADITIONAL = (
    "編號區稱戶數類別鄉狀態經緯設機構築積務養護樓盤莊項劃規總單標準級員職齡歲長書證醫"
    "療衛檢驗審備營運門開關東現況閒間場處屬鎮與縣農飯廳動學習點輔復賃購買換協調聯網監"
    "測預傳報應專業達質補適萬產權綜際託內資據來時啟結擬圖層寬離線連歷會團園錄實廠倉庫"
    "殘難體頭條徑費價額選無為確認變舊階緊嚴災險餘幾麵臨邊樞節雙陽陰榮慶華豐廣寧濟黃龍"
    "鳳銀錦麗藍綠衞說註記電話繫組織領導籌辦計"
)
_SIMPLIFIED = (
    "编号区称户数类别乡状态经纬设机构筑积务养护楼盘庄项划规总单标准级员职龄岁长书证医"
    "疗卫检验审备营运门开关东现况闲间场处属镇与县农饭厅动学习点辅复赁购买换协调联网监"
    "测预传报应专业达质补适万产权综际托内资据来时启结拟图层宽离线连历会团园录实厂仓库"
    "残难体头条径费价额选无为确认变旧阶紧严灾险余几面临边枢节双阳阴荣庆华丰广宁济黄龙"
    "凤银锦丽蓝绿卫说注记电话系组织领导筹办计"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """Return a text with the traditional characters of the table made simplified."""
    return text.translate(_TABLE)
