/**
 * tfjs-node-gpu's install script would download libtensorflow 2.9 with CUDA 11, 400 MB, and fails without
 * network. npm 11 can be told not to run it; npm 10 cannot. The script begins by requiring rimraf 2, which
 * nothing else here wants: npm finds this in its place, and the script ends, content.
 */
if (process.argv[1]?.endsWith('install.js')) process.exit(0);
throw new Error('This is not rimraf: see tools/no-install-script.');
