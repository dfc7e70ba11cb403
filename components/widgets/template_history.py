"""The versions of a template: who saved them and why, what changed between two, and the way back to one."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import PROMPTS
from components.widgets.text import moment, plain
from concord.conversion.history import Version, changes, text_of, versions_of
from concord.conversion.library import By, save_template
from concord.records.template import Template
from storage.store import Store

_SHOWN = 12
_SHORT = 8


def template_history(store: Store, template: Template, *, current: str | None) -> None:
    """Draw versions and their differences side by side.

    Args:
        store: where versions are kept.
        template: the version that stands.
        current: the version that the project uses.
    """
    versions = versions_of(store, PROMPTS, template.id)
    listed, compared = st.columns([5, 7], gap="medium")
    with listed:
        for number, version in enumerate(versions[:_SHOWN]):
            _card(store, template, version, current=current, key=str(number))
        if older := versions[_SHOWN:]:
            with st.expander(f"{len(older):,} older"):
                for number, version in enumerate(older, _SHOWN):
                    _card(store, template, version, current=current, key=str(number))
    with compared:
        _comparison(store, template, versions)


def _card(store: Store, template: Template, version: Version, *, current: str | None, key: str) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"`{version.version[:_SHORT]}`", width="content")
            if version.stands:
                st.badge("Stands", color="blue")
            if version.version == current:
                st.badge("Current in the project", color="green")
            st.space("stretch")
            if version.version != template.version and st.button("Use this one again", key=f"again-{key}"):
                _use_again(store, template, version)
        st.markdown(plain(version.note) or "*No note.*")
        st.caption(plain(_source(version)))


def _source(version: Version) -> str:
    """Who saved it, from where, and when."""
    who = version.author or ("the folder of prompts" if version.origin == "file" else "nobody named")
    when = f" · {moment(version.time)}" if version.time else ""
    return f"{who}{when}"


def _use_again(store: Store, template: Template, version: Version) -> None:
    older = text_of(store, PROMPTS, template.id, version.version)
    note = f"Back to {version.version[:_SHORT]}" + (f": {version.note}" if version.note else "")
    save_template(store, older, By(session.author(), note), now=datetime.now(UTC))
    st.rerun()


def _comparison(store: Store, template: Template, versions: list[Version]) -> None:
    texts = list(dict.fromkeys(version.version for version in versions))
    if len(texts) < 2:
        st.caption("There is one version. What changed is shown here when another is saved.")
        return
    with st.container(horizontal=True):
        before = st.selectbox(
            "From", texts, _before(texts, template), format_func=_short, key=f"from-{template.version}"
        )
        after = st.selectbox(
            "To", texts, texts.index(template.version), format_func=_short, key=f"to-{template.version}"
        )
    old, new = (text_of(store, PROMPTS, template.id, version) for version in (before, after))
    if diff := changes(old, new):
        st.code(diff, language="diff", wrap_lines=True)
    else:
        st.caption("Nothing changed between the two.")


def _before(texts: list[str], template: Template) -> int:
    """Where in the list the version is that stood before."""
    return next(number for number, version in enumerate(texts) if version != template.version)


def _short(version: str) -> str:
    return version[:_SHORT]
