import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** The producer that each peer publishes with: the one that ours is made of. */
export async function connectProducer(brokers) {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}
