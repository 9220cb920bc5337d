import { writeSync } from "node:fs";
import { VERSION } from "./version.ts";

const argv = process.argv.slice(2);

if (!printedVersion()) {
  const { runProcess } = await import("./process-context.ts");
  process.exitCode = await runProcess(argv);
}

/** Installers and health checks ask for the version all day; that needs nothing else loaded. */
function printedVersion(): boolean {
  const [word] = argv;
  if (argv.length !== 1 || (word !== "--version" && word !== "-v") || process.env.MAI_FORMAT === "json")
    return false;
  const line = `mai ${VERSION}\n`;
  try {
    return writeSync(1, line) === line.length;
  } catch {
    return false; // The long way round says what is wrong with the output.
  }
}
