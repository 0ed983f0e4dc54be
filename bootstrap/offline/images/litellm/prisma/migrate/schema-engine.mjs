// Prisma's schema engine over one database connection.
import { PrismaPg } from "@prisma/adapter-pg-migrate";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils-migrate";
import { openPool } from "../pool.mjs";
import { loadEngine } from "../wasm.mjs";

const LOCK = /pg_advisory_lock\(/;
const NO_ROWS = { columnNames: [], columnTypes: [], rows: [] };

/** A script that the database refused, in the server's own words; `state` is its SQLSTATE. */
export class ScriptFailure extends Error {
  constructor(script, error) {
    super(error.severity === undefined ? error.message : `${error.severity}: ${error.message}`, { cause: error });
    this.script = script;
    this.state = error.severity === undefined ? undefined : error.code;
  }
}

/** Mends the adapter: it cuts scripts at semicolons, even in `$$ … $$`, and takes a lock it was told not to take. */
function mend(adapter, pool, locking, failed) {
  const guard = (run, nothing) => (query) =>
    !locking && LOCK.test(query.sql ?? query) ? Promise.resolve(nothing) : run(query);
  const script = async (text) => {
    await pool.query(text).catch((error) => {
      failed(new ScriptFailure(text, error));
      return adapter.onError(error);
    });
  };
  adapter.executeScript = guard(script, undefined);
  adapter.queryRaw = guard(adapter.queryRaw.bind(adapter), NO_ROWS);
  adapter.executeRaw = guard(adapter.executeRaw.bind(adapter), 0);
  return adapter;
}

/**
 * Runs `work(engine)` against the database of `settings`. The connection, and with it the lock, ends with the process.
 * `datamodel` is `{ files }` of the schema. `locking` is whether a migration takes Prisma's advisory lock.
 * Rejects with ScriptFailure, or an Error whose `code`, where there is one, is Prisma's (P3009, …).
 */
export async function withSchemaEngine(settings, datamodel, locking, work) {
  const javascript = await loadEngine("@prisma/schema-engine-wasm/schema_engine_bg.js");
  const pool = openPool({ ...settings, max: 1 }, () => {});
  let scriptFailure;
  const factory = new PrismaPg(pool, { schema: settings.schema });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mend(await connect(), pool, locking, (failure) => (scriptFailure = failure));
  const bound = bindMigrationAwareSqlAdapterFactory(factory);
  try {
    const engine = await javascript.SchemaEngine.new(
      { datamodels: datamodel.files.map((file) => [file.path, file.content]) },
      () => {},
      bound,
    );
    return await work(engine);
  } catch (error) {
    if (scriptFailure) throw scriptFailure;
    const id = /External error id#(\d+)/.exec(error.message)?.[1];
    throw (id === undefined ? undefined : bound.errorRegistry.consumeError(Number(id))?.error) ?? error;
  }
}
