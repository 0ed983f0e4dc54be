#!/usr/bin/env node
// Prisma's query engine on WebAssembly, in the place of the native binary that prisma-client-py starts
// (`PRISMA_QUERY_ENGINE_BINARY`): `query-engine -p PORT`, with PRISMA_DML_PATH and the datasource in the environment.
// It ends when the process that started it is gone.

const COMMIT = "393aa359c9ad4a4bb28630fb5613f9c281cde053";
const CONNECT_PAUSE = 250;
const PARENT_PAUSE = 1000;

if (process.argv.includes("--version")) {
  process.stdout.write(`query-engine ${COMMIT}\n`);
} else {
  await serve();
}

async function serve() {
  // LiteLLM finds engines that outlived their worker by this name.
  process.title = "query-engine";
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(0), PARENT_PAUSE);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));

  const [
    { readFileSync },
    { availableParallelism },
    { connectionSettings },
    { Database },
    { engineServer },
    { jsonTagger },
  ] = await Promise.all([
    import("node:fs"),
    import("node:os"),
    import("../connection.mjs"),
    import("./database.mjs"),
    import("./server.mjs"),
    import("./datamodel.mjs"),
  ]);
  const schema = readFileSync(process.env.PRISMA_DML_PATH, "utf8");
  const settings = connectionSettings(datasource(process.env), {
    processors: availableParallelism(),
    readFile: readFileSync,
  });
  const database = await Database.open(settings, schema, report);
  const state = { database, ready: false, tag: jsonTagger(schema) };
  engineServer(state, report).listen(Number(process.argv[process.argv.indexOf("-p") + 1]), "127.0.0.1");
  await connect(database);
  state.ready = true;
}

/** The database URL: prisma-client-py's override, else DATABASE_URL. */
function datasource(environment) {
  const override = environment.OVERWRITE_DATASOURCES?.trim();
  if (!override) return environment.DATABASE_URL ?? "";
  const text = override.startsWith("[") ? override : Buffer.from(override, "base64").toString();
  return JSON.parse(text)[0]?.url ?? environment.DATABASE_URL ?? "";
}

/** Waits for the database; the client has its own patience and asks /status. A reason is told once. */
async function connect(database) {
  let told;
  for (;;) {
    try {
      return await database.connect();
    } catch (error) {
      if (error.message !== told) report(`the database cannot be reached: ${error.message}`);
      told = error.message;
      await new Promise((resume) => setTimeout(resume, CONNECT_PAUSE));
    }
  }
}

function report(line) {
  process.stderr.write(`query-engine: ${line}\n`);
}
