import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildRelease } from "./release/build-release.ts";
import { targetLine } from "./release/target-line.ts";
import { ALL_TARGETS, parseTargetList } from "./release/targets.ts";

const USAGE = "usage: bun scripts/build-binaries.ts [--targets linux-x64,darwin-arm64] [--out DIRECTORY]";

const projectRoot = join(import.meta.dir, "..");
const { values } = parseArgs({
  options: { targets: { type: "string" }, out: { type: "string" }, help: { type: "boolean" } },
});
if (values.help) {
  console.log(USAGE);
} else {
  const outDir = resolve(values.out ?? join(projectRoot, "dist", "release"));
  const targets = values.targets === undefined ? ALL_TARGETS : parseTargetList(values.targets);
  await buildRelease({ projectRoot, outDir, targets, onBuilt: (built) => console.log(targetLine(built)) });
  console.log(`\n${outDir}`);
}
