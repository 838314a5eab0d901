"""When an application was made, as the platform's table writes it."""

import datetime

from validators.normalizing import fold_text


def parse_time(text: str, zone: datetime.tzinfo | None) -> tuple[datetime.datetime, bool] | None:
    """Return the instant and whether a time of day was given, None where it cannot be read."""
    folded = fold_text(text).replace("/", "-").replace("年", "-").replace("月", "-")
    folded = " ".join(folded.replace("日", " ").replace("T", " ").split())
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            moment = datetime.datetime.strptime(folded, form)
        except ValueError:
            continue
        return moment.replace(tzinfo=zone), "%H" in form
    try:
        moment = datetime.datetime.fromisoformat(fold_text(text))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)), True


def is_after(text: str, closes: datetime.datetime) -> bool:
    """Return whether a time is after an instant; a day alone is not before the day is over."""
    parsed = parse_time(text, closes.tzinfo)
    if parsed is None:
        return False
    moment, has_time = parsed
    return moment > closes if has_time else moment.date() > closes.date()
