import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, batchAnswer } from "./answer.mjs";

const find = { alias: "result", operation: { action: "findMany" } };
const raw = { alias: "result", operation: { action: "queryRaw" } };

test("an answer has the name its request gave it and plain values", () => {
  const response = {
    data: {
      findManyUser: [
        {
          id: "a",
          at: { $type: "DateTime", value: "2026-01-01T00:00:00.000Z" },
          meta: { $type: "Json", value: "{}" },
          none: null,
        },
      ],
    },
  };
  assert.deepEqual(answer(find, response), {
    data: { result: [{ id: "a", at: "2026-01-01T00:00:00.000Z", meta: "{}", none: null }] },
  });
});

test("an error is passed on", () => {
  const errors = [{ error: "x", user_facing_error: { error_code: "P2002" } }];
  assert.deepEqual(answer(find, { errors }), { data: null, errors });
});

test("rows of a raw query are left as they are, even those that look wrapped", () => {
  const rows = { columns: ["a"], types: ["json"], rows: [[{ $type: "mine", value: 1 }], ['{"x":1}']] };
  assert.deepEqual(answer(raw, { data: { queryRaw: rows } }).data.result, rows);
});

test("a batch answers in the order of its requests", () => {
  const response = {
    batchResult: [
      { data: { createOneUser: { id: 1 } } },
      { data: { updateManyUser: { count: { $type: "BigInt", value: "2" } } } },
    ],
  };
  assert.deepEqual(batchAnswer([find, find], response), {
    batchResult: [{ data: { result: { id: 1 } } }, { data: { result: { count: "2" } } }],
  });
});

test("an error of any part is the batch's", () => {
  const error = { error: "x", user_facing_error: {} };
  assert.deepEqual(batchAnswer([find, find], { batchResult: [{ data: { a: 1 } }, { errors: [error] }] }), {
    errors: [error],
  });
});
