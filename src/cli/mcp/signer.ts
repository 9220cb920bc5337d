import { MaiError } from "../../domain/errors.ts";

/** Who signs all calls, and in which session, as the command line of the server says; null leaves it to the call. */
export interface Signer {
  readonly operator: string | null;
  readonly session: string | null;
}

/** Returns the arguments that no call may give, since the command line of the server gives them. */
export function fixedArguments(signer: Signer): ReadonlySet<string> {
  return new Set((["operator", "session"] as const).filter((name) => signer[name] !== null));
}

/**
 * Refuses a call that signs as somebody else than the server was started for. The same name is taken.
 * @throws PERMISSION_DENIED
 */
export function refuseOtherSigner(given: Readonly<Record<string, unknown>>, signer: Signer): void {
  for (const name of ["operator", "session"] as const) {
    const own = signer[name];
    const asked = given[name] ?? "";
    if (own === null || asked === "" || bare(String(asked)) === bare(own)) continue;
    throw new MaiError(
      "PERMISSION_DENIED",
      `This server signs with ${name} ${bare(own)}, not ${bare(String(asked))}.`,
      {
        hint: `Leave ${name} out. Each agent has a server of its own: mai mcp -o NAME`,
        fields: { argument: name, [name]: bare(own) },
      },
    );
  }
}

function bare(name: string): string {
  return name.startsWith("@") ? name.slice(1) : name;
}
