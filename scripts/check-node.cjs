// Every entry point runs this first: it is plain CommonJS so that even a very old Node can read it.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Property Sync needs Node 22.19 or newer; this is ${process.version}. ` +
      'Run `npm ci` (without --ignore-scripts), which brings Node 24, and start it through `npm run`.',
  );
  process.exit(2);
}
