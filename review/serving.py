"""Starting the pages: one process, one store, pictures decoded in a process of their own."""

import gc
import logging
import os
import secrets
import socket
import sys
from collections.abc import Callable

import uvicorn

from domain.faults import ConfigurationFault
from domain.policy import Policy
from extractors.reading.showing import Pictures
from review.app import make_app
from review.gate import Gate
from review.looking import Looking
from review.security import Binding
from review.shelf import Shelf
from review.site import Site
from store import Store

FillForm = Callable[[str, str], bytes]


def serve(
    store: Store,
    policy: Policy,
    binding: Binding,
    write_outcome: Callable[[str], None],
    ready: Callable[[str], None],
    fill_form: FillForm | None = None,
) -> None:
    """Serve the pages until the process is asked to end.

    `policy` gives the limits for decoding uploads. `write_outcome` writes the outcome folder of a
    batch, by its id, once it is sealed. `ready` is told the address before the first request is
    taken, `fill_form` makes a 学位申请表 for looking at. Raises `ConfigurationFault` for a binding
    that would expose passwords.
    """
    binding.check()
    _refuse_taken_port(binding)
    with Pictures(policy.reading, policy.intake) as pictures:
        site = make_site(store, pictures, binding, write_outcome, fill_form)
        scheme = "https" if binding.certificate else "http"
        ready(f"{scheme}://{binding.host}:{binding.port}/")
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        _put_answers_first()
        uvicorn.run(
            make_app(site),
            host=binding.host.strip("[]"),
            port=binding.port,
            ssl_certfile=binding.certificate or None,
            ssl_keyfile=binding.private_key or None,
            access_log=False,  # addresses hold 学号
            server_header=False,
            proxy_headers=False,
            log_level="warning",
            timeout_graceful_shutdown=3,
        )


def _put_answers_first() -> None:
    """Let nobody wait for what the same process does behind the answers.

    Drawing more samples of a large batch computes for seconds in a thread of its own. What answers
    meanwhile gets its turn after half a millisecond, not five, each time that it waited for the
    database. Modules are never collected: the collector need not walk through them.
    """
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()


def _refuse_taken_port(binding: Binding) -> None:
    try:
        family = socket.AF_INET6 if ":" in binding.host else socket.AF_INET
        socket.create_server((binding.host.strip("[]"), binding.port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise ConfigurationFault(
            f"{binding.host}:{binding.port} cannot be listened on ({reason}); name another one"
            " with --port"
        ) from error


def make_site(
    store: Store,
    pictures: Pictures,
    binding: Binding,
    write_outcome: Callable[[str], None],
    fill_form: FillForm | None = None,
) -> Site:
    """Return what the pages of one server share."""
    return Site(
        store=store,
        looking=Looking(store),
        shelf=Shelf(store, pictures),
        gate=Gate(),
        binding=binding,
        write_outcome=write_outcome,
        nonce=secrets.token_hex(4),
        fill_form=fill_form,
    )
