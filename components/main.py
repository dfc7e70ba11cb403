"""The entry script: navigation on top, the chosen screen below it.

The folder is not called `pages`: Streamlit takes a folder of that name beside the entry script for its older kind of
navigation, and whoever opens `/desk` before anybody opened `/` would get that one.
"""

from __future__ import annotations

import streamlit as st

from components import session

STYLE = """<style>
[data-testid=stMainBlockContainer] { max-width: calc(1440px + 10rem); margin-inline: auto }
button[data-selected=true] p, button[kind=tertiary]:enabled:is(:hover, :active, [aria-expanded=true]) p
{ color: light-dark(#3451f0, #a3b0ff) }
button[kind^=primary] kbd { color: inherit; opacity: 1 }
main[data-testid=stMain]:focus-visible { outline: 2px solid light-dark(#3451f0, #a3b0ff); outline-offset: -2px }
</style>"""
"""How wide a page may be, by style because each container around a page costs every redraw of a part of it. And what
Streamlit paints too faint to be read: text in the primary colour on a dark page, which must carry white text
elsewhere, keys on primary buttons, and the focus on the part that scrolls."""

st.set_page_config(page_title="Concord", page_icon="🤝", layout="wide")
page = st.navigation(
    [
        st.Page(
            "screens/projects.py", title="Projects", icon=":material/folder_open:", url_path="projects", default=True
        ),
        st.Page("screens/imports.py", title="Import", icon=":material/upload_file:", url_path="import"),
        st.Page("screens/templates.py", title="Templates", icon=":material/data_object:", url_path="templates"),
        st.Page("screens/drafts.py", title="Draft", icon=":material/auto_awesome:", url_path="draft"),
        st.Page("screens/enrich.py", title="Enrich", icon=":material/library_add:", url_path="enrich"),
        st.Page("screens/desk.py", title="Desk", icon=":material/format_list_numbered:", url_path="desk"),
        st.Page("screens/my_work.py", title="My work", url_path="my-work", visibility="hidden"),
        st.Page("screens/review.py", title="Review", icon=":material/gavel:", url_path="review"),
        st.Page("screens/annotators.py", title="Annotators", icon=":material/groups:", url_path="annotators"),
        st.Page("screens/agreement.py", title="Agreement", icon=":material/handshake:", url_path="agreement"),
        st.Page("screens/check.py", title="Check", icon=":material/fact_check:", url_path="check"),
        st.Page("screens/exports.py", title="Export", icon=":material/output:", url_path="export"),
    ],
    position="top",
)
session.restore(page.url_path)
st.html(STYLE)
page.run()
