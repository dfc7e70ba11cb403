"""Import: a file becomes rows, or ready-made items, after a look at both the file and what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from components import session
from components.services import get_store, upload_folder
from components.widgets.column_mapping import Fields, column_mapping
from components.widgets.import_result import import_result, refused
from components.widgets.labelstudio_panel import labelstudio_panel
from components.widgets.project_card import next_step
from components.widgets.project_header import project_header
from components.widgets.text import counted, plain, shown
from concord.errors import ConcordError
from concord.imports.files import SUFFIXES, Preview, preview
from concord.imports.ready import import_items
from concord.imports.rows import import_rows
from concord.imports.sieve import ImportOptions
from concord.records.row import ImportReport

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

store = get_store()
KINDS = [suffix.removeprefix(".") for suffix in SUFFIXES]
EXAMPLE = """{"item_id": "q1", "prompt": "What causes tides?",
 "responses": [{"id": "a", "text": "The moon."},
               {"id": "b", "text": "Wind."}],
 "annotations": [{"annotator": "ana", "kind": "ranking",
                  "ranks": {"a": 1, "b": 2}}]}"""


def on_disk(upload: UploadedFile) -> Path:
    """The upload as a file: the import reads files, and so can stop and go without holding them in memory."""
    path = Path(upload_folder().name, upload.file_id, Path(upload.name).name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(upload.getbuffer())
    return path


def first_rows(seen: Preview) -> None:
    """The rows as they are in the file."""
    kind = "ready-made items" if seen.ready else "rows"
    st.markdown(f"**First {len(seen.rows)} {kind}** · {seen.format.upper()} · {counted(len(seen.columns), 'column')}")
    rows = [{column: shown(row.get(column)) for column in seen.columns} for row in seen.rows]
    st.dataframe(rows, hide_index=True, alt="First rows of the file")


def run(path: Path, seen: Preview, options: ImportOptions) -> ImportReport:
    """Import the file, or try to, under a progress bar."""
    bar = st.progress(0.0)

    def show(share: float) -> None:
        bar.progress(share, text=f"{share:.0%} read")

    load = import_items if seen.ready else import_rows
    report = load(store, project, path, options=options, on_progress=show)
    bar.empty()
    return report


def what_to_import() -> None:
    """Say what the page takes."""
    left, right = st.columns(2, border=True)
    with left:
        st.markdown("**Rows**")
        st.markdown("One record a line or row. A template then makes a prompt of each, on the page *Templates*.")
        st.code("question,context\nWhat causes tides?,The moon pulls …", language=None)
    with right:
        st.markdown("**Ready-made items**")
        st.markdown(
            "Prompts with responses, and with annotations made elsewhere if there are any. The file shows which."
        )
        st.code(EXAMPLE, language=None)


project = project_header(
    store, "Import", "Bring rows, or ready-made items, into the project. What is bad is named, line by line."
)
upload = st.file_uploader(
    "File", type=[*KINDS, "gz"], help="Text files may be packed with gzip.", label_visibility="collapsed", key="upload"
)
st.caption("Larger files: `concord import NAME FILE`, with the app running or not.")
with st.expander("Label Studio", icon=":material/sync_alt:"):
    labelstudio_panel(store, project)
if upload is None:
    what_to_import()
    st.stop()
try:
    path = on_disk(upload)
    seen = preview(path)
    outcome = st.container()  # above the preview: what came of a press must not appear out of view
    look, choose = st.columns([13, 7], gap="medium")
    with look:
        first_rows(seen)
    with choose:
        if seen.ready:
            st.markdown("**Ready-made items**")
            st.caption(
                "The file is in the interchange format: its prompts, responses and annotations go in as they are."
            )
            fields = Fields({}, frozenset())
        else:
            st.markdown("**Fields**")
            fields = column_mapping(seen.columns, key=f"fields-{upload.file_id}")
        skips = st.toggle(
            "Skip bad rows", key="skip", help="They are written to a file. Otherwise one bad row stops the import."
        )
        tidies = st.toggle(
            "Tidy texts",
            key="tidy",
            help="One kind of line end, no control signs or signs of no width, accents composed with their letters, "
            "one blank line where there are several, no blanks at both ends.",
        )
        with st.container(horizontal=True):
            tries = st.button("Check", icon=":material/rule:", help="Reads everything and stores nothing.")
            imports = st.button("Import", type="primary", icon=":material/upload:")
    if tries or imports:
        stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        rejects = store.folder / "rejects" / f"{path.name}-{stamp}.jsonl" if skips or tries else None
        options = ImportOptions(fields.mapping, fields.required, rejects, dry_run=tries, tidy=tidies)
        with outcome:
            session.view().imported = (project.name, upload.file_id, run(path, seen, options))
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
imported = session.view().imported
if imported and imported[:2] == (project.name, upload.file_id):
    with outcome:
        import_result(imported[2])
        if not refused(imported[2]) and not imported[2].dry_run:
            step = next_step(store.counts(project.id), project.settings.task)
            st.page_link(step.page, label=step.label, icon=":material/arrow_forward:")
