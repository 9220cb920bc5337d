/** One replacement of a text that stands once in a source module. */
interface Replacement {
  /** From `src/`. */
  readonly module: string;
  readonly find: string;
  readonly put: string;
}

/**
 * Waits until another process stands at the same place, a second at most: whoever may overlap does, however slow the
 * machine is. They meet in a directory beside the project, or beside the home.
 * @param place name of a variable with the root and the system
 */
function meetingOf(place: "workspace" | "home"): string {
  return `    const meeting = ${place}.root + "/../meeting";
    ${place}.system.fs.mkdirSync(meeting, { recursive: true });
    const mine = meeting + "/" + ${place}.system.randomBytes(8).toHex();
    ${place}.system.fs.closeSync(${place}.system.fs.openSync(mine, "w"));
    for (let wait = 0; wait < 200 && ${place}.system.fs.readdirSync(meeting).length < 2; wait += 1) ${place}.system.sleepMs(5);
    ${place}.system.fs.unlinkSync(mine);
`;
}

/** The deliberate faults; each harness names those that it must catch. */
export const MUTANTS = {
  /** Holds the window between deciding and committing open, so that a race without a lock is lost for sure. */
  "slow-decision": [
    {
      module: "store/change/change-project.ts",
      find: "    const record = planRecord(workspace, view, operation, all);",
      put: "    workspace.system.sleepMs(20);\n    const record = planRecord(workspace, view, operation, all);",
    },
  ],
  /** Lets two that have decided meet before either commits: a race without a lock is lost for sure. */
  meeting: [
    {
      module: "store/change/change-project.ts",
      find: "    const record = planRecord(workspace, view, operation, all);",
      put: `${meetingOf("workspace")}    const record = planRecord(workspace, view, operation, all);`,
    },
  ],
  "no-lock": [
    {
      module: "store/lock/libc.ts",
      find: "    tryFlock(fd, operation) {",
      put: "    tryFlock(fd, operation) { return true;",
    },
  ],
  "decide-before-lock": [
    {
      module: "store/change/change-project.ts",
      find: "  const mutex = takeMutex(workspace);\n  try {\n    recover(mutex.place);\n    return decideAndCommit(mutex.place, operation, decide);",
      put: `  const early = readOnce(workspace, { nowMs: () => workspace.system.clock.nowMs(), unfinished: null }, decide).result();\n${meetingOf("workspace")}  const mutex = takeMutex(workspace);\n  try {\n    recover(mutex.place);\n    return decideAndCommit(mutex.place, operation, () => early);`,
    },
  ],
  /** The lock file is removed by whoever had it. */
  "unlinked-lock-file": [
    {
      module: "store/change/change-project.ts",
      find: "    return decideAndCommit(mutex.place, operation, decide);\n  } finally {",
      put: '    return decideAndCommit(mutex.place, operation, decide);\n  } finally {\n    workspace.system.fs.unlinkSync(workspace.root + "/.mai/mutex");',
    },
  ],
  /** The file alone is locked, and nobody looks whether the one they locked is still the one on disk. */
  "no-inode-check": [
    {
      module: "store/lock/mutex.ts",
      find: 'if (!isNamed(place, stat, absolute(place, path))) return "file";',
      put: "",
    },
  ],
  /** Goes by paths under the lock: whoever exchanges a directory leads the write away. */
  "directories-not-pinned": [
    {
      module: "store/lock/mutex.ts",
      find: "  const pinned = pinDirectories(place);",
      put: "  const pinned = Date.now() > 0 ? { place, close() {} } : pinDirectories(place);",
    },
  ],
  "no-directory-lock": [
    {
      module: "store/lock/mutex.ts",
      find: "    return place.system.tryFlock(fd, LOCK_EX);",
      put: "    return true;",
    },
  ],
  /** The lock is found by the name of the project's path: two names of one directory have two locks. */
  "lock-by-path": [
    {
      module: "store/lock/mutex.ts",
      find: "    held.push(openLockFile(pinned.place, path));",
      put: '    held.push(place.system.fs.openSync(place.root + ".lock", O_RDWR | O_CREAT, 0o666));',
    },
  ],
  /** Holds a change that is committed and not finished open: readers meet it for sure. */
  "slow-application": [
    {
      module: "store/change/apply-changes.ts",
      find: "        applyWrite(place, change, staged, record);",
      put: "        place.system.sleepMs(4);\n        applyWrite(place, change, staged, record);",
    },
  ],
  /** Reads what is there, whether a change is in flight or not. */
  "reader-never-looks": [
    {
      module: "store/reading/read-project.ts",
      find: "  for (let attempt = 0;",
      put: "  if (Date.now() > 0) return readOnce(workspace, { nowMs: workspace.system.clock.nowMs, unfinished: null }, read).result();\n  for (let attempt = 0;",
    },
  ],
  "registry-not-locked": [
    {
      module: "store/places/home.ts",
      find: "  const mutex = takeMutex(home, REGISTRY_LOCK);",
      put: "  const mutex = { release() {} };",
    },
    {
      module: "store/places/home.ts",
      find: "    const after = change(before);",
      put: `    const after = change(before);\n${meetingOf("home")}`,
    },
  ],
  /** Holds the window between opening and locking open. */
  "slow-lock": [
    {
      module: "store/lock/mutex.ts",
      find: "    held.push(openLockFile(pinned.place, path));",
      put: "    held.push(openLockFile(pinned.place, path));\n    place.system.sleepMs(5);",
    },
  ],
  "no-fsync": [
    {
      module: "store/file-system.ts",
      find: "export const machineFileSystem: FileSystem = nodeFs;",
      put: "export const machineFileSystem: FileSystem = { ...nodeFs, fsyncSync() {} };",
    },
  ],
  "no-directory-fsync": [
    { module: "store/directories.ts", find: "    place.system.fs.fsyncSync(fd);", put: "" },
  ],
  "no-record-fsync": [
    {
      module: "store/change/replace-file.ts",
      find: "    if (target.durable) fs.fsyncSync(temp.fd);",
      put: "",
    },
  ],
  "no-file-fsync": [
    {
      module: "store/change/staged-files.ts",
      find: "      this.#unsynced.add(temp.fd);",
      put: "      this.#place.system.fs.closeSync(temp.fd);",
    },
  ],
  "no-append-fsync": [
    { module: "store/change/apply-changes.ts", find: "    unsynced.add(fd);", put: "    fs.closeSync(fd);" },
  ],
  /** Removes the record of a change before the directories of its files are durable. */
  "record-goes-early": [
    {
      module: "store/change/journal.ts",
      find: '    applyChanges(workspace, record, "first");\n    applied();\n    clearRecord(workspace, record.durable);\n    return',
      put: '    applyChanges({ ...workspace, system: { ...workspace.system, fs: { ...workspace.system.fs, fsyncSync() {} } } }, record, "first");\n    clearRecord(workspace, record.durable);\n    return',
    },
  ],
  "no-journal": [
    {
      module: "store/change/journal.ts",
      find: "  writeRecord(workspace, record, temp);",
      put: "  workspace.system.fs.mkdirSync(absolute(workspace, JOURNAL_DIRECTORY), { recursive: true });\n  if (temp !== null) discardTemp(workspace, temp.path);",
    },
    {
      module: "store/change/journal.ts",
      find: "    applied();\n    clearRecord(workspace, record.durable);\n    return",
      put: "    applied();\n    return",
    },
  ],
  "journal-not-replayed": [
    {
      module: "store/change/journal.ts",
      find: '    applyChanges(workspace, record, "again");',
      put: "",
    },
  ],
  "temp-not-swept": [{ module: "store/change/journal.ts", find: "  sweepTemp(workspace);\n", put: "" }],
  "append-without-offset-check": [
    {
      module: "store/change/apply-changes.ts",
      find: "if (same === there.length) writeFully(place, fd, rest.bytes, rest.at);",
      put: "if (same >= 0) writeFully(place, fd, bytes, size);",
    },
  ],
  "zeros-are-a-hand-edit": [
    { module: "store/change/apply-changes.ts", find: "byte === 0 || byte", put: "byte" },
  ],
  "recovery-trusts-the-record": [
    {
      module: "store/change/journal.ts",
      find: 'if (record.durable) syncDirectory(workspace, JOURNAL_DIRECTORY);\n    applyChanges(workspace, record, "again")',
      put: 'applyChanges(workspace, record, "again")',
    },
  ],
  "recovery-trusts-directories": [
    {
      module: "store/change/apply-changes.ts",
      find: 'if (attempt === "again")\n    for',
      put: "if (Date.now() < 0)\n    for",
    },
  ],
  /** A deletion whose first rename may be forgotten by the disk when the second one is not. */
  "mirror-moved-in-passing": [
    {
      module: "store/places/delete-project.ts",
      find: "    syncDirectory(workspace, parentOf(DELETED_MIRROR_PATH));\n",
      put: "",
    },
  ],
  "fault-after-commit-is-an-error": [
    {
      module: "store/change/journal.ts",
      find: "    return { pending: true, fault };",
      put: "    throw fault;",
    },
  ],
  "fault-is-swallowed": [
    {
      module: "store/change/change-project.ts",
      find: "    const { pending, fault } = commitRecord(noted.workspace, record, spare.give(), noted.note);",
      put: "    let pending = false;\n    let fault: unknown = null;\n    try {\n      ({ pending, fault } = commitRecord(noted.workspace, record, spare.give(), noted.note));\n    } catch {}",
    },
  ],
  "system-error-is-a-fault-of-mai": [
    {
      module: "cli/errors.ts",
      find: "  if (io !== null) return io;",
      put: "  if (io !== null && Date.now() < 0) return io;",
    },
  ],
  "write-once": [
    {
      module: "store/change/replace-file.ts",
      find: "  while (done < bytes.length) {",
      put: "  if (done < bytes.length) {",
    },
  ],
  "fence-does-not-grow": [
    {
      module: "domain/decide-claim.ts",
      find: "situation.lease?.fence ?? 0) + 1",
      put: "situation.lease?.fence ?? 0, 1)",
    },
  ],
  /** Chooses the next issue on a reading, and only claims it under the mutex. */
  "next-outside-the-mutex": [
    {
      module: "actions/agent-loop/next-issue.ts",
      find: '  return changeProject(call.workspace, "next", (view) => {\n    const team = readTeamForChange(view, call);\n    const { choice, issues, taker } = chooseNext(view, call, { team, claimant, request });',
      put: '  const early = readProject(call.workspace, (view) => chooseNext(view, call, { team: readTeam(view, call), claimant, request }));\n  call.workspace.system.sleepMs(200);\n  return changeProject(call.workspace, "next", (view) => {\n    const team = readTeamForChange(view, call);\n    const { choice, issues, taker } = early;',
    },
  ],
  /** Makes a batch of changes of their own, one after the other. */
  "batch-in-pieces": [
    {
      module: "actions/issue/run-batch.ts",
      find: '  return changeTogether(call.workspace, "batch", (workspace, view) => {',
      put: '  if (key !== null || Date.now() > 0) return { answer: { results: run(call), idempotent: false }, changed: true, pending: false };\n  return changeTogether(call.workspace, "batch", (workspace, view) => {',
    },
  ],
  /** No fault by itself: would wait a day for the output of what a command left running. */
  "patient-with-output": [
    {
      module: "store/run-child.ts",
      find: "const LEFT_RUNNING_MS = 1000;",
      put: "const LEFT_RUNNING_MS = 86_400_000;",
    },
  ],
  /** Counts what is held on a reading, and only claims under the mutex. */
  "limit-before-the-mutex": [
    {
      module: "actions/agent-loop/work-answer.ts",
      find: 'import { decideClaim } from "../../domain/decide-claim.ts";',
      put: 'import { decideClaim } from "../../domain/decide-claim.ts";\nimport { readProject } from "../../store/reading/read-project.ts";\nimport { surroundingsOf } from "../issue/surroundings.ts";\nimport { readTeam } from "../team.ts";',
    },
    {
      module: "actions/agent-loop/work-answer.ts",
      find: "    return tellingLoss(view, call, opened.situation, () => claimPlan(view, opened));",
      put: "    const around = { ...opened.situation.around, liveLeases: () => early };\n    return claimPlan(view, { ...opened, situation: { ...opened.situation, around } });",
    },
    {
      module: "actions/agent-loop/work-answer.ts",
      find: '  return changeProject(call.workspace, "issue claim", (view) => {',
      put: '  const early = readProject(call.workspace, (view) => surroundingsOf(view, readTeam(view, call).config).liveLeases());\n  call.workspace.system.sleepMs(1000);\n  return changeProject(call.workspace, "issue claim", (view) => {',
    },
  ],
  "blockers-not-checked": [
    {
      module: "domain/decide-claim.ts",
      find: "  if (blockers.length === 0) return [];",
      put: "  if (blockers.length < 1000) return [];",
    },
  ],
  /** Looks for cycles on a reading, and only writes under the mutex. */
  "cycle-check-before-the-mutex": [
    {
      module: "actions/issue/depend-issue.ts",
      find: 'import type { Call } from "../call.ts";',
      put: 'import type { Call } from "../call.ts";\nimport { readProject } from "../../store/reading/read-project.ts";\nimport { requireNoCycle } from "../../domain/dependencies.ts";\nimport { surroundingsOf } from "./surroundings.ts";\nimport { readTeam } from "../team.ts";',
    },
    {
      module: "actions/issue/depend-issue.ts",
      find: "  return changeIssue(call, target, {",
      put: "  readProject(call.workspace, (view) => {\n    const { config } = readTeam(view, call);\n    requireNoCycle(target.id, blockerIds(view, config, on), surroundingsOf(view, config).blocker);\n  });\n  call.workspace.system.sleepMs(1000);\n  return changeIssue(call, target, {",
    },
    {
      module: "domain/decide-depend.ts",
      find: "  if (!request.remove) requireNoCycle(issue.id, changed, around.blocker);",
      put: "",
    },
  ],
  "hold-not-locked": [
    {
      module: "store/lock/hold-file.ts",
      find: "  if (!tryFlock(fd, LOCK_EX) || !isInPlace()) {",
      put: "  if (false as boolean) {",
    },
  ],
  /** The command gets the descriptor of the hold file, and with it the lock. */
  "hold-inherited": [
    {
      module: "store/lock/hold-file.ts",
      find: "  const isInPlace = () => isSameFile(workspace, fd, name);",
      put: '  Reflect.set(globalThis, "holdDescriptor", fd);\n  const isInPlace = () => isSameFile(workspace, fd, name);',
    },
    {
      module: "store/run-child.ts",
      find: "stdio: [stdin, stdioOf(request.stdout), stdioOf(request.stderr)],",
      put: 'stdio: [stdin, stdioOf(request.stdout), stdioOf(request.stderr), Reflect.get(globalThis, "holdDescriptor")],',
    },
  ],
  /** Reads only the newest file of events. */
  "events-lost-at-midnight": [
    {
      module: "store/logs/event-stream.ts",
      find: "for (const date of dates.toReversed()) {",
      put: "for (const date of dates.slice(-1)) {",
    },
  ],
  /** Reads what is in the file, whether committed or not. */
  "uncommitted-events": [
    {
      module: "store/logs/event-stream.ts",
      find: "    if (event !== null && event.seq <= range.upTo) events.push(event);",
      put: "    if (event !== null) events.push(event);",
    },
  ],
  /** Sleeps before it has looked whether there is something already. */
  "wait-sleeps-first": [
    {
      module: "actions/agent-loop/await-project.ts",
      find: "    for (;;) {\n      const mark",
      put: "    await watch.changed(watch.mark(), { atMs: null, isRaised: () => false });\n    for (;;) {\n      const mark",
    },
  ],
  /** Holds the window between looking and falling asleep open: tells that it has looked, and goes on when told. */
  "slow-look": [
    {
      module: "actions/agent-loop/await-project.ts",
      find: "      const tookMs =",
      put: '      const fs = await import("node:fs");\n      fs.writeFileSync(workspace.root + "/looked", "");\n      while (!fs.existsSync(workspace.root + "/go")) await Bun.sleep(5);\n      const tookMs =',
    },
  ],
  /** Remembers only after looking from where on it waits: what came in between is not noticed. */
  "wake-lost": [
    { module: "actions/agent-loop/await-project.ts", find: "      const mark = watch.mark();\n", put: "" },
    {
      module: "actions/agent-loop/await-project.ts",
      find: "      const revisitMs =",
      put: "      const mark = watch.mark();\n      const revisitMs =",
    },
  ],
  /** No fault by itself: tells when it falls asleep. */
  "tells-of-its-sleep": [
    {
      module: "store/places/watch-project.ts",
      find: "    return new Promise((resolve) => {\n      const timer",
      put: '    require("node:fs").writeFileSync(this.#workspace.root + "/asleep", "");\n    return new Promise((resolve) => {\n      const timer',
    },
  ],
  /** No fault by itself: a file system that reports nothing. */
  "silent-file-system": [
    {
      module: "store/places/watch-project.ts",
      find: '      workspace.system.watchDirectory(absolute(workspace, ".mai"), () => this.#wake()),\n',
      put: "",
    },
  ],
  /** Relies on the file system's reports alone. */
  "wait-without-polling": [
    { module: "store/places/watch-project.ts", find: "Math.min(TICK_MS, alarmMs, leftMs)", put: "2 ** 30" },
  ],
  "guardian-releases-live-leases": [
    {
      module: "actions/leases/release-stale-leases.ts",
      find: "  if (lease === null || lease.live) return [];",
      put: "  if (lease === null) return [];",
    },
    {
      module: "actions/leases/embedded-guardian.ts",
      find: "    if (!isSurelyLive(view, id, freshMs)) releases",
      put: "    if (freshMs > 0 || !isSurelyLive(view, id, freshMs)) releases",
    },
  ],
  /** No fault by itself: the guardian tells that it has decided, and goes on when told. */
  "slow-guardian": [
    {
      module: "store/change/change-project.ts",
      find: "    const all = workspace.alongWith?.(view, changes) ?? changes;",
      put: '    const all = workspace.alongWith?.(view, changes) ?? changes;\n    const fs = require("node:fs");\n    fs.writeFileSync(workspace.root + "/decided", "");\n    while (!fs.existsSync(workspace.root + "/go")) Bun.sleepSync(5);',
    },
  ],
  /** Decides on releases before it has the mutex. */
  "guardian-outside-the-mutex": [
    {
      module: "store/change/change-project.ts",
      find: "  const mutex = takeMutex(workspace);",
      put: '  const atMs = workspace.system.clock.nowMs();\n  const early = readOnce(workspace, { nowMs: () => atMs, unfinished: null }, () => null).view;\n  const none = { atMs, durable: false, files: [], history: [], events: [] };\n  Reflect.set(globalThis, "early", workspace.alongWith?.(early, none) ?? none);\n  const fs = require("node:fs");\n  fs.writeFileSync(workspace.root + "/decided", "");\n  while (!fs.existsSync(workspace.root + "/go")) Bun.sleepSync(5);\n  const mutex = takeMutex(workspace);',
    },
    {
      module: "store/change/change-project.ts",
      find: "    const all = workspace.alongWith?.(view, changes) ?? changes;",
      put: '    const early = Reflect.get(globalThis, "early");\n    const all = { ...changes, files: [...changes.files, ...early.files], history: [...changes.history, ...early.history], events: [...changes.events, ...early.events] };',
    },
  ],
  /** Looks at every lease there is, and releases whatever went stale. */
  "guardian-without-bounds": [
    {
      module: "actions/leases/embedded-guardian.ts",
      find: "const LOOKED_AT = 32;",
      put: "const LOOKED_AT = 1e9;",
    },
    {
      module: "actions/leases/embedded-guardian.ts",
      find: "const RELEASED = 3;",
      put: "const RELEASED = 1e9;",
    },
  ],
  /** An issue leaves its queue, and is written nowhere. */
  "archive-forgets-issues": [
    {
      module: "actions/archive/archive-issues.ts",
      find: "    { path: archivedIssuePath(queue, id), text },\n",
      put: "",
    },
  ],
  /** An issue that comes back stays in the archive as well. */
  "restore-keeps-the-copy": [
    {
      module: "actions/issue/restoring-edits.ts",
      find: "archivedIssuePath(queue, id), text: null };",
      put: "archivedIssuePath(queue, id), text: view.read(archivedIssuePath(queue, id)) };",
    },
  ],
  /** The plain log of a day goes before its compressed one is committed. */
  "archive-removes-logs-early": [
    {
      module: "actions/archive/archive-logs.ts",
      find: "    files.push(...editsOf(direction, day, text));",
      put: "    files.push(...editsOf(direction, day, text));\n    call.workspace.system.fs.unlinkSync(call.workspace.root + '/' + files.at(-1)?.path);",
    },
  ],
  /** A commit leaves the cache as it was. */
  "cache-not-noted": [
    {
      module: "store/issue-cache/note-issues.ts",
      find: "  if (!hasCache(workspace)) return",
      put: "  if (Date.now() > 0) return",
    },
  ],
  "cache-ignores-directories": [
    {
      module: "store/issue-cache/index-state.ts",
      find: "!isCurrent || cache.queues.get(name)?.mark !== mark",
      put: "!isCurrent || !cache.queues.has(name)",
    },
  ],
  "cache-trusts-unfinished": [
    {
      module: "store/issue-cache/issue-index.ts",
      find: "      if (row.isFresh || isSettled(row)) continue;",
      put: "      if (row.isFresh || row.header !== null) continue;",
    },
  ],
  "cache-believes-torn-lines": [
    {
      module: "codec/issue-cache.ts",
      find: "space > 0 && checksum(json) === line.slice(0, space) ? JSON.parse(json) : undefined",
      put: "space > 0 && json.endsWith('}') ? JSON.parse(json) : undefined",
    },
  ],
  /** A note of somebody else's rename covers what was put beside it by hand. */
  "cache-hides-strangers": [
    {
      module: "store/issue-cache/load-cache.ts",
      find: "queue.mark = queue.mark === before ? after : null;",
      put: "queue.mark = before === null ? null : after;",
    },
  ],
  "cache-keeps-stale-rows": [
    {
      module: "store/issue-cache/cached-queue.ts",
      find: "    if (existed && !this.rows.has(id)) this",
      put: "    if (existed && id === null) this",
    },
  ],
  "cache-trusts-the-same-tick": [
    {
      module: "store/issue-cache/write-index.ts",
      find: "  return changedMs < beforeMs ? mark : null;",
      put: "  return beforeMs > 0 || changedMs > 0 ? mark : null;",
    },
  ],
  "cache-hides-what-is-in-flight": [
    {
      module: "store/issue-cache/issue-index.ts",
      find: "    if (record !== null) layOver(",
      put: "    if (record !== null && Date.now() < 0) layOver(",
    },
  ],
  "cache-of-finished-unchecked": [
    {
      module: "store/issue-cache/finished-cache.ts",
      find: "  if (checksum(json) !== sum) throw new TornCache();",
      put: "  if (checksum(json) === '') throw new TornCache();",
    },
  ],
  "take-state-unchecked": [
    {
      module: "domain/takeable.ts",
      find: '  if (issue.status === "BLOCKED") return { kind: "blocked" };',
      put: '  if (issue.status === "BLOCKED" && issue.id === "") return { kind: "blocked" };',
    },
  ],
  "take-lease-unchecked": [
    {
      module: "domain/takeable.ts",
      find: '  return lease?.live === true ? { kind: "held_by", holder: lease.holder, lease } : null;',
      put: '  return lease?.live === true && issue.id === "" ? { kind: "held_by", holder: lease.holder, lease } : null;',
    },
  ],
  "take-assignment-unchecked": [
    {
      module: "domain/takeable.ts",
      find: '  return taker.scope === "any" ? "any" : { kind: "assigned_to", handler };',
      put: '  return handler === "" ? { kind: "assigned_to", handler } : "any";',
    },
  ],
  "take-dependencies-unchecked": [
    {
      module: "domain/takeable.ts",
      find: '  if (waits.length > 0) return { kind: "waiting_for"',
      put: '  if (waits.length > 1000) return { kind: "waiting_for"',
    },
  ],
  "take-limits-unchecked": [
    {
      module: "domain/takeable.ts",
      find: '  return limit === null ? null : { kind: "limit", limit };',
      put: '  return limit === null || issue.id !== "" ? null : { kind: "limit", limit };',
    },
  ],
  "take-give-back-unchecked": [
    {
      module: "domain/takeable.ts",
      find: "givenBackBy(whole) === name) return",
      put: 'givenBackBy(whole) === "") return',
    },
  ],
  "take-escalation-unchecked": [
    {
      module: "domain/takeable.ts",
      find: "  if (isOthersDecision(whole, taker)) return",
      put: '  if (isOthersDecision(whole, taker) && issue.id === "") return',
    },
  ],
  "ended-lease-counts-as-handler": [
    {
      module: "domain/work-owner.ts",
      find: '  return issue.status === "IN_PROGRESS" && lease?.live !== true;',
      put: '  return issue.status === "IN_PROGRESS" && lease?.live !== true && issue.id === "";',
    },
  ],
  "release-keeps-the-handler": [
    {
      module: "domain/decide-release.ts",
      find: '  const isWork = issue.status === "IN_PROGRESS" || issue.status === "BLOCKED";',
      put: '  const isWork = issue.id === "";',
    },
  ],
  "claim-forgets-the-owner": [
    {
      module: "domain/decide-claim.ts",
      find: "  return ownerAfterLease(issue, lease, team.config) || DEFAULT_AGENT;",
      put: '  return team.config.name === "" ? ownerAfterLease(issue, lease, team.config) || DEFAULT_AGENT : issue.handler;',
    },
  ],
  "resuming-forgotten": [
    {
      module: "domain/takeable.ts",
      find: 'lease?.holder === name) return "resumed";',
      put: 'lease?.holder === "") return "resumed";',
    },
  ],
  "wait-asks-another-question": [
    {
      module: "actions/agent-loop/wait-for-work.ts",
      find: '  const request = { queue, scope: "usual" as const };',
      put: '  const request = { queue, scope: "any" as const };',
    },
  ],
} as const satisfies Record<string, readonly Replacement[]>;

/** Name of a deliberate fault. */
export type MutantName = keyof typeof MUTANTS;

/** Returns the text that a program with this fault contains, and no other. */
export function markOf(name: MutantName): string {
  return `deliberate fault: ${name}`;
}
