// A Prisma connection URL as settings of a node-postgres pool. Pure.
// Parameters: https://www.prisma.io/docs/orm/overview/databases/postgresql#connection-details

const SECOND = 1000;

/** Seconds of a parameter as milliseconds; an absent one is `fallback` seconds, and 0 means no bound. */
function milliseconds(parameters, name, fallback) {
  const text = parameters.get(name);
  const seconds = text === null ? fallback : Number(text);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new Error(`${name} of the database URL is not a number of seconds: ${text}`);
  return seconds * SECOND;
}

/** Connections: `connection_limit`, or twice the processors and one more, as Prisma has it. */
function limit(parameters, processors) {
  const text = parameters.get("connection_limit");
  const connections = text === null ? processors * 2 + 1 : Number(text);
  if (!Number.isInteger(connections) || connections < 1)
    throw new Error(`connection_limit of the database URL is not a number above 0: ${text}`);
  return connections;
}

/** Start-up options of a session. UTC, because the adapter cuts the zone off a timestamp it reads. */
function sessionOptions(parameters) {
  const options = [parameters.get("options") ?? "", "-c TimeZone=UTC"];
  const schema = parameters.get("schema");
  if (schema !== null) options.push(`-c search_path=${JSON.stringify(schema).replace(/([\\ ])/g, "\\$1")}`);
  return options.join(" ").trim();
}

/** TLS: off unless `sslmode` asks for it; `sslaccept=strict` verifies the server. `readFile` reads `sslcert`. */
function tls(parameters, readFile) {
  const mode = parameters.get("sslmode") ?? "prefer";
  if (mode === "disable" || mode === "prefer") return false;
  const authority = parameters.get("sslcert");
  return {
    rejectUnauthorized: (parameters.get("sslaccept") ?? "accept_invalid_certs") !== "accept_invalid_certs",
    ...(authority === null ? {} : { ca: readFile(authority) }),
  };
}

/**
 * Settings of the pool that `text` describes.
 * `session` is for each connection, the rest for the pool; all times are milliseconds, 0 is no bound.
 * Throws an Error with one sentence when the URL cannot be read; the sentence never holds the password.
 */
export function connectionSettings(text, { processors = 1, readFile = undefined } = {}) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Error("the database URL cannot be read; it must be postgresql://user:password@host:port/database");
  }
  if (!/^postgres(ql)?:$/.test(url.protocol))
    throw new Error(`the database URL begins with ${url.protocol}// instead of postgresql://`);
  const parameters = url.searchParams;
  return {
    schema: parameters.get("schema") ?? "public",
    max: limit(parameters, processors),
    poolTimeout: milliseconds(parameters, "pool_timeout", 10),
    idleTimeout: milliseconds(parameters, "max_idle_connection_lifetime", 300),
    lifetime: milliseconds(parameters, "max_connection_lifetime", 0),
    session: {
      host: parameters.get("host") ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)) || "postgres",
      options: sessionOptions(parameters),
      application_name: parameters.get("application_name") ?? "prisma",
      ssl: tls(parameters, readFile),
      connectionTimeoutMillis: milliseconds(parameters, "connect_timeout", 5),
      query_timeout: milliseconds(parameters, "socket_timeout", 0),
      keepAlive: true,
    },
  };
}
