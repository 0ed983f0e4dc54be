// The query engine's HTTP interface, as prisma-client-py speaks it.
import { createServer } from "node:http";
import { failure } from "./failure.mjs";
import { readOperation, UnreadableRequest } from "./operation.mjs";

const TRANSACTION = /^\/transaction\/([^/]+)\/(commit|rollback)$/;

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function graphql(database, request, tag) {
  const content = await body(request);
  const transaction = request.headers["x-transaction-id"];
  if (!content.batch) return database.run(readOperation(content.query, tag), transaction);
  return database.runBatch(
    content.batch.map((one) => readOperation(one.query, tag)),
    content,
    transaction,
  );
}

/** `[status, answer]` of one request. `state.ready` says whether the database has been reached once. */
async function answerTo(request, state) {
  const { pathname: path, searchParams } = new URL(request.url, "http://engine");
  if (path === "/status") return state.ready ? [200, { status: "ok" }] : [503, { status: "connecting" }];
  if (path === "/metrics")
    return [200, searchParams.get("format") === "prometheus" ? "" : { counters: [], gauges: [], histograms: [] }];
  if (request.method !== "POST") return [404, { error: `nothing is at ${path}` }];
  if (path === "/") return [200, await graphql(state.database, request, state.tag)];
  if (path === "/transaction/start") return [200, await state.database.startTransaction(await body(request))];
  const ending = TRANSACTION.exec(path);
  if (ending)
    return [
      200,
      await (ending[2] === "commit" ? state.database.commit(ending[1]) : state.database.rollback(ending[1])),
    ];
  return [404, { error: `nothing is at ${path}` }];
}

function reply(response, status, answer) {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  response.writeHead(status, { "content-type": typeof answer === "string" ? "text/plain" : "application/json" });
  response.end(text);
}

/** An HTTP server, not yet listening. The engine's own errors are told to `report` and answered in Prisma's shape. */
export function engineServer(state, report) {
  const server = createServer(async (request, response) => {
    try {
      reply(response, ...(await answerTo(request, state)));
    } catch (error) {
      if (!(error instanceof UnreadableRequest)) report(`the query engine failed: ${error.stack ?? error}`);
      reply(response, 200, {
        errors: [failure(error instanceof UnreadableRequest ? "P2009" : undefined, String(error.message ?? error))],
      });
    }
  });
  // The client closes idle connections; closing one first would lose the request that it sends just then.
  server.keepAliveTimeout = 0;
  return server;
}
