export interface KillsSoakOptions {
  readonly kills?: number;
  readonly seed?: number;
}
export async function run(_options: KillsSoakOptions = {}): Promise<boolean> {
  throw new Error('soak kills: not there yet');
}
