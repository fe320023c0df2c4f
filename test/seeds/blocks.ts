/**
 * The documents that Kuberik promised its first users, block by block. A fixture is the block as it was printed, with a
 * first line that says where it stood, and lines ending in `# added` for what a cluster needs beside it, such as a name.
 */
export interface SeedBlock {
  /** Relative to this folder. */
  readonly file: string;
  /** SHA-256 of the block as printed. */
  readonly sha256: string;
}

export const seedBlocks: readonly SeedBlock[] = [
  { file: 'deck/image-automation.yaml', sha256: '61976c6cb55aff8440ede235f6b48690fe4bd26e382acdac2f0e4c1dee1336dd' },
  { file: 'deck/rollout.yaml', sha256: '4af7a8f345d1bf5a30c57f10c8bd32d5fd5eeecfb7839ca177f7be81bfee7331' },
  { file: 'deck/kustomization.yaml', sha256: '87db9d72e7d5a175b7f4819a932660bdbbf30f5cf9d45fdaea2ae5545507d522' },
  { file: 'deck/deployment.yaml', sha256: 'e37e9b2559798390da35578e9f2dad1ccaeecc2adeddb2565ad52529e8e3dacd' },
  {
    file: 'deck/kustomization-health.yaml',
    sha256: 'c6ae80b3cb1c016a31138205e87b31cbdb5650c9ee178b816e967dedab96f563',
  },
  { file: 'deck/prometheus-health.yaml', sha256: 'bf5d12c06e22d3928a2b585bea3fce0369b21ab7418c2c1d749c19fcb5c183ef' },
  { file: 'deck/openkruise-rollout.yaml', sha256: '744b3a9eb3b6856495dc9a49d4e733a0430850d01f0ca1c3831cf3365c3f956d' },
  { file: 'deck/smoke-test.yaml', sha256: 'b4f96630acbaf03e785bbdcb3576f09fa0d9a464218aba391890fcc36e91d766' },
  { file: 'deck/pinned-rollout.yaml', sha256: '7575dd6de1b64117d52bfe4624f64a9caaaf3925df0524737faf348ad93907a3' },
  {
    file: 'readme/kustomization-of-three.yaml',
    sha256: 'da951b84831f2e963daa1477ea06c1e24a06a71a9f633cbb6d433337f8b6825a',
  },
  { file: 'readme/oci-repository.yaml', sha256: '820086f3652de2e7b9ef5ed6cd2ea7c6984a08b1e050bdb3e1c7b659ff01d6ea' },
  { file: 'readme/image-repository.yaml', sha256: '8a34ff77551b7a8051cee8217a89022a9876b4991d7270a14bcdefbf346aec48' },
  { file: 'readme/image-policy.yaml', sha256: '0f58c9e9bf395a97ec070f55e04ff8d50aae1d300f7aa928d0940b145f14a1e7' },
  { file: 'readme/rollout.yaml', sha256: 'ad2591d64eefc3bd4e81183177d7b3dc595baf509b34fae26733db92e5752776' },
  {
    file: 'readme/annotated-oci-repository.yaml',
    sha256: '0714fd0f325ae11996ac6cad22c76b259ee9c9b52c8841ec9d0703335a0d9760',
  },
  {
    file: 'readme/annotated-kustomization.yaml',
    sha256: '288a8fec65c8fc414267e3a069d46ad142291c0dab87c2115d0f8f602c2a6724',
  },
];
