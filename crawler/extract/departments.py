"""What departments call themselves for short: 人社局 is 人力资源和社会保障局 (grammar.md L9)."""

from __future__ import annotations

import re

__all__ = ["in_full", "without_office"]

_FULL_NAMES = {
    "卫健委": "卫生健康委员会", "卫生健康委": "卫生健康委员会", "发展改革委": "发展和改革委员会", "发改委": "发展和改革委员会",
    "应急局": "应急管理局", "金融办": "金融工作办公室", "人社局": "人力资源和社会保障局", "住建局": "住房和城乡建设局",
    "市场监管局": "市场监督管理局", "文旅局": "文化和旅游局", "工信局": "工业和信息化局", "医保局": "医疗保障局",
    "科技局": "科学技术局", "城管局": "城市管理局", "文广旅局": "文化广电和旅游局", "国资委": "国有资产监督管理委员会",
    "住房城乡建设局": "住房和城乡建设局", "人力资源社会保障局": "人力资源和社会保障局", "住建厅": "住房和城乡建设厅",
    "人社厅": "人力资源和社会保障厅", "科技厅": "科学技术厅", "文旅厅": "文化和旅游厅",
}  # fmt: skip
_IF_PRINTED = {
    "环保厅": "环境保护厅", "环保局": "环境保护局", "地税局": "地方税务局", "国税局": "国家税务局", "国土局": "国土资源局",
    "国土厅": "国土资源厅", "质监局": "质量技术监督局", "工商局": "工商行政管理局", "卫计委": "卫生和计划生育委员会",
    "交通厅": "交通运输厅", "交通局": "交通运输局", "农业厅": "农业农村厅", "规划局": "城乡规划局", "房管局": "房产管理局",
    "市监局": "市场监督管理局", "药监局": "药品监督管理局", "经信委": "经济和信息化委员会", "经信局": "经济和信息化局",
}  # fmt: skip
"""Names that stand for another one only where the text prints that too."""


_OWN_OFFICE = re.compile(r"(?:办公室|信息中心|宣传处|办公厅)$")


def without_office(outlet: str, kind: str) -> str:
    """An outlet without its own office, for 我厅 and 我局.

    >>> without_office("云南省水利厅办公室", "厅")
    '云南省水利厅'
    """
    whose = _OWN_OFFICE.sub("", outlet)
    return whose if whose.endswith(kind) else outlet


def in_full(place: str, short: str, text: str) -> str:
    """The department of the place by its full name.

    >>> in_full("南宁市", "卫健委", ""), in_full("湖北省", "环保厅", ""), in_full("湖北省", "环保厅", "湖北省环境保护厅网站")
    ('南宁市卫生健康委员会', '湖北省环保厅', '湖北省环境保护厅')
    """
    other = _IF_PRINTED.get(short)
    if other is not None and place + other in text:
        return place + other
    return place + _FULL_NAMES.get(short, short)
