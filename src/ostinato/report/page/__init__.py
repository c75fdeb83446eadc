"""The page: all results of a film in one file that any browser opens, offline."""

from ostinato.report.page.view import (
    PAGE_NAME,
    PageView,
    filled,
    page_html,
    page_view,
    write_page,
)

__all__ = ["PAGE_NAME", "PageView", "filled", "page_html", "page_view", "write_page"]
