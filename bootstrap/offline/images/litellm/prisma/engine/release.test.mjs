import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { releaseOnce } from "./release.mjs";

function connection() {
  const client = new EventEmitter();
  client.released = 0;
  client.release = () => (client.released += 1);
  return client;
}

test("a connection that the server closes is given back without being released", () => {
  const client = connection();
  releaseOnce(client);
  client.emit("end");
  assert.equal(client.released, 1);
});

test("a connection is given back once, whatever comes after", () => {
  const client = connection();
  releaseOnce(client);
  client.release();
  client.release();
  client.emit("end");
  assert.equal(client.released, 1);
});

test("a connection keeps nothing of the transactions that it served", () => {
  const client = connection();
  const { release } = client;
  for (let transaction = 0; transaction < 100; transaction += 1) {
    client.release = release; // as the pool does when it hands a connection out
    releaseOnce(client);
    client.release();
  }
  assert.equal(client.listenerCount("end"), 0);
  assert.equal(client.released, 100);
});
