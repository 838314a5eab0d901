import datetime
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.application import BatchInput
from domain.assessment import Assessment
from domain.outcome import BatchOutcome
from domain.policy import Policy
from domain.reading import ReadOutcome
from store.codec import decode, encode
from tests.store.builders import make_outcome

finite = st.floats(allow_nan=False, allow_infinity=False)
offsets = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
)
st.register_type_strategy(float, finite)
st.register_type_strategy(datetime.datetime, st.datetimes(timezones=offsets))
decimals = st.decimals(allow_nan=False, allow_infinity=False)
st.register_type_strategy(__import__("decimal").Decimal, decimals)


@pytest.mark.parametrize("kind", [BatchInput, ReadOutcome, Assessment, Policy, BatchOutcome])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_domain_value_survives(kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    text = encode(value)
    assert decode(kind, text) == value
    assert text.isascii()
    assert encode(decode(kind, text)) == text


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode((float("nan"),))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("seconds", "0.5"), ("machine_failed", 1), ("fault", None), ("reading", []), ("more", 1)],
)
def test_text_that_does_not_fit_the_type_is_refused(name: str, wrong: object) -> None:
    plain = json.loads(encode(make_outcome("paper", "99")))
    plain[name] = wrong
    with pytest.raises((ValueError, TypeError)):
        decode(ReadOutcome, json.dumps(plain))
