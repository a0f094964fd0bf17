"""Where a paragraph of a page was written: asked by a click with Alt held."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sitegen.config import Config
from sitegen.errors import SiteError
from sitegen.serve.editor import Editor
from sitegen.serve.sources import file_of, line_of


def sources_of(config: Config, editor: Editor) -> list[Route]:
    def source(request: Request) -> Response:
        asked = request.query_params
        try:
            path = file_of(config.content, asked.get("page", ""))
            line = line_of(config.content, path, asked.get("block", "").split())
        except SiteError as error:
            return JSONResponse({"error": error.message, "help": error.help}, 404)
        file = config.content / path
        return JSONResponse({"path": file.relative_to(config.root).as_posix(), "line": line, "open": editor.link(file, line)})

    return [Route("/_sitegen/source", source)]
