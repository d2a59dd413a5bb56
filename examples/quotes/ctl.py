"""Runs Quotes on this machine and tells about it: the four commands that Nightshift can be given, and start, stop and load for you.

    ctl.py --dir DIR current | releases | deploy RELEASE | restart | start [--port N] | stop | load
"""

import argparse
import datetime
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SOON = 10


def main():
    parser = argparse.ArgumentParser(description="Runs the service Quotes.")
    parser.add_argument("--dir", required=True, type=pathlib.Path, help="where its state, its log and its ledger are")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("current", help="the release and the process that run")
    commands.add_parser("releases", help="releases, the one deployed last first")
    deploy = commands.add_parser("deploy", help="run a release in place of the one that runs")
    deploy.add_argument("release")
    deploy.add_argument("--drain", type=float, default=0, help="seconds to wait before the old process is ended")
    commands.add_parser("restart", help="end the process and start it anew")
    commands.add_parser("start", help="start it for the first time").add_argument("--port", type=int, default=8000)
    commands.add_parser("stop", help="end it")
    load = commands.add_parser("load", help="ask for quotes until it is stopped")
    load.add_argument("--rate", type=float, default=25, help="requests a second")
    load.add_argument("--new-customers", action="store_true", help="every request comes from somebody new")
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True)
    Ctl(options.dir).run(options)


class Ctl:
    def __init__(self, folder):
        self.folder = folder
        self.state_file = folder / "state.json"
        self.ledger_file = folder / "ledger.jsonl"

    def run(self, options):
        if options.command == "current":
            state = self.state()
            print(json.dumps({"release": state["release"], "instance": state["pid"], "startedAt": state["startedAt"]}))
        elif options.command == "releases":
            self.releases()
        elif options.command == "deploy":
            self.deploy(options.release, options.drain)
        elif options.command == "restart":
            self.note("restart", "started")
            self.replace(self.state()["release"])
            self.note("restart", "done")
        elif options.command == "start":
            release = min(self.known())
            self.begin(release, options.port)
            self.deployed(release)
        elif options.command == "stop":
            end(self.state()["pid"])
        else:
            load(self.state()["port"], options.rate, options.new_customers)

    def state(self):
        if not self.state_file.exists():
            sys.exit("it was never started here; use: ctl.py --dir DIR start")
        return json.loads(self.state_file.read_text())

    def known(self):
        return [each.name for each in (HERE / "releases").iterdir() if each.is_dir()]

    def releases(self):
        entries = [entry for entry in self.ledger() if entry["kind"] == "deployed"]
        for entry in reversed(entries):
            print(entry["release"], entry["at"], entry["by"])
        for release in sorted(set(self.known()) - {entry["release"] for entry in entries}, reverse=True):
            print(release)

    def deploy(self, release, drain):
        if release not in self.known():
            sys.exit(f"there is no release {release}; there are {', '.join(sorted(self.known()))}")
        self.note("deploy", "started", release)
        print(f"draining for {drain:g} s", flush=True)
        time.sleep(drain)
        self.replace(release)
        self.deployed(release)
        self.note("deploy", "done", release)
        print(f"{release} runs")

    def replace(self, release):
        state = self.state()
        end(state["pid"])
        self.begin(release, state["port"])

    def begin(self, release, port):
        log = self.folder / "quotes.log"
        program = [sys.executable, str(HERE / "service.py"), "--port", str(port), "--release", release, "--log", str(log)]
        with open(self.folder / "service.err", "ab") as errors:
            service = subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True)
        state = {"release": release, "pid": service.pid, "port": port, "startedAt": now()}
        written = self.state_file.with_suffix(".new")
        written.write_text(json.dumps(state))
        os.replace(written, self.state_file)
        until = time.monotonic() + SOON
        while not answers(port):
            if time.monotonic() > until or service.poll() is not None:
                sys.exit(f"release {release} does not answer on port {port}; see {self.folder}/service.err")
            time.sleep(0.05)

    def deployed(self, release):
        self.write({"kind": "deployed", "release": release, "at": now(), "by": os.environ.get("USER", "somebody")})

    def note(self, kind, what, release=None):
        self.write({"kind": kind, "state": what, "release": release, "token": os.environ.get("NIGHTSHIFT_TOKEN"), "at": now()})

    def write(self, entry):
        with open(self.ledger_file, "a") as ledger:
            ledger.write(json.dumps(entry) + "\n")

    def ledger(self):
        return [json.loads(line) for line in self.ledger_file.read_text().splitlines()] if self.ledger_file.exists() else []


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def runs(pid):
    try:
        os.kill(pid, 0)
        # One that has ended and was not collected yet counts as gone.
        stat = pathlib.Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def end(pid):
    for name in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + SOON
        if runs(pid):
            os.kill(pid, name)
        while runs(pid) and time.monotonic() < until:
            time.sleep(0.05)


def load(port, rate, new_customers):
    asked = 0
    while True:
        customer = f"new-{os.getpid()}-{asked}" if new_customers else f"regular-{asked % 50}"
        rebate = "&rebate=10" if asked % 4 == 0 else ""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", f"/quote?pages={1 + asked % 30}&customer={customer}{rebate}")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass  # It is away, or went away in the middle of an answer.
        finally:
            connection.close()
        asked += 1
        time.sleep(1 / rate)


if __name__ == "__main__":
    main()
