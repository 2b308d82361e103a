#!/usr/bin/env bash
# standardwebhooks (PyPI 1.1.0, npm 1.1.1): `verify` takes the body as bytes.
#
# Expected: a body of any bytes verifies, as the specification signs bytes ("id.timestamp.body").
# What happens: both read the bytes as UTF-8 first. Python raises UnicodeDecodeError, which is no WebhookVerificationError;
# Node.js puts U+FFFD for what it cannot read, and finds no matching signature. So a genuine body that is not UTF-8 (binary data of
# a CloudEvent, text in another charset) is never accepted. Rust's crate says "payload invalid" for the same.
#
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check standardwebhooks==1.1.0
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1

cat >ask.py <<'PYTHON'
import base64, hashlib, hmac, time
from importlib.metadata import version
from standardwebhooks import Webhook

key = b"k" * 32
for body in (b"text", b"\xff\xfe"):
    timestamp = str(int(time.time()))
    mac = hmac.digest(key, f"id.{timestamp}.".encode() + body, hashlib.sha256)
    headers = {"webhook-id": "id", "webhook-timestamp": timestamp, "webhook-signature": "v1," + base64.b64encode(mac).decode()}
    try:
        Webhook(key).verify(body, headers, json_parse=False)
        print("python", version("standardwebhooks"), body, "verified")
    except Exception as error:
        print("python", version("standardwebhooks"), body, type(error).__name__)
PYTHON

cat >ask.mjs <<'NODE'
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { version } = JSON.parse(readFileSync("node_modules/standardwebhooks/package.json"));
const key = Buffer.alloc(32, "k");
for (const body of [Buffer.from("text"), Buffer.from([0xff, 0xfe])]) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac("sha256", key).update(`id.${timestamp}.`).update(body).digest("base64");
  const headers = { "webhook-id": "id", "webhook-timestamp": timestamp, "webhook-signature": `v1,${mac}` };
  try {
    new Webhook(key, { format: "raw" }).verify(body, headers, { jsonParse: false });
    console.log("node", version, body, "verified");
  } catch (error) {
    console.log("node", version, body, error.message);
  }
}
NODE

{ venv/bin/python ask.py; node ask.mjs; } | tee told
diff told - <<'EXPECTED'
python 1.1.0 b'text' verified
python 1.1.0 b'\xff\xfe' UnicodeDecodeError
node 1.1.1 <Buffer 74 65 78 74> verified
node 1.1.1 <Buffer ff fe> No matching signature found
EXPECTED
