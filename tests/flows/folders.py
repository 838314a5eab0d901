"""Small real batch folders, as the platform would export them."""

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path

HEADERS = (
    *("学号", "姓名", "身份证号", "手机号", "层次", "专业", "年级", "学籍状态", "学习中心"),
    *("科目", "申请证书类型", "语种", "证书获取日期", "成绩单编号", "考试成绩", "成绩状态"),
)


def write_toml(folder: Path, deadline: datetime.datetime, batch_id: str = "small") -> None:
    opens = deadline - datetime.timedelta(days=30)
    (folder / "batch.toml").write_text(
        f'[batch]\nid = "{batch_id}"\nname = "小批次"\nkind = "language"\n'
        f"opens = {opens.isoformat()}\ndeadline = {deadline.isoformat()}\n"
        'institution = "default"\n',
        encoding="utf-8",
    )


def write_batch(
    folder: Path, deadline: datetime.datetime, numbers: Sequence[str] = ("2021001", "2021002")
) -> Path:
    """Write a batch whose applicants uploaded nothing: every one of them gets `return`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_toml(folder, deadline)
    with (folder / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in numbers:
            writer.writerow(
                (number, "王小明", "990000199001010016", "13800000000", "专升本", "法学", "2021级",
                 "在籍", "校本部", "外国语", "其他语言类成绩认证", "英语", "2021-12",
                 "992121234567890", "500", "合格")
            )  # fmt: skip
    return folder
