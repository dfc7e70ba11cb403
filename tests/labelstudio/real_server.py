"""A Label Studio of its own for a test: on SQLite, on loopback, in a temporary folder, with three users."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
INSTALLED = Path(os.environ.get("CONCORD_LABEL_STUDIO", ROOT / ".venv-labelstudio"))
SECONDS_TO_START = 300  # the first start builds its database

# Through its ORM, because its API makes no users. The first two get legacy tokens, the third a personal access token.
USERS = """
import json
from jwt_auth.models import LSAPIToken
from organizations.models import Organization
from users.models import User
organization = Organization.objects.first()
organization.jwt.legacy_api_tokens_enabled = True
organization.jwt.save()
keys = {}
for number in range(3):
    user, _ = User.objects.get_or_create(email=f"u{number}@example.org", defaults={"username": f"u{number}"})
    user.active_organization = organization
    user.save()
    organization.add_user(user)
    keys[user.id] = LSAPIToken.for_user(user).get_full_jwt() if number == 2 else user.reset_token().key
print("KEYS" + json.dumps(keys))
"""


@dataclass
class RealServer:
    """The server as a process; `keys` are the users' by their number."""

    folder: Path
    port: int = 0
    keys: dict[int, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, on the port it had before, and wait until it answers."""
        self.port = self.port or free_port()
        words = [str(INSTALLED / "bin/label-studio"), "start", "--no-browser", "--data-dir", str(self.folder)]
        words += ["--internal-host", "127.0.0.1", "--port", str(self.port)]
        words += ["--username", "admin@example.org", "--password", "not-a-secret-1"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=self.folder, env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "server.log").read_text()[-2_000:]
            assert time.monotonic() < deadline, "Label Studio does not start"
            time.sleep(0.5)

    def make_users(self) -> None:
        """Make three users and their keys."""
        site = next((INSTALLED / "lib").glob("python*/site-packages/label_studio"))
        environment = {
            **self.environment(),
            "PYTHONPATH": str(site),
            "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
        }
        said = subprocess.run(
            [str(INSTALLED / "bin/python"), str(site / "manage.py"), "shell"],
            input=USERS,
            env=environment,
            text=True,
            capture_output=True,
            check=True,
        )
        [line] = [line for line in said.stdout.splitlines() if line.startswith("KEYS")]
        self.keys = {int(number): key for number, key in json.loads(line.removeprefix("KEYS")).items()}

    def kill(self) -> None:
        """End it at once, whatever it does."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def environment(self) -> dict[str, str]:
        """Nothing of it outside the folder, and no question to other hosts."""
        return {
            **os.environ,
            "HOME": str(self.folder),
            "LABEL_STUDIO_BASE_DATA_DIR": str(self.folder),
            "DJANGO_DB": "sqlite",
            "SECRET_KEY": "of this test alone, for its server and for what makes its users",
            "SSRF_PROTECTION_ENABLED": "false",  # or it tells nothing to an app on this machine
            "LATEST_VERSION_CHECK": "false",
            "COLLECT_ANALYTICS": "false",
            "FRONTEND_SENTRY_DSN": "",
        }

    def _answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/health", timeout=5).status == 200
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
