// Preloaded into the programs that the demo and the tests start (node --import): when the starter dies,
// even by SIGKILL, its channel closes, and the program ends as if it had been asked to.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
