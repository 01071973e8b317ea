"""A hook for keypull: python3 hook.py, with KEYPULL_SECRET in the environment."""
import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["KEYPULL_SECRET"]
KEY = base64.b64decode(SECRET[6:]) if SECRET.startswith("whsec_") else SECRET.encode()
STOCK = {"boots": "12 pairs", "tent": "sold out until Friday"}


def signed(headers, body):
    id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > 300:
        return False
    mac = hmac.new(KEY, f"{id}.{stamp}.".encode() + body, hashlib.sha256)
    want = "v1," + base64.b64encode(mac.digest()).decode()
    return any([hmac.compare_digest(want.encode(), given.encode()) for given in headers.get("webhook-signature", "").split()])


def answer(ask):
    thing = ask.get("argument", "").lower()
    if thing not in STOCK:
        return {"items": []}
    return {"items": [{"id": thing, "title": thing.title(), "body": STOCK[thing]}], "next": ["hours"]}


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), 65536))
        ok = signed(self.headers, body)
        told = json.dumps(answer(json.loads(body)) if ok else {"error": "not signed"}).encode()
        self.send_response(200 if ok else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


host, port = os.environ.get("LISTEN", "127.0.0.1:8000").split(":")
ThreadingHTTPServer((host, int(port)), Hook).serve_forever()
