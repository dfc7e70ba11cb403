"""A data set on its way to the Hugging Face hub: a private repository, which its owner may open."""

from __future__ import annotations

import os
from pathlib import Path

from concord.errors import InputError


def hub_token() -> str:
    """The token of whoever pushes, from `HF_TOKEN`; it is read before anything is written.

    Raises:
        InputError: there is none, or the library is missing.
    """
    token = os.environ.get("HF_TOKEN", "")
    if not token:
        raise InputError("Pushing needs a token that may write. Set HF_TOKEN, or leave --push out.")
    try:
        import huggingface_hub  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError as error:
        raise InputError("Pushing needs the package 'huggingface_hub'. Install it, or leave --push out.") from error
    return token


def push(folder: Path, repository: str, token: str) -> str:
    """Upload the files of a written data set.

    Args:
        folder: the data set.
        repository: `owner/name`; it is made, private, if it is not there.
        token: may write there. `HF_ENDPOINT` names another hub.

    Returns:
        The address of the data set.

    Raises:
        InputError: the hub did not take it; the folder stays.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT"), token=token)
    try:
        made = api.create_repo(repository, repo_type="dataset", private=True, exist_ok=True)
        api.upload_folder(
            repo_id=repository, folder_path=folder, repo_type="dataset", commit_message="Written by Concord"
        )
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{repository}: the hub did not take it ({said}). {folder} is whole; try again.") from error
    return str(made)
