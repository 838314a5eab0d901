"""The forms on an application's page: a 复核, opening a settled item again, a reversal."""

from starlette.responses import RedirectResponse, Response

from domain.review import REASONS, DecisionKind, Role, Round, Verdict
from review.acting import NotPossible, Wish
from review.revisiting import open_appeal, reopen, reverse
from review.security import address_of
from review.site import Visit, page
from store.accounts import Account, SignIn
from store.cases import Case
from store.entries import Entry

_CONFIRMED = "reversal-confirmed"


@page(frozenset({Role.SECOND, Role.LEAD}))
def appeal(visit: Visit) -> Response:
    """Open a 复核 of a refusal."""
    site = visit.site
    open_appeal(site.store, site.looking, *_named(visit), visit.account)
    return _back(visit)


@page(frozenset({Role.LEAD}))
def open_again(visit: Visit) -> Response:
    """Have a settled item looked at again by another person, before the seal."""
    site = visit.site
    reopen(site.store, site.looking, *_named(visit), visit.account, visit.text("note", 500))
    return _back(visit)


@page(frozenset({Role.LEAD}))
def reversal(visit: Visit) -> Response:
    """Append a reversing entry after the seal; the second person confirms it with a password."""
    site = visit.site
    wish = _wish(visit)
    second = _second(visit)
    reverse(site.store, site.looking, *_named(visit), (visit.account, second), wish)
    return visit.write_reports(visit.path("batch"), "更正已登记，有效") or _back(visit)


def _wish(visit: Visit) -> Wish:
    try:
        wanted = Verdict(visit.text("verdict", 20))
    except ValueError:
        raise NotPossible("no verdict", "请选择更正后的结论。") from None
    reasons = tuple(key for key in visit.text("reasons", 20).split(",") if key)
    if any(key not in {reason.key for reason in REASONS} for key in reasons):
        raise NotPossible("unknown reason", "没有这个原因编号。")
    note = visit.text("note", 500).strip()
    if not note:
        raise NotPossible("a note is missing", "请写明更正的原因。")
    return Wish(
        verdict=wanted,
        reasons=reasons or (("9",) if wanted is Verdict.REFUSE else ()),
        note=note,
        key=visit.text("key", 64),
        revision=visit.number("revision"),
    )


def _second(visit: Visit) -> Account:
    """Return the other person, who typed a name and password on this screen."""
    accounts, name = visit.site.store.accounts, visit.text("second", 40)
    if name == visit.account.name:
        raise NotPossible("the same person", "更正须由两个人登记。")
    address = address_of(visit.request, visit.site.binding)
    found = accounts.sign_in(name, visit.text("password", 1000), address, _CONFIRMED)
    if found is SignIn.LOCKED:
        raise NotPossible("locked", "第二人的密码失败次数过多，请十五分钟后再试。")
    account = accounts.find(name) if found is SignIn.OK else None
    if account is None:
        raise NotPossible("the second person did not confirm", "第二人的账号或密码不正确，未保存。")
    return account


def _named(visit: Visit) -> tuple[str, str]:
    return visit.path("batch"), visit.path("student")


def _back(visit: Visit) -> Response:
    return RedirectResponse(visit.request.url.path.rpartition("/")[0], status_code=303)


def is_dealt_with(case: Case | None, entries: tuple[Entry, ...], sequence: int) -> bool:
    """Return whether something was done about an application since an alert."""
    kinds = (DecisionKind.REOPENING, DecisionKind.REVERSAL)
    return any(e.event_sequence > sequence and e.kind in kinds for e in entries) or (
        case is not None and case.round is not Round.SETTLED
    )
