"""Signing in and out, the first start, and whether the server is well."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from domain.faults import HeduiError
from review.security import COOKIE, address_of
from review.site import Site, Visit, page
from store.accounts import SignIn
from store.sessions import LONGEST_SECONDS


async def sign_in(request: Request) -> Response:
    """Show the sign-in, or check it; without accounts say what to type."""
    site: Site = request.app.state.site
    if site.binding.user_header:
        return await run_in_threadpool(_by_proxy, site, request)
    if request.method == "GET":
        return await run_in_threadpool(_form, site, request, "")
    form = await request.form()
    name, password = str(form.get("name", ""))[:100], str(form.get("password", ""))[:1000]
    return await run_in_threadpool(_check, site, request, name, password)


def _form(site: Site, request: Request, fault: str, status: int = 200) -> Response:
    template = "sign_in.html" if site.store.accounts.all() else "first.html"
    body = site.templates.get_template(template).render(
        fault=fault, next=_local(request.query_params.get("next", "/"))
    )
    return Response(body, status_code=status, media_type="text/html")


def _check(site: Site, request: Request, name: str, password: str) -> Response:
    answer = site.store.accounts.sign_in(name, password, address_of(request, site.binding))
    if answer is SignIn.LOCKED:
        fault = "失败次数过多，请十五分钟后再试，或请管理员重设密码（hedui user password）。"
        return _form(site, request, fault, 429)
    if answer is SignIn.WRONG:
        return _form(site, request, "账号或密码不正确。", 401)
    return _welcome(site, request, name)


def _by_proxy(site: Site, request: Request) -> Response:
    """Sign in whom the trusted proxy names; the guard has made sure that it is the proxy."""
    name = request.headers.get(site.binding.user_header, "")
    account = site.store.accounts.find(name)
    if account is None or account.is_disabled:
        return _form(site, request, "统一认证的账号在本系统中不存在或已停用。", 403)
    return _welcome(site, request, name)


def _welcome(site: Site, request: Request, name: str) -> Response:
    # A session of before, whoever started it, ends: the new one has a new secret.
    if old := request.cookies.get(COOKIE):
        site.store.sessions.end(old)
    answer = RedirectResponse(_local(request.query_params.get("next", "/")), status_code=303)
    answer.set_cookie(
        COOKIE,
        site.store.sessions.start(name),
        max_age=int(LONGEST_SECONDS),
        httponly=True,
        samesite="strict",
        secure=site.binding.is_encrypted,
    )
    return answer


def _local(target: str) -> str:
    """Return a path of this site, the front page for anything else."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if plain and "\\" not in target and target.isprintable() else "/"


@page()
def sign_out(visit: Visit) -> Response:
    """End the session, give back what it held, and clear what the browser kept."""
    visit.site.store.cases.release(visit.account.name)
    visit.site.store.sessions.end(visit.request.cookies[COOKIE])
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


async def health(request: Request) -> Response:
    """Say whether the store answers."""
    site: Site = request.app.state.site
    try:
        await run_in_threadpool(site.store.batches.ids)
    except HeduiError:
        return JSONResponse({"status": "store-failed"}, status_code=503)
    return JSONResponse({"status": "ok"})
