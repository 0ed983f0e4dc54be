// What `prisma migrate` says, in the words that LiteLLM looks for. Pure.

const list = (names) => names.map((name) => `  ${name}`).join("\n");

export function deployed(names) {
  if (names.length === 0) return "No pending migrations to apply.";
  return [
    "The following migration(s) have been applied:",
    list(names),
    "All migrations have been successfully applied.",
  ].join("\n\n");
}

const paragraph = (title, names) => (names.length > 0 ? [`${title}:\n${list(names)}`] : []);

/** `{ text, exitCode }` of `migrate status` from the engine's diagnosis. */
export function status({ failedMigrationNames: failed, history, hasMigrationsTable }) {
  if (failed.length === 0 && history === null) return { exitCode: 0, text: "Database schema is up to date!" };
  const { unappliedMigrationNames: missing = [], unpersistedMigrationNames: unknown = [] } = history ?? {};
  const parts = [
    ...(hasMigrationsTable ? [] : ["The database holds no migration history."]),
    ...paragraph("Following migration(s) have failed and wait for prisma migrate resolve", failed),
    ...paragraph("Following migration(s) have not yet been applied", missing),
    ...paragraph("Following migration(s) are applied to the database but not in the local directory", unknown),
  ];
  return { exitCode: 1, text: parts.join("\n\n") };
}

/** The error of a refused script as the failure of the migration that holds it; any other error as it is. */
export function migrationFailure(error, { migrationDirectories }) {
  const migration = migrationDirectories.find(
    (one) => error.script !== undefined && one.migrationFile.content.value === error.script,
  );
  if (migration === undefined) return error;
  const message =
    "A migration failed to apply. New migrations cannot be applied before the error is recovered from. " +
    "Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n" +
    `Migration name: ${migration.path}\n\nDatabase error code: ${error.state ?? "none"}\n\n` +
    `Database error:\n${error.message}`;
  return Object.assign(new Error(message), { code: "P3018" });
}

// Failures to connect, which the engine gives no code.
const UNNAMED = [
  [/^Authentication failed against database server/, "P1000"],
  [/^Can't reach database server|^getaddrinfo /, "P1001"],
  [/^Database .* does not exist/, "P1003"],
];

/** An error as Prisma prints it: `Error: CODE`, an empty line, the message without the engine's own trace. */
export function describe(error) {
  const message =
    String(error.message ?? error)
      .replace(/\n+\s*\d+: [a-z_]+::[\s\S]*$/, "")
      .trim() || "the database did not say why";
  const code = /^P\d{4}$/.test(error.code ?? "") ? error.code : UNNAMED.find(([words]) => words.test(message))?.[1];
  return code === undefined ? `Error: ${message}` : `Error: ${code}\n\n${message}`;
}
