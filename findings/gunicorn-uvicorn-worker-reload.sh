#!/usr/bin/env bash
# A graceful reload (SIGHUP) of gunicorn with uvicorn's worker is expected to answer every request. It closes some connections that
# were opened just before, without a byte of an answer, and the application never sees their requests. gunicorn's own
# threads, reloaded in the same way under the same load, lose none.
#
# Needs Python 3.11 and network access to PyPI. Prints what was lost; exits non-zero if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check gunicorn==27.0.1 uvicorn==0.54.0 uvicorn-worker==0.4.0
cat > "$folder/app.py" <<'PYTHON'
async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            await send({"type": kind + ".complete"})
            if kind == "lifespan.shutdown":
                return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def wsgi(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
PYTHON
cat > "$folder/load.py" <<'PYTHON'
import http.client, signal, subprocess, sys, threading, time

arguments, port = sys.argv[2:], int(sys.argv[1])
server = subprocess.Popen(
    [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", *arguments],
    stderr=subprocess.DEVNULL,
)
answered, lost, end = [], [], threading.Event()


def post():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        # A new connection for each request, whose bytes come a moment after it, as over a network.
        connection.connect()
        time.sleep(0.02)
        connection.request("POST", "/", b"{}")
        answered.append(connection.getresponse().status)
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
        lost.append(type(error).__name__)
    finally:
        connection.close()


def loop():
    while not end.is_set():
        post()


try:
    for _ in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port).connect()
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    threads = [threading.Thread(target=loop) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        time.sleep(2)
        server.send_signal(signal.SIGHUP)
    time.sleep(3)
    end.set()
    for thread in threads:
        thread.join()
finally:
    server.terminate()
    server.wait()
print(f"{' '.join(arguments)}: {len(answered)} answered, {len(lost)} closed without an answer", flush=True)
sys.exit(0 if lost else 3)
PYTHON
cd "$folder"
"$folder/venv/bin/pip" list 2> /dev/null | grep -iE 'gunicorn|uvicorn'
worker=0 threads=0
"$folder/venv/bin/python" load.py 28911 -k uvicorn_worker.UvicornWorker app:asgi || worker=$?
"$folder/venv/bin/python" load.py 28912 --threads 4 app:wsgi || threads=$?
[ "$worker" = 0 ] && [ "$threads" = 3 ]
