// The database behind Prisma's query engine: operations in, answers out, over a pool of connections.
import { PrismaPg } from "@prisma/adapter-pg";
import { bindAdapter, ok } from "@prisma/driver-adapter-utils";
import { openPool } from "../pool.mjs";
import { loadEngine } from "../wasm.mjs";
import { answer, batchAnswer } from "./answer.mjs";
import { connectionFailure, nameFailures } from "./failure.mjs";
import { releaseOnce } from "./release.mjs";

const TRACE = "{}";

/** Gives a transaction's connection back even when the server closed it before the engine ended the transaction. */
class Adapter extends PrismaPg {
  async startTransaction() {
    const started = await super.startTransaction();
    if (!started.ok) return started;
    releaseOnce(started.value.client);
    return ok(started.value);
  }
}

export class Database {
  #engine;
  #pool;
  #registry;
  #settings;

  /** `settings` of the connection, the Prisma schema's text, and where to `report` lost connections (a line each). */
  static async open(settings, schema, report) {
    const javascript = await loadEngine("@prisma/query-engine-wasm/postgresql/query_engine_bg.js");
    const database = new Database();
    database.#settings = settings;
    database.#pool = openPool(settings, report);
    const adapter = bindAdapter(new Adapter(database.#pool, { schema: settings.schema }));
    database.#registry = adapter.errorRegistry;
    database.#engine = new javascript.QueryEngine(
      { datamodel: schema, logLevel: "error", logQueries: false },
      report,
      adapter,
    );
    return database;
  }

  /** Opens the first connection. Rejects with node-postgres's error while the server cannot be reached. */
  async connect() {
    await this.#pool.query("SELECT 1");
    await this.#engine.connect(TRACE);
  }

  async run(request, transaction) {
    const response = await this.#ask(() => this.#engine.query(JSON.stringify(request.operation), TRACE, transaction));
    return answer(request, response);
  }

  async runBatch(requests, { transaction, isolationLevel }, id) {
    const body = {
      batch: requests.map((one) => one.operation),
      ...(transaction ? { transaction: { isolationLevel } } : {}),
    };
    const response = await this.#ask(() => this.#engine.query(JSON.stringify(body), TRACE, id));
    return batchAnswer(requests, response);
  }

  /** Starts an interactive transaction; `limits` are its `max_wait` and `timeout` in milliseconds. Answers `{ id }`. */
  startTransaction(limits) {
    return this.#ask(() => this.#engine.startTransaction(JSON.stringify(limits), TRACE));
  }

  commit(id) {
    return this.#ask(() => this.#engine.commitTransaction(id, TRACE));
  }

  rollback(id) {
    return this.#ask(() => this.#engine.rollbackTransaction(id, TRACE));
  }

  async #ask(question) {
    let response;
    try {
      response = JSON.parse((await question()) || "{}");
    } catch (error) {
      return { errors: [connectionFailure(error, this.#settings)] };
    }
    // The engine reports a refused transaction as a bare error.
    if (response.error_code) response = { errors: [{ error: response.message, user_facing_error: response }] };
    return nameFailures(response, this.#settings, (id) => this.#takeError(id));
  }

  /** The JavaScript error behind a number of the engine's; the registry itself would keep it for ever. */
  #takeError(id) {
    const record = this.#registry.consumeError(id);
    delete this.#registry.registeredErrors[id];
    return record?.error;
  }
}
