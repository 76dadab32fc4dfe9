// One address for all models: /v2/models/NAME/… goes to the Service that Seldon makes for NAME. Node alone, no package.
"use strict";

const http = require("node:http");

const PORT = 8000;
const NAMESPACE = process.env.MODELS_NAMESPACE;
// Only for tests: where all models are, instead of a Service each, as host:port.
const ONLY = process.env.MODELS_ADDRESS;
const KEPT = 1 << 20; // bytes of a request that are kept until its reply begins, to send them again
const TRIES = 4;
const PAUSE = 250; // milliseconds between two tries
// Milliseconds that a connection is used again. A model's old pod serves ten seconds more when a new version takes
// over: by then no request may go there.
const AGE = 5000;
const MODEL = /^\/v2\/models\/([^/?]+)([/?]|$)/;
const NAME = /^[a-z0-9]([a-z0-9-]{0,53}[a-z0-9])?$/;

const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 64 });
agent.on("free", (socket) => {
  if (Date.now() - socket.since > AGE) socket.destroy();
});

function say(response, status, text) {
  if (response.headersSent || response.destroyed) return response.destroy();
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

function place(name) {
  if (ONLY) return { host: ONLY.split(":")[0], port: Number(ONLY.split(":")[1]) };
  // The dot at the end keeps the resolver from trying the pod's search domains first.
  return { host: `${name}-default.${NAMESPACE}.svc.cluster.local.`, port: 8000 };
}

function options(name, request) {
  const { host, port } = place(name);
  const headers = { ...request.headers, host: `${name}-default.${NAMESPACE}.svc:${port}` };
  for (const hop of ["connection", "keep-alive", "expect", "upgrade"]) delete headers[hop];
  return { agent, host, port, method: request.method, path: request.url, headers };
}

function forward(name, request, response) {
  const kept = [];
  let size = 0;
  let ended = false;
  let upstream;

  const open = (tries) => {
    upstream = http.request(options(name, request));
    upstream.on("socket", (socket) => (socket.since ??= Date.now()));
    upstream.on("response", (reply) => {
      const { connection, "keep-alive": _, ...headers } = reply.headers;
      response.writeHead(reply.statusCode, headers);
      reply.on("error", () => response.destroy());
      reply.pipe(response);
    });
    upstream.on("error", (error) => failed(error, tries));
    for (const chunk of kept) upstream.write(chunk);
    if (ended) upstream.end();
  };

  const failed = (error, tries) => {
    if (response.headersSent || response.destroyed) return response.destroy();
    if (error.code === "ENOTFOUND") {
      return say(response, 404, `No model ${name} is served in namespace ${NAMESPACE}: there is no Service ${name}-default.`);
    }
    // A prediction may be asked for twice. A connection that was kept may have been closed at the other end.
    if (size <= KEPT && tries > 1) return void setTimeout(again, PAUSE, error, tries - 1);
    say(response, 502, `The model ${name} doesn't answer: ${error.message}.`);
  };

  const again = (error, tries) => {
    if (response.destroyed) return;
    if (size > KEPT) failed(error, 0);
    else open(tries);
  };

  request.on("data", (chunk) => {
    size += chunk.length;
    if (size <= KEPT) kept.push(chunk);
    else kept.length = 0;
    if (upstream.writable && !upstream.write(chunk)) {
      request.pause();
      const on = () => request.resume();
      upstream.once("drain", on).once("error", on);
    }
  });
  request.on("end", () => {
    ended = true;
    if (upstream.writable) upstream.end();
  });
  response.on("close", () => response.writableFinished || upstream.destroy());
  open(TRIES);
}

const server = http.createServer((request, response) => {
  if (/^\/(health|v2\/health\/(live|ready))$/.test(request.url)) return say(response, 200, "ok");
  const name = MODEL.exec(request.url)?.[1];
  if (name === undefined) return say(response, 404, "Models are at /v2/models/NAME/infer.");
  if (!NAME.test(name)) return say(response, 404, `No model has the name ${JSON.stringify(name)}.`);
  forward(name, request, response);
});
server.keepAliveTimeout = 75000;
server.requestTimeout = 0;
server.listen(Number(process.env.PORT ?? PORT));

// The endpoint is taken out of the Service while this one still answers.
process.on("SIGTERM", () => {
  setTimeout(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }, 5000);
});
