"""The 56 peoples as they stand in names of autonomous places."""

PEOPLES = {
    "阿昌": "Achang",
    "白": "Bai",
    "保安": "Bonan",
    "布朗": "Blang",
    "布依": "Bouyei",
    "朝鲜": "Korean",
    "达斡尔": "Daur",
    "傣": "Dai",
    "德昂": "Deang",
    "东乡": "Dongxiang",
    "侗": "Dong",
    "独龙": "Derung",
    "俄罗斯": "Russian",
    "鄂伦春": "Oroqen",
    "鄂温克": "Ewenki",
    "高山": "Gaoshan",
    "哈尼": "Hani",
    "哈萨克": "Kazakh",
    "赫哲": "Hezhen",
    "回": "Hui",
    "基诺": "Jino",
    "京": "Gin",
    "景颇": "Jingpo",
    "柯尔克孜": "Kirgiz",
    "拉祜": "Lahu",
    "黎": "Li",
    "傈僳": "Lisu",
    "珞巴": "Lhoba",
    "满": "Manchu",
    "毛南": "Maonan",
    "门巴": "Monba",
    "蒙古": "Mongol",
    "苗": "Miao",
    "仫佬": "Mulao",
    "纳西": "Naxi",
    "怒": "Nu",
    "普米": "Pumi",
    "羌": "Qiang",
    "撒拉": "Salar",
    "畲": "She",
    "水": "Shui",
    "塔吉克": "Tajik",
    "塔塔尔": "Tatar",
    "土家": "Tujia",
    "土": "Tu",
    "佤": "Va",
    "维吾尔": "Uygur",
    "乌孜别克": "Uzbek",
    "锡伯": "Xibe",
    "瑶": "Yao",
    "彝": "Yi",
    "仡佬": "Gelao",
    "裕固": "Yugur",
    "藏": "Tibetan",
    "壮": "Zhuang",
    "各": "Multi-ethnic",
}
# These also stand without 族: 伊犁哈萨克自治州.
BARE = (
    "维吾尔",
    "哈萨克",
    "蒙古",
    "柯尔克孜",
    "锡伯",
    "塔吉克",
    "达斡尔",
    "鄂伦春",
    "鄂温克",
)
ENDINGS = sorted(
    [(f"{name}族", english) for name, english in PEOPLES.items()]
    + [(name, PEOPLES[name]) for name in BARE],
    key=lambda pair: -len(pair[0]),
)


def split_peoples(stem: str) -> tuple[str, list[str]]:
    """A stem without its peoples, and their English names: 关岭布依族 → 关岭, [Bouyei]."""
    peoples: list[str] = []
    while True:
        found = next((pair for pair in ENDINGS if stem.endswith(pair[0])), None)
        if found is None:
            return stem, peoples
        stem = stem.removesuffix(found[0])
        peoples.insert(0, found[1])
