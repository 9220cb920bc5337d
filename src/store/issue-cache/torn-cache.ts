/** The file of finished issues is not what the cache took it for: the cache counts as torn. */
export class TornCache extends Error {
  override readonly name = "TornCache";
}
