"""Run by the system's Python, which has QGIS: open a GeoPackage and tell what its styles do."""

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

_KINDS = {0: "Point", 1: "LineString", 2: "Polygon"}


def _unseen(layer):
    """Return how many features the layer's style gives no symbol."""
    renderer, context = layer.renderer(), QgsRenderContext()
    context.expressionContext().appendScopes([])
    context.expressionContext().setFields(layer.fields())
    renderer.startRender(context, layer.fields())
    unseen = 0
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        unseen += renderer.symbolForFeature(feature, context) is None
    renderer.stopRender(context)
    return unseen


def _styles(path, name):
    """Return what each style of a layer does on the shapes it is for."""
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    count, ids, names, _, _ = layer.listStylesInDatabase()
    told = {"valid": layer.isValid(), "default": layer.loadDefaultStyle()[1], "styles": []}
    for style_id, style in list(zip(ids, names, strict=False))[:count]:
        text, _ = layer.getStyleFromDatabase(style_id)
        document = QDomDocument()
        document.setContent(text)
        kind = int(document.documentElement().firstChildElement("layerGeometryType").text())
        source = f"{path}|layername={name}|geometrytype={_KINDS[kind]}"
        mine = QgsVectorLayer(source, name, "ogr")
        loaded, why = mine.importNamedStyle(document)
        told["styles"].append([style, loaded, why, _unseen(mine) if loaded else -1])
    return told


application = QgsApplication([], False)  # noqa: FBT003 - as the function is called
application.initQgis()
json.dump({name: _styles(sys.argv[1], name) for name in sys.argv[2:]}, sys.stdout)
application.exitQgis()
