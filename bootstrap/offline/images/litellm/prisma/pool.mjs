// A node-postgres pool whose results Prisma's adapters can read, and which outlives its connections.
import pg from "pg";

const [TEXT, NAMES, TEXTS, VOID, FIRST_OWN] = [25, 1003, 1009, 2278, 10000];

// The types that the adapters know, besides the database's own (from 10000 on), which they read as text.
const READABLE = new Set([
  16, 17, 20, 21, 23, 25, 26, 114, 142, 143, 199, 650, 651, 700, 701, 790, 791, 869, 1000, 1001, 1002, 1005, 1007, 1009,
  1014, 1015, 1016, 1021, 1022, 1028, 1041, 1042, 1043, 1082, 1083, 1114, 1115, 1182, 1183, 1184, 1231, 1266, 1560,
  1561, 1562, 1563, 1700, 2950, 2951, 3802, 3807,
]);

// node-postgres would make objects of some of the others, such as intervals and points; here they stay text.
const OBJECTS = [600, 718, 1017, 1185, 1186, 1187, 1270];
for (const type of OBJECTS) pg.types.setTypeParser(type, (text) => text);
pg.types.setTypeParser(NAMES, pg.types.getTypeParser(TEXTS));

/** Gives every column a type that the adapters know: an unknown one is text, and nothing (`void`) is null. */
export function makeReadable(result) {
  for (const one of Array.isArray(result) ? result : [result]) {
    for (const [index, field] of (one?.fields ?? []).entries()) {
      if (field.dataTypeID >= FIRST_OWN || READABLE.has(field.dataTypeID)) continue;
      if (field.dataTypeID === VOID) for (const row of one.rows) row[Array.isArray(row) ? index : field.name] = null;
      field.dataTypeID = field.dataTypeID === NAMES ? TEXTS : TEXT;
    }
  }
  return result;
}

class Pool extends pg.Pool {
  query(...request) {
    return super.query(...request).then(makeReadable);
  }
}

/** A connection with the settings of its session; those of the pool stay with the pool. */
function sessionClass(session) {
  return class extends pg.Client {
    constructor() {
      super(session);
    }

    query(...request) {
      const answer = super.query(...request);
      return typeof answer?.then === "function" ? answer.then(makeReadable) : answer;
    }
  };
}

/**
 * The pool of `connectionSettings`. A connection that breaks, idle or in use, leaves the pool, and the next request
 * opens another; the loss of an idle one is told to `report` as one line.
 */
export function openPool(settings, report) {
  const pool = new Pool({
    Client: sessionClass(settings.session),
    max: settings.max,
    connectionTimeoutMillis: settings.poolTimeout,
    idleTimeoutMillis: settings.idleTimeout,
    maxLifetimeSeconds: settings.lifetime / 1000,
  });
  pool.on("error", (error) => report(`a database connection was lost: ${error.message}`));
  // While a connection is in use the pool does not listen, and an unheard error would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
