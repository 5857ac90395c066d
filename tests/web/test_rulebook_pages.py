"""The page of an assessment scheme: what counts, with which weight, from where on, and where the source is silent."""

import pytest

from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library, loading


@pytest.fixture
def version(place) -> str:
    """Return the hash of the published scheme of regulation no. 6."""
    with place.transaction(SYSTEM) as tx:
        files = loading.read_folder(loading.SHIPPED / "telecom-service" / "v1")
        return library.publish(tx, files, confirmed_by="leading group")


def test_everybody_reads_the_scheme_and_sees_what_is_only_an_example(desk, version):
    wangjianguo = desk("wangjianguo")
    assert f'href="/rulebook/{version}"' in wangjianguo.get("/rulebook").text
    page = wangjianguo.get(f"/rulebook/{version}").text
    for words in (
        "响应速度：首次响应及时率",
        "不低于 95%",
        "夜间：8 小时",
        "紧急程度 1：8 小时",
        "其余：72 小时",
        "考核周期：月度、季度",
        "A 优秀：80 分起",
        "有一类责任投诉的，等级最高为 C",
        "上级评 60%，同事评 40%",
        "1 分，经常答错并误导客户",
        "收齐评分 5 个工作日",
        "示例",
        "原文没有写明之处",
        version,
    ):
        assert words in page
