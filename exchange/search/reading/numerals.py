"""Chinese numerals: 三十万, 两百五, 一千零五, 一点五万, 半."""

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6}
_DIGITS |= {"柒": 7, "捌": 8, "玖": 9}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_GREAT = {"万": 10_000, "亿": 100_000_000}
NUMERAL_CHARS = "".join((*_DIGITS, *_TENS, *_GREAT)) + "点半"


def read_numeral(text: str) -> float | None:
    """The value of a whole Chinese numeral, or None when the text is not one.

    A string of bare digits is read digit by digit (二〇二六 is 2026); a last digit after a unit
    stands for the next lower unit (两百五 is 250, 三万五 is 35,000).
    """
    if not text or any(char not in NUMERAL_CHARS for char in text):
        return None
    if text == "半":
        return 0.5
    if "点" in text:
        return _with_fraction(text)
    if "半" in text:
        return None
    if all(char in _DIGITS for char in text):
        return float("".join(str(_DIGITS[char]) for char in text)) if len(text) < 16 else None
    return _compound(text)


def _with_fraction(text: str) -> float | None:
    whole, _, rest = text.partition("点")
    scale = _GREAT.get(rest[-1:], 1)
    digits = rest[:-1] if scale > 1 else rest
    head = read_numeral(whole)
    if head is None or not digits or any(char not in _DIGITS for char in digits):
        return None
    fraction = "".join(str(_DIGITS[char]) for char in digits)
    return round(float(f"{head:.0f}.{fraction}") * scale, 6)


def _compound(text: str) -> float | None:
    total, section, digit, last_unit, after_zero = 0.0, 0.0, 0, 0, False
    for char in text:
        if char in _DIGITS:
            digit, after_zero = _DIGITS[char], after_zero or char in "零〇"
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit, last_unit, after_zero = 0, _TENS[char], False
        else:
            section += digit
            if not total and not section:
                return None
            great = _GREAT[char]
            total = (total + section) * great if great > total > 0 else total + section * great
            section, digit, last_unit, after_zero = 0.0, 0, great, False
    if digit and last_unit >= 100 and not after_zero:
        digit *= last_unit // 10
    return total + section + digit
