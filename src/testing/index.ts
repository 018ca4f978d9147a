export {
  createTestFluentMeet,
  type TestFluentMeet,
  type TestFluentMeetOptions,
} from './create-test-fluentmeet.js';
export { lastLinkTo, rememberingPublisher, type RememberingPublisher } from './remembering-publisher.js';
export { sampleEmail, type SampleFields } from '../outbox/sample-email.js';
export { type PublisherUnderTest, type TestFramework, testPublisher } from './test-publisher.js';
