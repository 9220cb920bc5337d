import { readText } from "./read-file.ts";
import type { System } from "./system.ts";

/** One entry of the password file. */
interface PasswordEntry {
  readonly name: string;
  readonly home: string;
}

/** Returns the name of the effective user by the password file, else `uid<N>`; never `$USER`. */
export function osUserName(system: System): string {
  return passwordEntry(system)?.name ?? `uid${system.userId()}`;
}

/** Returns the home directory of the effective user by the password file, null where it has none. */
export function osUserHome(system: System): string | null {
  return passwordEntry(system)?.home ?? null;
}

/** Returns the name of a user by the password file, null where it has none. */
export function nameOfUser(system: System, uid: number): string | null {
  return passwordEntry(system, uid)?.name ?? null;
}

function passwordEntry(system: System, user: number = system.userId()): PasswordEntry | null {
  const uid = String(user);
  for (const line of (readText(system.fs, "/etc/passwd") ?? "").split("\n")) {
    const [name = "", , id, , , home = ""] = line.split(":");
    if (id === uid && name !== "") return { name, home };
  }
  return null;
}
