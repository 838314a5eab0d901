"""Examinations outside the four kinds that are uploaded by mistake, to name them politely."""

import re

OTHERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"大学俄语[四六46]级|CRT-?[46]", "大学俄语四、六级考试"),
        (r"大学日语[四六46]级|CJT-?[46]", "大学日语四、六级考试"),
        (r"大学德语[四六46]级|PHS-?[46]", "大学德语四、六级考试"),
        (r"大学法语[四六46]级|TFU-?4", "大学法语四级考试"),
        (r"新三级|大学英语三级|英语应用能力", "大学英语三级考试"),
        (r"(?i)IELTS|雅思", "雅思（IELTS）"),
        (r"(?i)TOEFL|托福", "托福（TOEFL）"),
        (r"(?i)TOEIC|托业", "托业（TOEIC）"),
        (r"(?i)PETS-?\d?(?![a-z])|公共英语等级|全国英语等级考试", "全国英语等级考试（PETS）"),
        (r"普通话", "普通话水平测试"),
        (r"计算机等级|NCRE", "全国计算机等级考试"),
        (r"日本语能力|日语能力|(?i:JLPT)", "日语能力测试"),
        (r"学位英语|学位外国语|学位外语|学士学位英语|学士学位外国语", "学位英语考试"),
        (r"ТРКИ|TORFL|对外俄语", "俄罗斯对外俄语等级考试"),
        (r"翻译专业资格|CATTI", "翻译专业资格考试"),
        (r"剑桥商务英语|(?i:\bBEC\b)", "剑桥商务英语证书"),
        (r"四级口语考试|六级口语考试|CET-SET", "大学英语口语考试"),
        (r"专业[四八]级口[语试]", "专业口语考试"),
        (r"韩国语能力|(?i:TOPIK)", "韩国语能力考试"),
        (r"教师资格|毕业证书|学位证书|学历证书", "其他证书"),
    )
)
