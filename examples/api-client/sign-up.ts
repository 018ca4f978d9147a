import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const { API_URL = 'http://localhost:3000', EMAIL = `ada+${Date.now()}@example.com` } = process.env;

const client = createClient<paths>({ baseUrl: API_URL });

const { data, error } = await client.POST('/api/v1/auth/signup', {
  params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
  body: {
    email: EMAIL,
    password: 'a quiet lighthouse keeper',
    full_name: 'Ada Lovelace',
    listening_language: 'fr',
  },
});

// `duplicates: 'conceal'` answers with neither.
if (data && 'id' in data) {
  const profile: components['schemas']['PublicProfile'] = data;
  console.log(`signed up: ${profile.email} (${profile.id})`);
} else if (error) {
  const faults: string[] = error.details.map(({ field, code }) => `${field}: ${code}`);
  console.log([error.code, ...faults].join('\n'));
  process.exitCode = 1;
}
