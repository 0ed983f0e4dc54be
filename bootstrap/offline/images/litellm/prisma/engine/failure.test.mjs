import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionSettings } from "../connection.mjs";
import { connectionFailure, nameFailures } from "./failure.mjs";

const settings = connectionSettings("postgresql://user:secret@db:5432/gateway?connection_limit=7&pool_timeout=3");
const code = (error) =>
  connectionFailure(Object.assign(new Error(error.message ?? ""), error), settings).user_facing_error.error_code;

test("each way to lose the database has Prisma's code", () => {
  assert.equal(code({ code: "ECONNREFUSED" }), "P1001");
  assert.equal(code({ code: "ENOTFOUND" }), "P1001");
  assert.equal(code({ message: "timeout expired" }), "P1001");
  assert.equal(code({ message: "Engine is not yet connected." }), "P1001");
  assert.equal(code({ message: "Connection terminated unexpectedly" }), "P1017");
  assert.equal(code({ code: "ECONNRESET" }), "P1017");
  assert.equal(code({ message: "Query read timeout" }), "P1008");
  assert.equal(code({ code: "28P01" }), "P1000");
  assert.equal(code({ code: "53300" }), "P2037");
});

test("an exhausted pool names its bounds", () => {
  const { user_facing_error: error } = connectionFailure(
    new Error("timeout exceeded when trying to connect"),
    settings,
  );
  assert.deepEqual([error.error_code, error.meta], ["P2024", { connection_limit: 7, timeout: 3 }]);
});

test("an unreachable server is named and the password is not", () => {
  const { error } = connectionFailure(Object.assign(new Error("x"), { code: "ECONNREFUSED" }), settings);
  assert.match(error, /Can't reach database server at `db:5432`/);
  assert.doesNotMatch(error, /secret/);
});

test("the server's own words are kept when there is no code for them", () => {
  const { error, user_facing_error } = connectionFailure(
    Object.assign(new Error("the database system is starting up"), { code: "57P03", severity: "FATAL" }),
    settings,
  );
  assert.match(error, /FATAL: the database system is starting up/);
  assert.equal(user_facing_error.error_code, undefined);
});

test("numbered failures get their name and others stay", () => {
  const numbered = { error: "external", user_facing_error: { error_code: "P2036", meta: { id: 4 } } };
  const unique = { error: "unique", user_facing_error: { error_code: "P2002" } };
  const take = (id) => (id === 4 ? Object.assign(new Error("x"), { code: "EPIPE" }) : undefined);
  const codes = nameFailures({ errors: [numbered, unique] }, settings, take).errors.map(
    (one) => one.user_facing_error.error_code,
  );
  assert.deepEqual(codes, ["P1017", "P2002"]);
  const batch = nameFailures({ batchResult: [{ data: 1 }, { errors: [numbered] }] }, settings, take).batchResult;
  assert.deepEqual([batch[0], batch[1].errors[0].user_facing_error.error_code], [{ data: 1 }, "P1017"]);
});
