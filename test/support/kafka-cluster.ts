import { newClusterId, prepareNode } from './kafka-broker.js';
import { ownServer, type OwnServer } from './own-server.js';
import { freePorts } from './processes.js';

export interface KafkaCluster {
  brokers: string[];
  /** Each may be killed and started again. */
  nodes: OwnServer[];
}

/** Three are the fewest of which one may go. */
const size = 3;

/** A cluster for breaking: every node is broker and controller. It needs Java and a gigabyte of memory. */
export async function startKafkaCluster(settings: Record<string, string> = {}): Promise<KafkaCluster> {
  const ports = await freePorts(size);
  const voters = await freePorts(size);
  const clusterId = newClusterId();
  const prepared = [];
  for (const [index, port] of ports.entries()) {
    const all = { ...replicated, ...settings };
    prepared.push(
      await prepareNode({ node: index + 1, port, voters, clusterId, settings: all, niceness: 10 }),
    );
  }
  const nodes = await Promise.all(prepared.map(({ launch }) => ownServer(launch)));
  return { brokers: prepared.flatMap(({ brokers }) => brokers), nodes };
}

const replicated = {
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
};
