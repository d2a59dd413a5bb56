"""Quotes: a small HTTP service with Prometheus metrics and a log file, in Python's standard library alone.

GET /quote?pages=12&customer=ann[&rebate=10] answers a price. It remembers every customer and forgets none, so that it fails once
its table is full: a restart empties it.
"""

import argparse
import importlib.util
import json
import logging
import os
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

# Nothing is written beside the code.
sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
BUCKETS = (0.005, 0.025, 0.1, 0.5, 2.5)
MOST_CUSTOMERS = 2000
STARTED = time.time()
log = logging.getLogger("quotes")


class Metrics:
    """Counters of requests and a histogram of their time, as the Prometheus client library for Python would name them."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = {}
        self.latency = {}

    def observe(self, handler, status, seconds):
        with self.lock:
            self.requests[handler, status] = self.requests.get((handler, status), 0) + 1
            counts = self.latency.setdefault(handler, [0] * (len(BUCKETS) + 1))
            for i, bound in enumerate((*BUCKETS, float("inf"))):
                counts[i] += seconds <= bound

    def text(self, release, customers):
        lines = ["# HELP http_requests_total Requests by handler and status.", "# TYPE http_requests_total counter"]
        with self.lock:
            for (handler, status), count in self.requests.items():
                lines.append(f'http_requests_total{{handler="{handler}",method="GET",status="{status}"}} {count}')
            lines.append("# TYPE http_request_duration_seconds histogram")
            for handler, counts in self.latency.items():
                for bound, count in zip((*BUCKETS, "+Inf"), counts):
                    lines.append(f'http_request_duration_seconds_bucket{{handler="{handler}",le="{bound}"}} {count}')
                lines.append(f'http_request_duration_seconds_count{{handler="{handler}"}} {counts[-1]}')
        lines += [
            "# TYPE process_start_time_seconds gauge",
            f"process_start_time_seconds {STARTED:.3f}",
            "# TYPE quotes_customers gauge",
            f"quotes_customers {customers}",
            "# TYPE quotes_customers_limit gauge",
            f"quotes_customers_limit {MOST_CUSTOMERS}",
            "# TYPE quotes_build_info gauge",
            f'quotes_build_info{{version="{release}"}} 1',
        ]
        return "\n".join(lines) + "\n"


class Quotes:
    """The service: the rules of one release, and the customers it has seen."""

    def __init__(self, release):
        spec = importlib.util.spec_from_file_location("quote", HERE / "releases" / release / "quote.py")
        self.rules = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.rules)
        self.release = release
        self.metrics = Metrics()
        self.customers = set()

    def answer(self, path, query):
        if path == "/healthz":
            return 200, "ok\n"
        if path == "/metrics":
            return 200, self.metrics.text(self.release, len(self.customers))
        if path != "/quote":
            return 404, "no such page\n"
        customer = query.get("customer", ["somebody"])[0]
        if customer not in self.customers and len(self.customers) >= MOST_CUSTOMERS:
            raise RuntimeError("the table of customers is full")
        self.customers.add(customer)
        price = self.rules.quote(int(query.get("pages", ["1"])[0]), [int(code) for code in query.get("rebate", [])])
        return 200, json.dumps({"cents": price}) + "\n"


def handler_of(service):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            began = time.monotonic()
            url = urlparse(self.path)
            try:
                status, body = service.answer(url.path, parse_qs(url.query))
            except Exception as error:
                log.error("%s failed: %s: %s", url.path, type(error).__name__, error)
                status, body = 500, "failed\n"
            service.metrics.observe(url.path if status != 404 else "other", status, time.monotonic() - began)
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser(description="Answers quotes over HTTP.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--release", required=True)
    parser.add_argument("--log", required=True)
    options = parser.parse_args()
    logging.basicConfig(filename=options.log, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    log.info("release %s listens on port %d as process %d", options.release, options.port, os.getpid())
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", options.port), handler_of(Quotes(options.release))).serve_forever()


if __name__ == "__main__":
    main()
