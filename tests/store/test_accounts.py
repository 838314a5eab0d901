import pytest

from domain.faults import ConfigurationFault
from domain.review import Role
from store import Store
from store.accounts import MOST_FAILURES, Account, SignIn
from store.schema import accounts, sessions

GOOD = "correct horse 7"


@pytest.fixture
def li(store: Store) -> Store:
    """Give a store with one account."""
    store.accounts.add("li", Role.REVIEWER, GOOD)
    return store


def test_an_account_signs_in_with_its_password_alone(li: Store) -> None:
    assert li.accounts.sign_in("li", GOOD, "here") is SignIn.OK
    assert li.accounts.sign_in("li", "correct horse 8", "here") is SignIn.WRONG
    assert li.accounts.sign_in("nobody", GOOD, "here") is SignIn.WRONG
    assert li.accounts.all() == (Account(name="li", role=Role.REVIEWER, is_disabled=False),)


def test_no_password_or_cookie_can_be_read_from_the_store(li: Store) -> None:
    token = li.sessions.start("li")
    with li.database.reading() as connection:
        hashed = connection.execute(accounts.select()).one().password_hash
        kept = connection.execute(sessions.select()).one()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in hashed
    assert token not in (kept.token_digest, kept.csrf_token)


@pytest.mark.parametrize("password", ["short", "xx li xx 1234", "LI-password-1"])
def test_weak_passwords_are_refused(store: Store, password: str) -> None:
    with pytest.raises(ConfigurationFault, match="characters or more"):
        store.accounts.add("li", Role.REVIEWER, password)
    assert store.accounts.all() == ()


@pytest.mark.parametrize("name", ["", "a b", "x/y", "<b>", "a" * 41])
def test_names_that_could_mislead_are_refused(store: Store, name: str) -> None:
    with pytest.raises(ConfigurationFault, match="letters, digits"):
        store.accounts.add(name, Role.REVIEWER, GOOD)


def test_a_name_in_use_is_refused_whatever_its_case(li: Store) -> None:
    with pytest.raises(ConfigurationFault, match="exists already"):
        li.accounts.add("LI", Role.LEAD, GOOD)


def test_guessing_locks_the_account_for_a_while_and_a_new_password_opens_it(li: Store) -> None:
    now = [1000.0]
    li.accounts._clock = lambda: now[0]
    for _ in range(MOST_FAILURES):
        assert li.accounts.sign_in("li", "wrong password", "a") is SignIn.WRONG
    assert li.accounts.sign_in("li", GOOD, "b") is SignIn.LOCKED
    now[0] += 901
    assert li.accounts.sign_in("li", GOOD, "b") is SignIn.OK
    for _ in range(MOST_FAILURES):
        li.accounts.sign_in("li", "wrong password", "a")
    li.accounts.change_password("li", "another horse 9")
    assert li.accounts.sign_in("li", "another horse 9", "a") is SignIn.OK


def test_a_session_ends_when_idle_and_after_a_working_day(li: Store) -> None:
    now = [1000.0]
    li.sessions._clock = lambda: now[0]
    token = li.sessions.start("li")
    found = li.sessions.find(token)
    assert found is not None
    assert (found.account, found.role) == ("li", Role.REVIEWER)
    now[0] += 1801
    assert li.sessions.find(token) is None
    token = li.sessions.start("li")
    for _ in range(20):
        now[0] += 1790
        assert li.sessions.find(token) is not None
    now[0] += 1790
    assert li.sessions.find(token) is None


@pytest.mark.parametrize("change", ["disable", "password", "role"])
def test_changing_an_account_ends_its_sessions_and_is_recorded(li: Store, change: str) -> None:
    token = li.sessions.start("li")
    if change == "disable":
        li.accounts.disable("li")
        assert li.accounts.sign_in("li", GOOD, "here") is SignIn.WRONG
        with pytest.raises(ConfigurationFault, match="hedui user enable li"):
            li.accounts.get("li")
    elif change == "password":
        li.accounts.change_password("li", "another horse 9")
    else:
        li.accounts.change_role("li", Role.LEAD)
    assert li.sessions.find(token) is None
    kinds = [event.kind for event in li.events.of_batch("")]
    assert kinds[0] == "user-added"
    assert any(kind in ("user-disabled", "user-password-changed", "user-role-changed")
               for kind in kinds)  # fmt: skip
    assert all(GOOD not in event.payload for event in li.events.of_batch(""))
