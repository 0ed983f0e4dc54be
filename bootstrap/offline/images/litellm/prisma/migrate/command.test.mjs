import assert from "node:assert/strict";
import { test } from "node:test";
import { readCommand, UnknownCommand } from "./command.mjs";

test("each command that LiteLLM runs is understood", () => {
  assert.equal(readCommand(["--version"]).name, "version");
  assert.equal(readCommand(["generate"]).name, "generate");
  assert.deepEqual(readCommand(["migrate", "deploy"]), { schema: undefined, name: "deploy" });
  assert.deepEqual(readCommand(["migrate", "resolve", "--applied", "1_a"]), {
    schema: undefined,
    name: "resolve",
    as: "applied",
    migration: "1_a",
  });
  assert.deepEqual(readCommand(["migrate", "resolve", "--rolled-back", "1_a"]).as, "rolled-back");
  assert.deepEqual(readCommand(["db", "execute", "--file", "f.sql", "--schema", "s.prisma"]), {
    schema: "s.prisma",
    name: "execute",
    file: "f.sql",
    url: undefined,
  });
  assert.deepEqual(readCommand(["db", "push", "--accept-data-loss"]), { schema: undefined, name: "push", force: true });
});

test("a difference knows its two sides and its form", () => {
  const { from, to, script, exitCode } = readCommand([
    "migrate",
    "diff",
    "--from-url",
    "postgresql://x",
    "--to-schema-datamodel",
    "s.prisma",
    "--script",
  ]);
  assert.deepEqual(
    [from, to, script, exitCode],
    [{ kind: "url", value: "postgresql://x" }, { kind: "schema-datamodel", value: "s.prisma" }, true, false],
  );
  assert.equal(readCommand(["migrate", "diff", "--from-empty", "--to-url", "x", "--exit-code"]).exitCode, true);
});

test("what is not available is refused with what is", () => {
  assert.throws(() => readCommand(["migrate", "dev"]), /migrate dev is not available here; available: migrate deploy/);
  for (const words of [
    ["migrate", "diff", "--from-empty"],
    ["migrate", "resolve"],
    ["db", "execute"],
    ["migrate", "deploy", "--unknown"],
    [],
  ]) {
    assert.throws(() => readCommand(words), UnknownCommand);
  }
});
