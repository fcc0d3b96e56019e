/** Stands in for an engine whose native library is broken, in the way that `argv` names. */
const [how] = process.argv.slice(2);
console.log('a banner that nobody wants');
console.error('undefined symbol: TF_Version');
if (how === 'crashes') process.kill(process.pid, 'SIGSEGV');
if (how === 'exits') process.exitCode = 7;
if (how === 'hangs') setInterval(() => {}, 1000);
if (how === 'works, then crashes') {
  process.send({ name: how, works: true, version: 'x 1.0.0', stepMs: 1, gradientError: 0 }, () =>
    process.kill(process.pid, 'SIGSEGV'),
  );
}
