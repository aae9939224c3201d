"""A mail server for tests: takes every mail over real SMTP and keeps it."""

import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    """One connection: the commands of RFC 5321 that a client needs to send."""

    def handle(self):
        self.say("220 test ESMTP")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb.startswith((b"EHLO", b"HELO")):
                self.say("250-test\r\n250 SMTPUTF8")
            elif verb == b"DATA":
                self.say("354 go ahead")
                self.server.mails.append(self.read_data())
                self.say("250 kept")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def read_data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            # dots at the start of a line are doubled on the way
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class SmtpServer(socketserver.ThreadingTCPServer):
    """``with SmtpServer() as server``: listens on ``server.port``; what came is in
    ``server.mails``, as bytes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.mails = []
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        self.server_close()
