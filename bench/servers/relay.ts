/** A relay in a process of its own, as a worker. */
import type { FluentMeet } from '../../src/fluentmeet.js';
import { benchInstance } from '../instance.js';
import { answerCalls } from '../worker.js';

let fluentmeet: FluentMeet;

answerCalls({
  async start(options: { database: string; kafka: { brokers: string[] }; emailTopic: string }) {
    fluentmeet = benchInstance(options);
    await fluentmeet.start();
  },
  cpu: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  stop: () => fluentmeet.stop(),
});
