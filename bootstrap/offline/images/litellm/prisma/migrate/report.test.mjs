import assert from "node:assert/strict";
import { test } from "node:test";
import { deployed, describe, migrationFailure, status } from "./report.mjs";

const migrations = {
  migrationDirectories: [{ path: "1_a", migrationFile: { content: { tag: "ok", value: "SELECT 1" } } }],
};
const refused = Object.assign(new Error('ERROR: relation "x" already exists'), { script: "SELECT 1", state: "42P07" });

test("nothing to do is said in the words that LiteLLM looks for", () => {
  assert.equal(deployed([]), "No pending migrations to apply.");
  assert.match(deployed(["1_a"]), /1_a[\s\S]*All migrations have been successfully applied\./);
});

test("a failed migration is P3018 with its name, the server's code and words", () => {
  const text = describe(migrationFailure(refused, migrations));
  assert.match(text, /^Error: P3018\n\n/);
  assert.match(text, /^Migration name: 1_a$/m);
  assert.match(text, /^Database error code: 42P07$/m);
  assert.match(text, /^ERROR: relation "x" already exists$/m);
});

test("another failure is not blamed on a migration", () => {
  const other = Object.assign(new Error("locked"), { code: "P1002" });
  assert.equal(migrationFailure(other, migrations), other);
  assert.equal(describe(other), "Error: P1002\n\nlocked");
});

test("an unreachable server has Prisma's code, and the engine's trace is left out", () => {
  assert.match(describe(new Error("Can't reach database server at `db:5432`")), /^Error: P1001\n/);
  assert.equal(describe(new Error("it failed\n   0: sql_schema_connector::x\n      at y.rs:1")), "Error: it failed");
});

test("status is 0 only when every migration is applied", () => {
  const upToDate = { failedMigrationNames: [], history: null, hasMigrationsTable: true };
  assert.equal(status(upToDate).exitCode, 0);
  assert.deepEqual(status({ ...upToDate, failedMigrationNames: ["1_a"] }).exitCode, 1);
  const behind = status({ ...upToDate, history: { diagnostic: "databaseIsBehind", unappliedMigrationNames: ["2_b"] } });
  assert.equal(behind.exitCode, 1);
  assert.match(behind.text, /2_b/);
});
