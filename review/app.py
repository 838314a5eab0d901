"""The routes of the reviewers' pages."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from review import after, finding, grid, item_pictures, items, overview, signing
from review.security import Guard
from review.site import HERE, Site

ROUTES = (
    Route("/healthz", signing.health),
    Route("/sign-in", signing.sign_in, methods=["GET", "POST"]),
    Route("/sign-out", signing.sign_out, methods=["POST"]),
    Route("/", overview.batches),
    Route("/batches/{batch}/work", items.work),
    Route("/batches/{batch}/undo", items.undo, methods=["POST"]),
    Route("/batches/{batch}/grid", grid.grid),
    Route("/batches/{batch}/grid", grid.commit, methods=["POST"]),
    Route("/batches/{batch}/lead", overview.lead),
    Route("/batches/{batch}/seal", overview.seal, methods=["POST"]),
    Route("/batches/{batch}/files/{name}", overview.download),
    Route("/items/{application:int}", items.item),
    Route("/items/{application:int}/after", items.after),
    Route("/items/{application:int}/verdict", items.verdict, methods=["POST"]),
    Route("/items/{application:int}/correction", items.correction, methods=["POST"]),
    Route("/items/{application:int}/typing", items.typing, methods=["POST"]),
    Route("/items/{application:int}/later", items.later, methods=["POST"]),
    Route("/items/{application:int}/renew", items.renew, methods=["POST"]),
    Route("/items/{application:int}/reveal", items.reveal, methods=["POST"]),
    Route("/items/{application:int}/take-over", items.take_over, methods=["POST"]),
    Route("/items/{application:int}/page/{file:int}/{page:int}.jpg", item_pictures.page_picture),
    Route("/items/{application:int}/form.jpg", item_pictures.form_picture),
    Route("/items/{application:int}/{slot}/{field}.jpg", item_pictures.picture),
    Route("/find", finding.find),
    Route("/applications/{batch}/{student}", finding.application),
    Route("/applications/{batch}/{student}/appeal", after.appeal, methods=["POST"]),
    Route("/applications/{batch}/{student}/reopening", after.open_again, methods=["POST"]),
    Route("/applications/{batch}/{student}/reversal", after.reversal, methods=["POST"]),
    Route("/audit", finding.audit),
    Route("/help", finding.help_page),
    Mount("/static", StaticFiles(directory=HERE / "static")),
)


def make_app(site: Site) -> Starlette:
    """Return the application that serves a site."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Guard, binding=site.binding)],
        exception_handlers={404: _elsewhere, 405: _elsewhere, Exception: _failed},
    )
    app.state.site = site
    return app


async def _elsewhere(request: Request, error: Exception) -> Response:
    site: Site = request.app.state.site
    status = error.status_code if isinstance(error, HTTPException) else 404
    body = site.templates.get_template("message.html").render(
        title="没有这个页面", text="请从批次列表打开。"
    )
    return HTMLResponse(body, status_code=status)


async def _failed(_request: Request, _error: Exception) -> Response:
    # What went wrong can carry an applicant's data: its kind is in the server's log, no more.
    return PlainTextResponse("系统暂时出错，没有保存任何内容；请返回重试。", status_code=500)
