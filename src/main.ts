import { VERSION } from "./version.ts";

const argv = process.argv.slice(2);

if (!(await printedVersion())) {
  const { runProcess } = await import("./process-context.ts");
  process.exitCode = await runProcess(argv);
}

/**
 * Installers and health checks ask for the version all day; that needs nothing else loaded. `node:fs` alone would
 * take a quarter of an empty program's time.
 */
async function printedVersion(): Promise<boolean> {
  const [word] = argv;
  if (argv.length !== 1 || (word !== "--version" && word !== "-v") || process.env.MAI_FORMAT === "json")
    return false;
  const line = `mai ${VERSION}\n`;
  try {
    return (await Bun.write(Bun.stdout, line)) === line.length;
  } catch {
    return false; // The long way round says what is wrong with the output.
  }
}
