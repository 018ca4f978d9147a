/** The message of a job: ready in its payload, so that the peers neither join, nor derive a link, nor check it. */
export function payload(index) {
  return {
    key: String(index),
    value: JSON.stringify({
      to: `user${index}@example.com`,
      subject: 'Verify your FluentMeet account',
      template: 'verification',
      data: {
        full_name: 'Ada Lovelace',
        verification_link: `https://fluentmeet.example/api/v1/auth/verify-email?token=00000000-0000-8000-8000-${String(index).padStart(12, '0')}`,
      },
    }),
    headers: {
      'event-id': `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      'event-type': 'email.verification',
      'content-type': 'application/json',
      'schema-version': '1',
      language: 'fr-CA',
    },
  };
}
