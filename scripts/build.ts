/** Bundles the command into one file that needs Node 26 and nothing else: `npm run build`. */
import { chmodSync, statSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';

const outfile = 'dist/kuberik.mjs';

/**
 * The Kubernetes client is there for its kubeconfig alone. Its package does not say that its modules have no side effects,
 * so esbuild would keep the thousand generated models.
 */
const kubeConfigAlone: Plugin = {
  name: 'kubeconfig-alone',
  setup(bundler) {
    bundler.onResolve({ filter: /^(\.|@kubernetes\/client-node$)/ }, async ({ path, resolveDir, kind, pluginData }) => {
      const inPackage = path.startsWith('@') || resolveDir.includes('@kubernetes/client-node');
      if (!inPackage || pluginData === kubeConfigAlone) return undefined;
      const found = await bundler.resolve(path, { resolveDir, kind, pluginData: kubeConfigAlone });
      return found.errors.length > 0 ? { errors: found.errors } : { path: found.path, sideEffects: false };
    });
  },
};

const { metafile } = await build({
  entryPoints: ['src/cli/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node26',
  format: 'esm',
  minify: true,
  // Stack traces and error classes keep their names.
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  plugins: [kubeConfigAlone],
  logLevel: 'warning',
  // CommonJS packages inside the bundle still ask for Node's modules by `require`.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
});
chmodSync(outfile, 0o755);

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;
process.stdout.write(`${outfile}: ${kilobytes(statSync(outfile).size)}\n`);

/** The package, or our own sources, that an input file belongs to. */
function owner(path: string): string {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? 'kuberik';
}

const sizes = new Map<string, number>();
for (const output of Object.values(metafile.outputs)) {
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    sizes.set(owner(path), (sizes.get(owner(path)) ?? 0) + bytesInOutput);
  }
}
const biggest = [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, 8);
for (const [name, bytes] of biggest) process.stdout.write(`  ${name.padEnd(28)} ${kilobytes(bytes)}\n`);
