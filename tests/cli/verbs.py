"""The verbs that write, over two studies of one county (``two_results``), and their proposal.

``{home}``: the folder of both, ``{which}``: which of them, ``old`` or ``new``.
"""

VERBS = {
    "assess": ("assess", "{home}/{which}"),
    "review": ("review", "{home}/old", "{home}/{which}.toml"),
    "score": ("score", "{home}/{which}", "--form", "caoxian"),
    "compare": ("compare", "{home}/old-out", "{home}/{which}-out"),
    "site": ("site", "{home}/{which}", "--clause", "CX-06", "--sites", "2"),
    "map": ("map", "{home}/{which}-out"),
    "report": ("report", "{home}/{which}-out"),
    "sheets": ("map", "{home}/{which}-out", "--pdf", "--single", "--only", "gap"),
    "export": ("export", "{home}/{which}-out", "--schedule", "--evidence", "--csv", "--shapefile"),
}

PROPOSAL = """
[project]
name = "{which}"
"坐标系" = "EPSG:4548"
"城乡" = "城镇"
[[plots]]
id = "D1"
outline = [[500200, 3850000], [500400, 3850000], [500400, 3850100], [500200, 3850100]]
"规划户数" = {households}
[[facilities]]
id = "N1"
"设施名称" = "用房"
"设施类型" = "社区养老服务用房"
"建筑面积" = 200
"场所编号" = "1"
"""
