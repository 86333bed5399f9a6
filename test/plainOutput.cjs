// What the code under test prints is the same in a terminal, in a pipe and under CI. Jest tells its workers to colour, and
// the libraries that print look at the names below.
delete process.env.CI;
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';
process.env.TERM = 'dumb';
for (const stream of [process.stdin, process.stdout, process.stderr]) stream.isTTY = false;
