// Bundles the page's script into the Python package; run by hatch_build.py.
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.ts"],
  outfile: "../src/restride/report/static/viewer.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  banner: { js: "/* restride, Apache-2.0; contains three.js, MIT, copyright three.js authors */" },
  logLevel: "warning",
});
