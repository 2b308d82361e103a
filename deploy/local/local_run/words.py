"""What people read once everything runs."""

import os
from pathlib import Path

from local_services import daemon

from . import keys
from .stack import Stack

LISTING = 'curl -H "authorization: Bearer $POSTHORN_KEY" $POSTHORN_API_URL/api/v1/deliveries'


def banner(stack: Stack) -> str:
    instance = "" if stack.instance == "dev" else f" --instance {stack.instance}"
    logs = "\n             ".join(_shown(daemon.log_file(one)) for one in stack.daemons())
    return f"""
Posthorn is up.

  console    {stack.api_url}
  API        {stack.api_url}/api/v1 (documentation: {stack.api_url}/docs)
  admin key  {stack.admin_key} (kept in {_shown(keys.admin_file(stack.folder))})
  NATS       {stack.nats_url}
  logs       {logs}

Try in another terminal:

  set -a; . <(deploy/local/run env{instance}); set +a
  {_shown(stack.programs["posthorn"])} send user.created '{{"id": 43}}'
  {LISTING}

Ctrl-C stops everything and keeps the data.
"""


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
