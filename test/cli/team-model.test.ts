import { expect, test } from "bun:test";
import { faultOfWalk, TeamModel, walkOf } from "../support/team-model.ts";

const STEPS = 100;

test.each([1, 2])(
  "whatever happens to a team, work that somebody can take is given to somebody, and next, wait and list agree (walk %i)",
  async (seed) => {
    const team = await TeamModel.start();
    expect(await faultOfWalk(team, walkOf(seed, STEPS))).toBeNull();
    team.box.remove();
  },
);
