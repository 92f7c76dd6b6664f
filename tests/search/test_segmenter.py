"""The dictionary of words: words of the domain sharpen the cut and are no general knowledge."""

from exchange.search.segmenter import Segmenter


def test_a_word_of_the_domain_is_cut_as_one_and_stays_unknown_elsewhere() -> None:
    plain, sharpened = Segmenter(), Segmenter(["朵贝村", "冷藏车"])
    assert plain.cut("朵贝村冷藏车") != ["朵贝村", "冷藏车"]
    assert sharpened.cut("朵贝村冷藏车") == ["朵贝村", "冷藏车"]
    assert sharpened.frequency("朵贝村") == 0


def test_how_usual_a_word_is_does_not_depend_on_the_domain() -> None:
    words = ["银行", "冷藏", "我们", "车", "朵贝", "银行卡"]
    plain, sharpened = Segmenter(), Segmenter(["银行", "我们", "朵贝村"])
    assert [sharpened.frequency(one) for one in words] == [plain.frequency(one) for one in words]
    assert plain.frequency("我们") > plain.frequency("银行卡") > 0
    assert plain.frequency("朵贝") == 0
