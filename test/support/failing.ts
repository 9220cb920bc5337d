import type { System } from "../../src/store/system.ts";

/** Makes a call of the file system fail with this code, as a real one does, whenever `when` says so of its arguments. */
export function failing(call: string, when: (...args: readonly unknown[]) => boolean, code: string) {
  return (system: System): System => {
    const real = system.fs[call as keyof System["fs"]] as (...args: readonly unknown[]) => unknown;
    const fails = (...args: readonly unknown[]) => {
      if (when(...args)) throw Object.assign(new Error(code), { code, syscall: call, path: args[0] });
      return real(...args);
    };
    return { ...system, fs: { ...system.fs, [call]: fails } };
  };
}
