"""One client at the program's door: it keeps its connection, and makes a new one when that breaks."""

import http.client
import json

from documents import CONNECTOR, encoded, signature


class Door:
    def __init__(self, port, timeout=20):
        self.port = port
        self.timeout = timeout
        self.connection = None
        self.token = None

    def ask(self, method, path, body=None, headers=None):
        """Returns (status, body); raises OSError or HTTPException when nothing is known of the outcome."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            self.connection.request(method, path, body, headers or {})
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def deliver(self, event, document, at=None, connector=CONNECTOR, **changed_headers):
        """Sends a document, or bytes as they are, as its OA would; returns (status, JSON)."""
        body = document if isinstance(document, bytes) else encoded(document)
        headers = {"content-type": "application/json", **signature(event, body, at)}
        headers.update({name.replace("_", "-"): value for name, value in changed_headers.items()})
        status, answer = self.ask("POST", f"/in/{connector}", body, headers)
        return status, parsed(answer)

    def sign_in(self, login, password):
        body = json.dumps({"login": login, "password": password}).encode()
        status, answer = self.ask("POST", "/api/v1/sign-in", body, {"content-type": "application/json"})
        if status != 200:
            raise RuntimeError(f"sign-in of {login}: {status} {answer[:300]}")
        self.token = json.loads(answer)["token"]

    def get(self, path):
        headers = {"authorization": "Bearer " + self.token} if self.token else {}
        status, answer = self.ask("GET", "/api/v1" + path, None, headers)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {answer[:300]}")
        return json.loads(answer)

    def post(self, path, body):
        headers = {"authorization": "Bearer " + self.token, "content-type": "application/json"}
        status, answer = self.ask("POST", "/api/v1" + path, json.dumps(body).encode(), headers)
        return status, parsed(answer)

    def all(self, path):
        """Every item of a list."""
        items, cursor = [], None
        while True:
            mark = "&" if "?" in path else "?"
            page = self.get(path + mark + "limit=200" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return items


def parsed(answer):
    try:
        return json.loads(answer)
    except ValueError:
        return {"text": answer[:300].decode(errors="replace")}
