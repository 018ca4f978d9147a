export { smtpPublisher, type SmtpPublisherOptions } from './smtp-publisher.js';
export { SmtpError, type SmtpErrorCode } from './smtp-error.js';
