#!/usr/bin/env node
import { main } from '../src/cli/main.js';
import { quietKafkajs } from '../src/cli/quiet-kafkajs.js';

quietKafkajs(process as { emitWarning: (...parameters: unknown[]) => void });
process.exitCode = await main(process.argv);
