import { version } from "../package.json" with { type: "json" };

/** Is the version of this program, as package.json says it: semantic version, without a leading `v`. */
export const VERSION: string = version;
