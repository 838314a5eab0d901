"""The code tables of the national degree data, as far as they are known: name to code.

Sources: GB/T 3304-1991 (民族), GB/T 4762-1984 (政治面貌), GB/T 2261.1-2003 (性别), GB/T 2659-2000
with the numbers of ISO 3166 (国家和地区; Chinese names as in Unicode CLDR), handbook table 3.2.1
(证件类型: only 01 is known).
"""


def _entries(text: str) -> list[str]:
    return text.split("，")


def _numbered(text: str) -> dict[str, str]:
    """Return names by their place in a list, as codes of two digits from 01."""
    return {name: f"{code:02d}" for code, name in enumerate(_entries(text), start=1)}


def _coded(text: str) -> dict[str, str]:
    return {name: code for code, name in (entry.split(" ") for entry in _entries(text))}


SEXES = {"男": "1", "女": "2"}

ETHNIC_GROUPS = _numbered(
    "汉族，蒙古族，回族，藏族，维吾尔族，苗族，彝族，壮族，布依族，朝鲜族，满族，侗族，瑶族，白族，土家族，"
    "哈尼族，哈萨克族，傣族，黎族，傈僳族，佤族，畲族，高山族，拉祜族，水族，东乡族，纳西族，景颇族，"
    "柯尔克孜族，土族，达斡尔族，仫佬族，羌族，布朗族，撒拉族，毛南族，仡佬族，锡伯族，阿昌族，普米族，"
    "塔吉克族，怒族，乌孜别克族，俄罗斯族，鄂温克族，德昂族，保安族，裕固族，京族，塔塔尔族，独龙族，"
    "鄂伦春族，赫哲族，门巴族，珞巴族，基诺族"
)
# Their codes differ between systems (57 and 58, or 97 and 98): a person decides.
OTHER_ETHNIC_GROUPS = frozenset({"其他", "外国血统", "外国血统中国籍人士", "穿青人", "未识别民族"})

POLITICS = _numbered(
    "中国共产党党员，中国共产党预备党员，中国共产主义青年团团员，中国国民党革命委员会会员，"
    "中国民主同盟盟员，中国民主建国会会员，中国民主促进会会员，中国农工民主党党员，中国致公党党员，"
    "九三学社社员，台湾民主自治同盟盟员，无党派民主人士，群众"
)
POLITICS |= _coded(
    "01 中共党员，02 中共预备党员，02 预备党员，03 共青团员，03 团员，04 民革会员，04 民革党员，"
    "05 民盟盟员，06 民建会员，07 民进会员，08 农工党党员，09 致公党党员，10 九三社员，"
    "11 台盟盟员，12 无党派人士，13 普通公民"
)
LEAGUE_MEMBER = "03"

RESIDENT_CARD = "居民身份证"
DOCUMENT_TYPES = {RESIDENT_CARD: "01"}
DOCUMENT_ALIASES = {
    "中华人民共和国居民身份证": RESIDENT_CARD,
    "身份证": RESIDENT_CARD,
    "二代身份证": RESIDENT_CARD,
}
# Known by name; their codes in table 3.2.1 are not.
OTHER_DOCUMENT_TYPES = frozenset(
    _entries(
        "港澳居民来往内地通行证，台湾居民来往大陆通行证，港澳台居民居住证，护照，中国护照，外国护照，"
        "外国人永久居留身份证，外国人永久居留证，军官证，士兵证"
    )
)

CHINA = "中国"
COUNTRIES = _coded(
    "004 阿富汗，008 阿尔巴尼亚，010 南极洲，012 阿尔及利亚，016 美属萨摩亚，020 安道尔，"
    "024 安哥拉，028 安提瓜和巴布达，031 阿塞拜疆，032 阿根廷，036 澳大利亚，040 奥地利，"
    "044 巴哈马，048 巴林，050 孟加拉国，051 亚美尼亚，052 巴巴多斯，056 比利时，"
    "060 百慕大，064 不丹，068 玻利维亚，070 波斯尼亚和黑塞哥维那，072 博茨瓦纳，"
    "074 布韦岛，076 巴西，084 伯利兹，086 英属印度洋领地，090 所罗门群岛，"
    "092 英属维尔京群岛，096 文莱，100 保加利亚，104 缅甸，108 布隆迪，112 白俄罗斯，"
    "116 柬埔寨，120 喀麦隆，124 加拿大，132 佛得角，136 开曼群岛，140 中非共和国，"
    "144 斯里兰卡，148 乍得，152 智利，156 中国，158 中国台湾，162 圣诞岛，"
    "166 科科斯（基林）群岛，170 哥伦比亚，174 科摩罗，175 马约特，178 刚果（布），"
    "180 刚果（金），184 库克群岛，188 哥斯达黎加，191 克罗地亚，192 古巴，196 塞浦路斯，"
    "203 捷克，204 贝宁，208 丹麦，212 多米尼克，214 多米尼加共和国，218 厄瓜多尔，"
    "222 萨尔瓦多，226 赤道几内亚，231 埃塞俄比亚，232 厄立特里亚，233 爱沙尼亚，"
    "234 法罗群岛，238 福克兰群岛，239 南乔治亚和南桑威奇群岛，242 斐济，246 芬兰，"
    "248 奥兰群岛，250 法国，254 法属圭亚那，258 法属波利尼西亚，260 法属南部领地，"
    "262 吉布提，266 加蓬，268 格鲁吉亚，270 冈比亚，275 巴勒斯坦领土，276 德国，288 加纳，"
    "292 直布罗陀，296 基里巴斯，300 希腊，304 格陵兰，308 格林纳达，312 瓜德罗普，"
    "316 关岛，320 危地马拉，324 几内亚，328 圭亚那，332 海地，334 赫德岛和麦克唐纳群岛，"
    "336 梵蒂冈，340 洪都拉斯，344 中国香港，348 匈牙利，352 冰岛，356 印度，"
    "360 印度尼西亚，364 伊朗，368 伊拉克，372 爱尔兰，376 以色列，380 意大利，"
    "384 科特迪瓦，388 牙买加，392 日本，398 哈萨克斯坦，400 约旦，404 肯尼亚，408 朝鲜，"
    "410 韩国，414 科威特，417 吉尔吉斯斯坦，418 老挝，422 黎巴嫩，426 莱索托，"
    "428 拉脱维亚，430 利比里亚，434 利比亚，438 列支敦士登，440 立陶宛，442 卢森堡，"
    "446 中国澳门，450 马达加斯加，454 马拉维，458 马来西亚，462 马尔代夫，466 马里，"
    "470 马耳他，474 马提尼克，478 毛里塔尼亚，480 毛里求斯，484 墨西哥，492 摩纳哥，"
    "496 蒙古，498 摩尔多瓦，499 黑山，500 蒙特塞拉特，504 摩洛哥，508 莫桑比克，512 阿曼，"
    "516 纳米比亚，520 瑙鲁，524 尼泊尔，528 荷兰，531 库拉索，533 阿鲁巴，534 荷属圣马丁，"
    "535 荷属加勒比区，540 新喀里多尼亚，548 瓦努阿图，554 新西兰，558 尼加拉瓜，"
    "562 尼日尔，566 尼日利亚，570 纽埃，574 诺福克岛，578 挪威，580 北马里亚纳群岛，"
    "581 美国本土外小岛屿，583 密克罗尼西亚，584 马绍尔群岛，585 帕劳，586 巴基斯坦，"
    "591 巴拿马，598 巴布亚新几内亚，600 巴拉圭，604 秘鲁，608 菲律宾，612 皮特凯恩群岛，"
    "616 波兰，620 葡萄牙，624 几内亚比绍，626 东帝汶，630 波多黎各，634 卡塔尔，"
    "638 留尼汪，642 罗马尼亚，643 俄罗斯，646 卢旺达，652 圣巴泰勒米，654 圣赫勒拿，"
    "659 圣基茨和尼维斯，660 安圭拉，662 圣卢西亚，663 法属圣马丁，"
    "666 圣皮埃尔和密克隆群岛，670 圣文森特和格林纳丁斯，674 圣马力诺，"
    "678 圣多美和普林西比，682 沙特阿拉伯，686 塞内加尔，688 塞尔维亚，690 塞舌尔，"
    "694 塞拉利昂，702 新加坡，703 斯洛伐克，704 越南，705 斯洛文尼亚，706 索马里，"
    "710 南非，716 津巴布韦，724 西班牙，728 南苏丹，729 苏丹，732 西撒哈拉，740 苏里南，"
    "744 斯瓦尔巴和扬马延，748 斯威士兰，752 瑞典，756 瑞士，760 叙利亚，762 塔吉克斯坦，"
    "764 泰国，768 多哥，772 托克劳，776 汤加，780 特立尼达和多巴哥，784 阿拉伯联合酋长国，"
    "788 突尼斯，792 土耳其，795 土库曼斯坦，796 特克斯和凯科斯群岛，798 图瓦卢，"
    "800 乌干达，804 乌克兰，807 北马其顿，818 埃及，826 英国，831 根西岛，832 泽西岛，"
    "833 马恩岛，834 坦桑尼亚，840 美国，850 美属维尔京群岛，854 布基纳法索，858 乌拉圭，"
    "860 乌兹别克斯坦，862 委内瑞拉，876 瓦利斯和富图纳，882 萨摩亚，887 也门，894 赞比亚"
)
COUNTRIES |= {"中华人民共和国": "156", "香港": "344", "澳门": "446", "台湾": "158"}


def ethnic_group_code(text: str) -> str:
    """Return the code of a 民族 given by name, with or without 族, or by code; "" if unknown."""
    return _code(text, ETHNIC_GROUPS) or _code(text + "族", ETHNIC_GROUPS)


def politics_code(text: str) -> str:
    """Return the code of a 政治面貌 given by name or code, "" if unknown."""
    return _code(text, POLITICS)


def country_code(text: str) -> str:
    """Return the numeric code of a country or region given by name or code, "" if unknown."""
    return _code(text, COUNTRIES)


def country_name(text: str) -> str:
    """Return the usual name of a country given by name or code, the text where it is unknown."""
    return _name(text, COUNTRIES)


def ethnic_group_name(text: str) -> str:
    """Return the name of a 民族 with 族, the text itself where it is unknown."""
    code = ethnic_group_code(text)
    return next((name for name, known in ETHNIC_GROUPS.items() if known == code), text)


def document_type(text: str) -> str:
    """Return the usual name of a 证件类型, the text itself where it has no other."""
    return DOCUMENT_ALIASES.get(text, text)


def _code(text: str, table: dict[str, str]) -> str:
    return text if text in table.values() else table.get(text, "")


def _name(text: str, table: dict[str, str]) -> str:
    code = _code(text, table)
    return next((name for name, known in table.items() if known == code), text)
