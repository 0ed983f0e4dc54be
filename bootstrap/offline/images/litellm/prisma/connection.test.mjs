import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionSettings } from "./connection.mjs";

const settings = (query = "", options = {}) =>
  connectionSettings(`postgresql://user:p%40ss@db:6543/gateway${query}`, options);

test("the parts of the URL reach the session decoded", () => {
  const { host, port, user, password, database } = settings().session;
  assert.deepEqual(
    { host, port, user, password, database },
    { host: "db", port: 6543, user: "user", password: "p@ss", database: "gateway" },
  );
});

test("without parameters the bounds are Prisma's own", () => {
  const { max, poolTimeout, idleTimeout, session } = settings("", { processors: 4 });
  assert.deepEqual(
    [max, poolTimeout, idleTimeout, session.connectionTimeoutMillis, session.ssl],
    [9, 10_000, 300_000, 5_000, false],
  );
});

test("connection_limit and pool_timeout bound the pool", () => {
  const { max, poolTimeout } = settings("?connection_limit=3&pool_timeout=60");
  assert.deepEqual([max, poolTimeout], [3, 60_000]);
});

test("a limit that is no number is refused by its name", () => {
  assert.throws(() => settings("?connection_limit=many"), /connection_limit/);
  assert.throws(() => settings("?pool_timeout=-1"), /pool_timeout/);
});

test("every session is in UTC and in the URL's schema", () => {
  assert.equal(
    settings("?schema=a%20b&options=-c%20statement_timeout%3D5000").session.options,
    '-c statement_timeout=5000 -c TimeZone=UTC -c search_path="a\\ b"',
  );
});

test("sslmode=require encrypts and sslaccept=strict verifies against sslcert", () => {
  assert.deepEqual(settings("?sslmode=require").session.ssl, { rejectUnauthorized: false });
  const strict = settings("?sslmode=require&sslaccept=strict&sslcert=/ca.pem", { readFile: (path) => `read ${path}` });
  assert.deepEqual(strict.session.ssl, { rejectUnauthorized: true, ca: "read /ca.pem" });
});

test("a URL that cannot be read is refused without its password", () => {
  for (const url of ["postgresql://user:secret@host:port/db", "mysql://user:secret@host/db"]) {
    assert.throws(
      () => connectionSettings(url),
      (error) => !error.message.includes("secret") && /database URL/.test(error.message),
    );
  }
});
