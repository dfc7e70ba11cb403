"""Models on this machine: looked for on request, and taken with one click."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.widgets.text import plain
from concord.drafting.local_servers import LocalServer, find_servers


def local_models(use: Callable[[str, str], None], *, disabled: bool) -> None:
    """A popover that looks for servers when it is told to, and gives base URL and model to `use`."""
    with st.popover("Models on this machine", icon=":material/computer:", disabled=disabled):
        st.caption("Asks the usual ports of this machine for their models: Ollama, llama\\.cpp, vLLM, LM Studio, Jan.")
        if st.button("Look", icon=":material/search:", key="look-for-models"):
            _offer(find_servers(), use)


def _offer(servers: list[LocalServer], use: Callable[[str, str], None]) -> None:
    if not servers:
        st.markdown("No model server answers here. The README says how to start one.")
    for server in servers:
        st.caption(f"{plain(server.name)} at {plain(server.base_url)}")
        for model in server.models:
            key = f"use-{server.base_url}-{model}"
            st.button(plain(model), key=key, on_click=use, args=(server.base_url, model), width="stretch")
