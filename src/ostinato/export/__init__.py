"""Layers of a film as files that other programs open, written by hand for each format."""

from ostinato.export.annotation_editors import Labelled, encode_labels, labels_of, write_labels
from ostinato.export.formats import EXPORTS, ExportFormat, exported_files
from ostinato.export.layers import LAYER_TITLES, OWN, Layer, LayerRow, layers_of
from ostinato.export.sheet import (
    DEFAULT_FPS,
    PLACEHOLDER_URL,
    ExportSheet,
    export_sheet,
    from_line,
    on_line,
)
from ostinato.export.timecode import FrameRate, frame_rate

__all__ = [
    "DEFAULT_FPS",
    "EXPORTS",
    "LAYER_TITLES",
    "OWN",
    "PLACEHOLDER_URL",
    "ExportFormat",
    "ExportSheet",
    "FrameRate",
    "Labelled",
    "Layer",
    "LayerRow",
    "encode_labels",
    "export_sheet",
    "exported_files",
    "frame_rate",
    "from_line",
    "labels_of",
    "layers_of",
    "on_line",
    "write_labels",
]
