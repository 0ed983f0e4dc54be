// Loads the WebAssembly half of one of Prisma's engines into its JavaScript half.
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";

// The engines expect two things of their host: randomness, not global in Node.js 18, and a place for last words.
globalThis.crypto ??= webcrypto;
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message: (message) => process.stderr.write(`the engine gave up: ${message}\n`),
};

/** `script` is the JavaScript half's path within node_modules; the other half lies beside it, named the same. */
export async function loadEngine(script) {
  const url = new URL(`node_modules/${script}`, import.meta.url);
  const javascript = await import(url);
  const bytes = await readFile(new URL(url.href.replace(/\.js$/, ".wasm")));
  const { instance } = await WebAssembly.instantiate(bytes, { [`./${script.split("/").at(-1)}`]: javascript });
  javascript.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return javascript;
}
