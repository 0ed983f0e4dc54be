"""The picture is well-formed SVG that holds each bar and each marked percentile."""

import xml.etree.ElementTree as ET

from ops.load.histogram_svg import HEIGHT, WIDTH, svg
from ops.load.latency import histogram, percentiles

SVG = "{http://www.w3.org/2000/svg}"
TIMES = sorted([0.1, 0.11, 0.12, 0.15, 0.4, 0.9])


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def test_each_bar_and_each_percentile_is_drawn_within_the_picture() -> None:
    bars = histogram(TIMES)
    picture = parsed(svg("dev: 6 completions", bars, percentiles(TIMES)))
    drawn = picture.findall(f"{SVG}rect")[1:]
    assert [str(rect.findtext(f"{SVG}title")).rpartition(" ")[2] for rect in drawn] == [
        str(bar.count) for bar in bars if bar.count
    ]
    for rect in drawn:
        assert 0 <= float(rect.attrib["x"]) <= WIDTH - float(rect.attrib["width"])
        assert 0 <= float(rect.attrib["y"]) <= HEIGHT - float(rect.attrib["height"])
    words = [text.text or "" for text in picture.findall(f"{SVG}text")]
    assert {"p50 120 ms", "p95 900 ms", "p99 900 ms"} <= set(words)


def test_the_highest_bar_is_the_fullest() -> None:
    picture = parsed(svg("dev", histogram(TIMES), {}))
    heights = {
        str(rect.findtext(f"{SVG}title")).rpartition(" ")[2]: float(rect.attrib["height"])
        for rect in picture.findall(f"{SVG}rect")[1:]
    }
    assert max(heights, key=lambda count: heights[count]) == max(heights, key=int)


def test_a_title_is_text_whatever_it_holds() -> None:
    assert parsed(svg("<&> model", [], {})).findtext(f"{SVG}title") == "<&> model"


def test_without_an_answer_the_picture_says_so() -> None:
    assert "no request was answered" in svg("dev", [], {})


def test_times_that_are_all_the_same_are_drawn() -> None:
    assert parsed(svg("dev", histogram([0.2, 0.2]), percentiles([0.2, 0.2]))).findall(f"{SVG}rect")[1:]
