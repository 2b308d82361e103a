/** How a receiver written in a language knows that a request is genuine. */
export interface Snippet {
  language: string;
  /** How the official library is got; absent where there is none that can be relied on, or none is needed. */
  install?: string;
  code: string;
}

/** Where every snippet takes the secret from: it does not belong into source code. */
export const SECRET_VARIABLE = "WEBHOOK_SECRET";

const python = `import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            # Without parsing: a genuine body need not be JSON.
            webhook.verify(body, headers, json_parse=False)
            self.send_response(204)
        except (WebhookVerificationError, ValueError):
            self.send_response(401)
        self.end_headers()


ThreadingHTTPServer(("", 9000), Receiver).serve_forever()
`;

const node = `import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);

createServer(async (request, response) => {
  try {
    const body = await buffer(request);
    // Without parsing: a genuine body need not be JSON.
    webhook.verify(body, request.headers, { jsonParse: false });
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
}).listen(9000);
`;

const go = `package main

import (
	"io"
	"log"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || webhook.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.ListenAndServe(":9000", nil))
}
`;

const ruby = `require "sinatra"
require "standardwebhooks"

webhook = StandardWebhooks::Webhook.new(ENV.fetch("WEBHOOK_SECRET"))

post "/" do
  headers = %w[webhook-id webhook-timestamp webhook-signature].to_h do |name|
    [name, request.get_header("HTTP_#{name.upcase.tr("-", "_")}")]
  end
  webhook.verify(request.body.read, headers)
  status 204
rescue JSON::ParserError
  # It parses what it has verified: genuine, and no JSON.
  status 204
rescue StandardWebhooks::WebhookVerificationError
  status 401
end
`;

const php = `<?php
$body = file_get_contents('php://input');
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
$signatures = explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '');

$key = base64_decode(substr(getenv('WEBHOOK_SECRET'), strlen('whsec_')));
$expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));

// During a rotation there are two signatures; one must be ours. Old requests are refused.
$isGenuine = abs(time() - (int) $timestamp) <= 300
    && array_filter($signatures, fn ($given) => hash_equals($expected, $given)) !== [];

http_response_code($isGenuine ? 204 : 401);
`;

const java = `import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

public class Receiver {
  public static void main(String[] args) throws Exception {
    var webhook = new Webhook(System.getenv("WEBHOOK_SECRET"));
    var server = HttpServer.create(new InetSocketAddress(9000), 0);
    server.createContext("/", exchange -> {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
      int status = 204;
      try {
        webhook.verify(body, headers);
      } catch (WebhookVerificationException e) {
        status = 401;
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    });
    server.start();
  }
}
`;

const csharp = `using System.Security.Cryptography;
using System.Text;

var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET")!;
var key = Convert.FromBase64String(secret["whsec_".Length..]);
var app = WebApplication.Create(args);

app.MapPost("/", async (HttpRequest request) =>
{
    var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    string Header(string name) => request.Headers[name].ToString();
    var timestamp = Header("webhook-timestamp");
    var before = Encoding.UTF8.GetBytes($"{Header("webhook-id")}.{timestamp}.");
    byte[] signed = [.. before, .. body.ToArray()];
    var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));

    // During a rotation there are two signatures; one must be ours. Old requests are refused.
    var isRecent = long.TryParse(timestamp, out var sent)
        && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sent) <= 300;
    var isGenuine = isRecent && Header("webhook-signature").Split(' ').Any(given =>
        CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(given)));
    return isGenuine ? Results.NoContent() : Results.Unauthorized();
});

app.Run("http://0.0.0.0:9000");
`;

const shell = `# Signs a request as Posthorn does and sends it to your receiver.
# To check a request that came, set id, timestamp and body to what it
# had: its webhook-signature must hold the same text.
id=msg_test
timestamp=$(date +%s)
body='{"type":"user.created","data":{"name":"Ada"}}'

key=$(printf %s "\${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
signature="v1,$(printf %s "$id.$timestamp.$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)"
echo "$signature"

curl -i http://127.0.0.1:9000/ \\
  -H "content-type: application/json" -H "webhook-id: $id" \\
  -H "webhook-timestamp: $timestamp" -H "webhook-signature: $signature" \\
  --data-binary "$body"
`;

/** The languages in the order in which they are offered. */
export const snippets = [
  { language: "Python", install: "pip install standardwebhooks", code: python },
  { language: "Node.js", install: "npm install standardwebhooks", code: node },
  {
    language: "Go",
    install: "go get github.com/standard-webhooks/standard-webhooks/libraries",
    code: go,
  },
  { language: "Ruby", install: "gem install standardwebhooks sinatra rackup puma", code: ruby },
  { language: "PHP", code: php },
  { language: "Java", install: "implementation 'com.standardwebhooks:standardwebhooks:1.1.0'", code: java },
  { language: "C#", code: csharp },
  { language: "Shell", code: shell },
] as const satisfies readonly Snippet[];
