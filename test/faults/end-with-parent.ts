/** Preload of every process of the harness: it ends with the harness, however that ends. */
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
