"""Build the example proposals of the Guixi study: three projects that nobody plans.

Run it with the project's environment: ``python -B data/guixi/build_proposals.py``. It writes
``proposals/passes.xlsx``, ``proposals/amend.geojson`` and ``proposals/incomplete.toml``, the same
bytes every time. The plots lie on ground where OpenStreetMap has nothing; all else is invented.
"""

from __future__ import annotations

import io
import json

import openpyxl
from build import HERE, freeze_zip
from openpyxl.styles import Font, PatternFill
from pyproj import Transformer

FOLDER = HERE / "proposals"
METRIC = "EPSG:4548"
NOTE = "示例：虚构的项目，仅作演示"


def rectangle(x: float, y: float, width: float, height: float) -> list[list[float]]:
    """Return the corners of a plot in degrees, closed, from metres in EPSG:4548."""
    there = Transformer.from_crs(METRIC, "EPSG:4326", always_xy=True)
    corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    return [[round(v, 6) for v in there.transform(x + dx, y + dy)] for dx, dy in corners]


def passes() -> None:
    """Write a workbook whose plot has exactly what CX-01 asks: 850 户 × 20 m²/百户 = 170 m²."""
    book = openpyxl.Workbook()
    sheets = {
        "项目": [
            ["指标", "数值", "单位"],
            ["项目名称", "示例·贵溪大道东地块住宅项目", None],
            ["项目编号", "示例-2024-01", None],
            ["建设单位", "示例置业有限公司", None],
            ["用地位置", "贵溪大道以东", None],
            ["坐标系", "wgs84", None],
            ["所属社区", "360681001010", None],
            ["用地面积", 2.21, "公顷"],
            ["总建筑面积", 98600, "㎡"],
            ["地上建筑面积", 77350, "㎡"],
            ["容积率", 3.5, None],
            ["绿地率", "35%", None],
            ["规划总户数", 850, "户"],
            ["规划人口", 2295, "人"],
            ["示例", "是", None],
        ],
        "地块": [
            ["地块编号", "地块名称", "规划户数", "经度", "纬度"],
            ["DK-1", "示例·贵溪大道东地块", 850, 117.247376, 28.300284],
        ],
        "设施": [
            [
                *("设施编号", "设施名称", "设施类型", "场所编号", "建筑面积（㎡）", "所在楼层"),
                *("独立出入口", "日照", "产权移交"),
            ],
            [
                *("YL-1", "示例·养老服务用房", "社区养老服务用房", "S1", 100, "1层"),
                *("有", "冬至日2小时", "无偿移交民政部门"),
            ],
            ["YL-2", "示例·助老食堂", "助老食堂", "S1", 70, "1层", "有", None, "无偿移交民政部门"],
        ],
    }
    for number, (title, rows) in enumerate(sheets.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = title
        for row in rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
            sheet.column_dimensions[cell.column_letter].width = 20
    buffer = io.BytesIO()
    book.save(buffer)
    freeze_zip(buffer, FOLDER / "passes.xlsx")


def amend() -> None:
    """Write a renewal that is 20 m² short and pulls down the rooms of a neighbour (F16, R37)."""
    content = {
        "type": "FeatureCollection",
        "project": {
            "项目名称": "示例·站前片区更新项目",
            "项目编号": "示例-2024-02",
            "建设单位": "示例城市更新有限公司",
            "用地位置": "建设路以北",
            "所属社区": "360681001010",
            "用地面积": 22100,
            "总建筑面积": 61000,
            "容积率": 2.2,
            "规划总户数": 500,
            "拆除设施": "F16",
            "示例": "是",
        },
        "features": [
            {
                "type": "Feature",
                "properties": {"图层": "地块", "地块编号": "GX-1", "规划户数": 500},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [rectangle(522980, 3131200, 170, 130)],
                },
            },
            {
                "type": "Feature",
                "properties": {
                    "图层": "设施",
                    "设施名称": "示例·更新项目养老服务用房",
                    "设施类型": "社区养老服务用房",
                    "建筑面积": 80,
                    "所在楼层": "2层",
                },
                "geometry": {
                    "type": "Point",
                    "coordinates": rectangle(523060, 3131210, 1, 1)[0],
                },
            },
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (FOLDER / "amend.geojson").write_text(text + "\n", encoding="utf-8", newline="\n")


def incomplete() -> None:
    """Write a proposal that does not say how large its day-care centre is."""
    outline = ", ".join(f"[{lon}, {lat}]" for lon, lat in rectangle(520820, 3130900, 150, 120))
    text = f"""# {NOTE}
[project]
"项目名称" = "示例·木丝岭安置房项目"
"项目编号" = "示例-2024-03"
"建设单位" = "示例安居有限公司"
"坐标系" = "wgs84"
"所属社区" = "360681003006"
"规划总户数" = 420
"示例" = "是"

[[plots]]
"地块编号" = "AZ-1"
outline = [{outline}]

[[facilities]]
"设施名称" = "示例·安置房日间照料中心"
"设施类型" = "日间照料中心"
"所在楼层" = "1层"          # 建筑面积未填：待补充材料
"""
    (FOLDER / "incomplete.toml").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    passes()
    amend()
    incomplete()
