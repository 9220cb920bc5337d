import { MaiError } from "../domain/errors.ts";
import type { Claimant } from "../domain/lease.ts";
import type { Home } from "../store/places/home.ts";
import type { Workspace } from "../store/workspace.ts";

/** Who calls, and on which project: what every action starts from. */
export interface Call {
  readonly workspace: Workspace;
  readonly home: Home | null;
  /** Signs the command; null when none was named anywhere. */
  readonly operator: string | null;
  readonly session: string | null;
  /** Fencing token that the environment gives for one issue. */
  readonly environmentFence: { readonly issueId: string; readonly fence: number } | null;
  /**
   * Refuses a directory of other people in which a project is to be made or deleted, unless it is trusted.
   * @throws PERMISSION_DENIED
   */
  readonly requireOwn: (root: string) => void;
  /** Name of the operating-system user. */
  readonly osUser: () => string;
}

/**
 * Returns who signs a write to an issue.
 * @throws OPERATOR_REQUIRED
 */
export function requireClaimant(call: Call): Claimant {
  if (call.operator !== null) return { operator: call.operator, session: call.session };
  throw new MaiError("OPERATOR_REQUIRED", "Who are you? This command needs an operator.", {
    hint: "Sign it with -o NAME, or set MAI_OPERATOR.",
  });
}

/** Returns who signs a change that anybody may make: the operator, else the operating-system user. */
export function actorOf(call: Call): string {
  return call.operator ?? call.osUser();
}
