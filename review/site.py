"""What every page is made with, and the frame in which each request is answered."""

import functools
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.faults import ConfigurationFault, HeduiError, MachineFault, UnknownId
from domain.review import Role
from reports.cells import display_text
from reports.section import local_time
from review.acting import NotPossible
from review.gate import Gate
from review.looking import Looking
from review.presenting import cells_html
from review.security import COOKIE, Binding, has_token
from review.shelf import Shelf
from store import Store
from store.accounts import Account
from store.entries import Refused
from store.sessions import Session

_LOG = logging.getLogger("hedui.review")
HERE = Path(__file__).parent
ALL_ROLES = frozenset(Role)
DECIDING = frozenset({Role.REVIEWER, Role.SECOND, Role.LEAD})


@dataclass(slots=True, kw_only=True)
class Site:
    """Everything that the pages of one server share.

    `fill_form` gives the 学位申请表 of a batch's 学号 as PDF, b"" where none can be made.
    """

    store: Store
    looking: Looking
    shelf: Shelf
    gate: Gate
    binding: Binding
    write_outcome: Callable[[str], None]
    nonce: str
    fill_form: Callable[[str, str], bytes] | None = None
    templates: jinja2.Environment = field(init=False)

    def __post_init__(self) -> None:
        self.templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.templates.filters["shown"] = display_text
        self.templates.filters["moment"] = local_time
        self.templates.filters["cells"] = cells_html
        self.templates.globals["nonce"] = self.nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who is signed in."""

    site: Site
    request: Request
    session: Session
    account: Account
    form: FormData

    def text(self, name: str, longest: int = 2000) -> str:
        """Return a field of the form or the address as text, "" where it is absent."""
        value = self.form.get(name, self.request.query_params.get(name, ""))
        return value[:longest] if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a field as a whole number, 0 where it is none."""
        text = self.text(name, 12)
        return int(text) if text.isdecimal() else 0

    def path(self, name: str) -> str:
        """Return a part of the address."""
        return str(self.request.path_params[name])

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page or a part of one."""
        body = self.site.templates.get_template(template).render(visit=self, **values)
        return HTMLResponse(body, status_code=status)

    @property
    def is_partial(self) -> bool:
        """Return whether the page asks for a part of itself."""
        return self.request.headers.get("hx-request") == "true"

    def write_reports(self, batch_id: str, done: str) -> Response | None:
        """Write a batch's reports once what they are about is recorded.

        Returns the page that says so where they cannot be written, None where they were: `done` is
        what stands nevertheless.
        """
        try:
            self.site.write_outcome(batch_id)
        except Exception as error:
            log_fault(error)
            command = f"hedui report {batch_id}"
            text = f"不必再做一次。只有报告没有写入结果文件夹，请在服务器上执行 {command} 补写。"
            return self.message(done, text, 500)
        return None

    def message(self, title: str, text: str, status: int) -> HTMLResponse:
        """Return a page, or a part, that says one thing and the way on."""
        template = "message_part.html" if self.is_partial else "message.html"
        return self.render(template, status, title=title, text=text)


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(roles: frozenset[Role] = ALL_ROLES) -> Callable[[Handler], Endpoint]:
    """Return what turns a plain function of a visit into an endpoint for some roles.

    Signed out: to the sign-in. Writes need the session's CSRF token. Faults become pages.
    """

    def wrap(handler: Handler) -> Endpoint:
        @functools.wraps(handler)
        async def endpoint(request: Request) -> Response:
            site: Site = request.app.state.site
            session = await run_in_threadpool(_session_of, site, request)
            if session is None:
                return _to_sign_in(request)
            form = await request.form() if request.method == "POST" else FormData()
            account = Account(name=session.account, role=session.role, is_disabled=False)
            visit = Visit(site=site, request=request, session=session, account=account, form=form)
            if request.method == "POST" and not has_token(
                request, session, visit.text("csrf_token")
            ):
                return visit.message("未保存", "页面已过期，请刷新后重试。", 403)
            if session.role not in roles:
                who = "、".join(role.chinese_name for role in Role if role in roles)
                text = f"您是{session.role.chinese_name}；这一页或这项操作限{who}。"
                return visit.message("没有权限", text, 403)
            return await run_in_threadpool(_answer, handler, visit)

        return endpoint

    return wrap


def _answer(handler: Handler, visit: Visit) -> Response:
    try:
        return handler(visit)
    except Refused as refused:
        if refused.code == "gone" and visit.request.method == "GET":
            return visit.message(
                "没有这份申请", "它不存在，或材料已更新。请从批次列表或“查找”打开。", 404
            )
        return visit.message("未保存", _REFUSALS.get(refused.code, "请刷新后重试。"), 409)
    except NotPossible as fault:
        return visit.message("无法进行", fault.chinese, 422)
    except UnknownId:
        return visit.message("没有这个批次或申请", "请从批次列表或“查找”打开。", 404)
    except ConfigurationFault:
        text = "机器部分尚未完成，或批次由旧版本处理。请先在服务器上重新执行 hedui run。"
        return visit.message("无法进行", text, 422)
    except MachineFault as fault:
        return visit.message("系统暂时出错", f"没有保存任何内容，请稍后重试（{fault.code}）。", 503)
    except HeduiError:
        return visit.message("无法进行", "没有保存任何内容，请返回重试。", 422)
    except Exception as error:
        log_fault(error)
        return visit.message("系统暂时出错", "没有保存任何内容，请返回重试。", 500)


def log_fault(error: Exception) -> None:
    """Log what went wrong. Its text can carry an applicant's data: kind and place are enough."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _LOG.error("%s at %s:%s", type(error).__name__, Path(place.filename).name, place.lineno)


_REFUSALS = {
    "stale": "这份申请在您查看期间已有变化，您的操作未保存。请看最新内容后再决定。",
    "held": "这份申请正由其他人处理，您的操作未保存。",
    "not-allowed": "这份申请须由另一位人员决定（同一人不能重复决定）。",
    "sealed": "批次已签发，结果不再改动。更正请由负责人登记。",
    "gone": "这份申请的材料已更新，旧版本不再处理。请从队列重新打开。",
    "key-used": "这次提交与之前的另一次重复，未保存。请刷新后重试。",
    "too-late": "之后已有其他人作出决定，不能撤回。",
    "nothing-to-undo": "没有可以撤回的决定。",
}


def refusal_text(code: str) -> str:
    """Return what a refused entry is told to whoever made it."""
    return _REFUSALS.get(code, "请刷新后重试。")


def _session_of(site: Site, request: Request) -> Session | None:
    token = request.cookies.get(COOKIE, "")
    session = site.store.sessions.find(token) if token else None
    header = site.binding.user_header
    if session is not None and header and request.headers.get(header) != session.account:
        return None  # the proxy names somebody else now, or nobody
    return session


def _to_sign_in(request: Request) -> Response:
    back = request.url.path if request.method == "GET" else "/"
    target = f"/sign-in?next={quote(back)}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)
